#include <alcuin/storage/import_store.h>
#include <alcuin/storage/search_reader.h>
#include <alcuin/storage/search_upkeep.h>

#include <random>

#include "connection.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

/// A fixture with a reader beside it.
struct Searched : StorageFixture {
    std::unique_ptr<SearchReader> reader = openReader();

    std::unique_ptr<SearchReader> openReader() {
        auto opened = SearchReader::open(database->path());
        if (!opened) {
            qFatal("%s", opened.error().message.c_str());
        }
        return std::move(*opened);
    }
    std::vector<SearchHit> find(const std::string& text, std::size_t limit = 50) {
        auto hits = reader->find(text, limit);
        if (!hits) {
            qFatal("%s", hits.error().message.c_str());
        }
        return std::move(*hits);
    }
    /// The snippets of the messages found, what was found in brackets, joined by " | "; titles are left out.
    std::string found(const std::string& text, std::size_t limit = 50) {
        std::string all;
        for (const auto& hit : find(text, limit)) {
            if (hit.message.empty()) {
                continue;
            }
            std::string marked = hit.snippet;
            for (auto match = hit.matches.rbegin(); match != hit.matches.rend(); ++match) {
                marked.insert(match->begin + match->size, "]").insert(match->begin, "[");
            }
            all += (all.empty() ? "" : " | ") + marked;
        }
        return all;
    }
    /// A conversation with this question alone, one second after the one before.
    Id say(const std::string& text) {
        clock.now += 1000;
        return ask({}, {}, text, "").conversation.id;
    }
    void settle() {
        SearchUpkeep upkeep(*database);
        for (;;) {
            const auto more = upkeep.step();
            if (!more) {
                qFatal("%s", more.error().message.c_str());
            }
            if (!*more) {
                return;
            }
        }
    }
};

} // namespace

/// Search finds what is written, the newest first, and only that.
class TstSearch : public QObject {
    Q_OBJECT
private slots:
    void wordsAreFoundInAnyOrderAndCase();
    void quotesMeanOneAfterTheOther();
    void theLastWordMayBeOnlyBegun();
    void aCommonBeginningIsFoundBeyondTheNewest();
    void anythingCanBeTyped_data();
    void anythingCanBeTyped();
    void theNewestComeFirstWhereverTheyWereTakenFrom();
    void titlesAreFound();
    void deletedConversationsAreNeverShown();
    void anAnswerIsFoundWhenItIsDone();
    void reasoningIsNotSearchedAttachmentsNamesAre();
    void scriptsWithoutSpacesAreFoundInside();
    void snippetsShowThePlaceOfALongText();
    void snippetsLeaveMarksOut_data();
    void snippetsLeaveMarksOut();
    void aSearchThatIsNoLongerWantedEnds();
    void pagesFollowEachOther();
    void agreesWithReadingEverything();
};

void TstSearch::wordsAreFoundInAnyOrderAndCase() {
    Searched s;
    s.say("The steam engine's governor");
    s.say("governor of an island");
    QCOMPARE(s.found("GOVERNOR "), std::string("[governor] of an island | The steam engine's [governor]"));
    QCOMPARE(s.found("governor steam "), std::string("The [steam] engine's [governor]"));
    QCOMPARE(s.found("island steam "), std::string());
    s.say("Crème brûlée");
    QCOMPARE(s.found("creme BRULEE "), std::string("[Crème] [brûlée]"));
    QCOMPARE(s.found("CRÈME "), std::string("[Crème] brûlée"));
}

void TstSearch::quotesMeanOneAfterTheOther() {
    Searched s;
    s.say("two balls rise and two fall");
    QCOMPARE(s.found("\"balls rise\""), std::string("two [balls rise] and two fall"));
    QCOMPARE(s.found("\"rise balls\""), std::string());
    QCOMPARE(s.found("\"two fall\" balls "), std::string("two [balls] rise and [two fall]"));
    QCOMPARE(s.found("\u201Eballs rise\u201C"), std::string("two [balls rise] and two fall"));
    QCOMPARE(s.found("\"ball\""), std::string()); // closed: a whole word
    QCOMPARE(s.found("\"two bal"), std::string("[two balls] rise and two fall"));
    s.say("by e-mail, or by mail e");
    QCOMPARE(s.found("e-mail "), std::string("by [e-mail], or by mail e"));
}

void TstSearch::theLastWordMayBeOnlyBegun() {
    Searched s;
    s.say("governor");
    s.say("govern");
    QCOMPARE(s.found("gov"), std::string("[govern] | [governor]"));
    QCOMPARE(s.found("govern"), std::string("[govern] | [governor]"));
    QCOMPARE(s.found("govern "), std::string("[govern]"));
    QCOMPARE(s.found("gov govern"), std::string()); // only the last one
}

void TstSearch::aCommonBeginningIsFoundBeyondTheNewest() {
    Searched s;
    s.say("a needle lies far down");
    s.say("a thread lies far down");
    for (int i = 0; i < 600; ++i) {
        s.say("a haystack of straw");
    }
    QCOMPARE(s.found("nee"), std::string("a [needle] lies far down"));
    QCOMPARE(s.found("a nee"), std::string("[a] [needle] lies far down"));
    QCOMPARE(s.found("\"far do"), std::string("a thread lies [far down] | a needle lies [far down]"));
    QCOMPARE(s.find("a ha").size(), std::size_t{100}); // 50 titles, 50 questions
}

void TstSearch::anythingCanBeTyped_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text :
         {"",   " ",     "\"",           "\"\"",   "\"\"\"",   "*",    "-",      "a*b", "foo AND", "AND",
          "OR", "NOT x", "NEAR(a b, 2)", "text:a", "{a}: b",   "^a",   "a + b",  "(",   ")",       "((a)",
          "\\", "'",     "';--",         "a\"b",   "\xFF\xFE", "\xC3", "\u201C", "%",   "_"}) {
        QTest::newRow(qPrintable(QString::fromUtf8(text))) << QByteArray(text);
    }
    QTest::newRow("a zero byte") << QByteArray("a\0b", 3);
    QTest::newRow("very many words") << QByteArray("word ").repeated(5000);
    QTest::newRow("a very long word") << QByteArray("w").repeated(100'000);
}

void TstSearch::anythingCanBeTyped() {
    QFETCH(QByteArray, text);
    Searched s;
    s.say("some words, and more");
    ALCUIN_OK(s.reader->find(text.toStdString(), 50));
    ALCUIN_OK(s.reader->find(text.toStdString() + ' ', 50));
    QCOMPARE(s.found("words "), std::string("some [words], and more")); // and it goes on working
}

void TstSearch::theNewestComeFirstWhereverTheyWereTakenFrom() {
    Searched s;
    s.say("owl two");
    ConversationTree old;
    for (const auto& [text, at] : {std::pair("owl one", TimeMs{1000}), std::pair("owl one, later", TimeMs{2000})}) {
        Message message;
        message.id = text;
        message.createdAt = at;
        message.parts = textParts(text);
        old.messages.push_back(message);
    }
    ALCUIN_OK(ImportStore(*s.database).add(old, {"elsewhere", "1", 1}));
    s.say("owl three");
    QCOMPARE(s.found("owl "), std::string("[owl] three | [owl] two | [owl] one, later | [owl] one"));
    QCOMPARE(s.found("owl ", 2), std::string("[owl] three | [owl] two"));
    // Thousands of one and the same moment find room, too.
    ConversationTree many;
    for (int i = 0; i < 9000; ++i) {
        Message message;
        message.id = std::to_string(i);
        message.parts = textParts("wren " + std::to_string(i));
        many.messages.push_back(std::move(message));
    }
    ALCUIN_OK(ImportStore(*s.database).add(many, {"elsewhere", "2", 2}));
    QCOMPARE(s.find("wren ", 10'000).size(), std::size_t{9001}); // and the title
    QCOMPARE(s.found("wren 4711 "), std::string("[wren] [4711]"));
}

void TstSearch::titlesAreFound() {
    Searched s;
    const Id older = s.say("x");
    const Id newer = s.say("y");
    ALCUIN_OK(s.store.rename(older, "Owls at night", TitleSource::kUser));
    ALCUIN_OK(s.store.rename(newer, "Night trains", TitleSource::kUser));
    const auto hits = s.find("night ");
    QCOMPARE(hits.size(), std::size_t{2});
    QCOMPARE(hits[0].conversation, newer);
    QCOMPARE(hits[0].message, Id());
    QCOMPARE(hits[0].snippet, std::string("Night trains"));
    QVERIFY(hits[0].matches == (std::vector<TextRange>{{0, 5}}));
    QCOMPARE(hits[1].conversation, older);
    QCOMPARE(s.find("tra").size(), std::size_t{1});
    ALCUIN_OK(s.store.rename(newer, "Day trains", TitleSource::kUser));
    QCOMPARE(s.find("night ").size(), std::size_t{1});
    ALCUIN_OK(s.store.setArchived(older, true));
    QVERIFY(s.find("night ").at(0).archived);
}

void TstSearch::deletedConversationsAreNeverShown() {
    Searched s;
    const Id kept = s.say("owl kept");
    const Id gone = s.say("owl gone");
    ALCUIN_OK(s.store.remove(gone));
    QCOMPARE(s.found("owl "), std::string("[owl] kept"));
    QCOMPARE(s.found("ow"), std::string("[owl] kept"));
    QCOMPARE(s.find("gone ").size(), std::size_t{0}); // its title neither
    ALCUIN_OK(s.store.restore(gone));
    QCOMPARE(s.found("owl "), std::string("[owl] gone | [owl] kept"));
    ALCUIN_OK(s.store.setArchived(kept, true));
    const auto hits = s.find("owl kept ");
    QVERIFY(!hits.empty() && hits.back().archived);
}

void TstSearch::anAnswerIsFoundWhenItIsDone() {
    Searched s;
    ALCUIN_TAKE(turn, s.store.appendTurn({}, {}, textParts("q"), someGeneration()));
    ALCUIN_OK(s.store.flushAnswer(turn.answer.id, textParts("an owl"), someGeneration()));
    QCOMPARE(s.found("owl "), std::string());
    ALCUIN_OK(s.store.markInterrupted());
    QCOMPARE(s.found("owl "), std::string("an [owl]"));
    ALCUIN_OK(s.store.resumeAnswer(turn.answer.id));
    QCOMPARE(s.found("owl "), std::string());
    ALCUIN_OK(s.store.finishAnswer(turn.answer.id, MessageState::kComplete, textParts("a wren after all"), {}));
    QCOMPARE(s.found("owl "), std::string());
    QCOMPARE(s.found("wren "), std::string("a [wren] after all"));
    ALCUIN_OK(s.store.appendEditedAnswer(turn.answer.id, textParts("a robin")));
    QCOMPARE(s.found("robin "), std::string("a [robin]"));
    const auto hits = s.find("wren ");
    QCOMPARE(hits.at(0).message, turn.answer.id);
    QVERIFY(hits.at(0).role == Role::kAssistant);
}

void TstSearch::reasoningIsNotSearchedAttachmentsNamesAre() {
    Searched s;
    auto parts = textParts("look here");
    parts.push_back({PartKind::kAttachment, "inside of the file", "owls.txt", "text/plain", {}, 0});
    parts.push_back({PartKind::kReasoning, "hidden thought", {}, {}, {}, 0});
    ALCUIN_OK(s.store.appendTurn({}, {}, parts, {}));
    QCOMPARE(s.found("owls "), std::string("look here [owls].txt"));
    QCOMPARE(s.found("owls.txt"), std::string("look here [owls.txt]"));
    QCOMPARE(s.found("thought "), std::string());
    QCOMPARE(s.found("inside "), std::string());
}

void TstSearch::scriptsWithoutSpacesAreFoundInside() {
    Searched s;
    s.say("请问蒸汽机的调速器怎么工作？");
    s.say("ふくろうは夜に飛ぶ");
    QCOMPARE(s.found("调速器"), std::string("请问蒸汽机的[调速器]怎么工作？"));
    QCOMPARE(s.found("器调"), std::string());
    QCOMPARE(s.found("夜に"), std::string("ふくろうは[夜に]飛ぶ"));
    s.say("GPU上のvllm");
    QCOMPARE(s.found("gpu上"), std::string("[GPU上]のvllm"));
}

void TstSearch::snippetsShowThePlaceOfALongText() {
    Searched s;
    std::string text;
    for (int i = 0; i < 3000; ++i) {
        text += "straw" + std::to_string(i) + (i % 7 == 0 ? "\n" : " ");
    }
    s.say(text + "needle and thread " + text);
    const auto hits = s.find("thread needle ");
    QCOMPARE(hits.size(), std::size_t{1});
    const auto& hit = hits[0];
    QVERIFY(hit.snippet.size() < 260);
    QVERIFY(hit.snippet.starts_with("\u2026") && hit.snippet.ends_with("\u2026"));
    QVERIFY(hit.snippet.find('\n') == std::string::npos);
    QCOMPARE(hit.matches.size(), std::size_t{2});
    QCOMPARE(hit.snippet.substr(hit.matches[0].begin, hit.matches[0].size), std::string("needle"));
    QCOMPARE(hit.snippet.substr(hit.matches[1].begin, hit.matches[1].size), std::string("thread"));
    // Cut between characters, even where no word ends for long.
    std::string noSpaces = "x";
    for (int i = 0; i < 500; ++i) {
        noSpaces += "ä";
    }
    s.say(noSpaces);
    const auto cut = s.find("xä");
    QVERIFY(!cut.empty());
    const auto shown = QString::fromStdString(cut.back().snippet);
    QVERIFY(!shown.contains(QChar::ReplacementCharacter));
    for (const auto& match : cut.back().matches) {
        QVERIFY(match.begin + match.size <= cut.back().snippet.size());
    }
}

void TstSearch::snippetsLeaveMarksOut_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* name, const char* text, const char* query, const char* shown) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(query) << QString::fromUtf8(shown);
    };
    row("fence", "Like so:\n```python\nlst[::-1]\n```\n\nThe **slice** is `reversed`.", "slice",
        "Like so: lst[::-1] The [slice] is reversed.");
    row("heading", "## Night *trains*\n- one owl\n- two", "owl", "Night *trains* one [owl] two");
    row("quote", "> # Said\n> __loudly__ once", "once", "Said loudly [once]");
    row("table", "| owl | mouse |\n|-----|-------|\n| eats | is eaten |", "mouse", "owl [mouse] eats is eaten");
    row("what isn't a mark", "#hash a_b 2*3 -5 > 4 - x", "hash", "#[hash] a_b 2*3 -5 > 4 - x");
    row("marks beside what was found", "the **owl** and\n\n\n  the `owl`", "owl", "the [owl] and the [owl]");
    row("marks alone", "``` \n ```\n owl", "owl", "[owl]");
    row("a found phrase over two lines", "night\n> owl", "\"night owl\"", "[night > owl]");
}

void TstSearch::snippetsLeaveMarksOut() {
    QFETCH(const QString, text);
    QFETCH(const QString, query);
    Searched s;
    s.say(text.toStdString());
    QTEST(QString::fromStdString(s.found(query.toStdString())), "shown");
}

void TstSearch::aSearchThatIsNoLongerWantedEnds() {
    Searched s;
    for (int i = 0; i < 100; ++i) {
        s.say("an owl");
    }
    int asked = 0;
    ALCUIN_FAILS(s.reader->find("owl", 50, {}, [&] { return ++asked < 10; }), ErrorCode::kInterrupted);
    QCOMPARE(asked, 10);
    QCOMPARE(s.find("owl ", 10).size(), std::size_t{20});
}

void TstSearch::pagesFollowEachOther() {
    Searched s;
    for (int i = 0; i < 25; ++i) {
        s.say("owl " + std::to_string(i));
    }
    ALCUIN_TAKE(first, s.reader->find("owl ", 10));
    QCOMPARE(first.size(), std::size_t{20});
    ALCUIN_TAKE(second, s.reader->find("ow", 10, first.back().place));
    QCOMPARE(second.size(), std::size_t{10});
    QCOMPARE(second.front().snippet, std::string("owl 14"));
    ALCUIN_TAKE(third, s.reader->find("owl ", 10, second.back().place));
    QCOMPARE(third.size(), std::size_t{5});
}

void TstSearch::agreesWithReadingEverything() {
    // Random texts of few words: what a search must find can be said by looking at each.
    Searched s;
    std::mt19937 random(5);
    const std::vector<std::string> words{"alpha", "beta", "bet", "gamma", "gam", "delta", "al", "omega"};
    std::vector<std::vector<std::string>> texts;
    for (int i = 0; i < 700; ++i) {
        std::vector<std::string> text;
        std::string joined;
        for (std::size_t k = 0; k < 1 + random() % 4; ++k) {
            text.push_back(words[random() % words.size()]);
            joined += text.back() + ' ';
        }
        s.say(joined);
        texts.push_back(text);
    }
    for (int round = 0; round < 300; ++round) {
        const std::string one = words[random() % words.size()];
        const std::string other = words[random() % words.size()];
        const std::string begun = other.substr(0, 1 + random() % other.size());
        std::size_t expected = 0;
        for (const auto& text : texts) {
            const bool has = std::find(text.begin(), text.end(), one) != text.end();
            const bool hasBegun =
                std::any_of(text.begin(), text.end(), [&](const std::string& word) { return word.starts_with(begun); });
            expected += has && hasBegun ? 1 : 0;
        }
        const auto hits = s.find(one + ' ' + begun, 1000);
        const auto messages =
            std::count_if(hits.begin(), hits.end(), [](const auto& hit) { return !hit.message.empty(); });
        QCOMPARE(static_cast<std::size_t>(messages), expected);
        QVERIFY(std::is_sorted(hits.end() - messages, hits.end(),
                               [](const auto& a, const auto& b) { return a.at > b.at; }));
    }
}

ALCUIN_TEST(TstSearch)
#include "tst_search.moc"
