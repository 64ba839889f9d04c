#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include <alcuin/storage/compaction_store.h>
#include <alcuin/storage/conversation_store.h>
#include <alcuin/storage/folder_store.h>
#include <alcuin/storage/import_store.h>
#include <alcuin/storage/persona_store.h>
#include <alcuin/storage/queue_store.h>

#include "exchange/own_json.h"
#include "reading.h"
#include "record_fields.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::exchange;
using namespace alcuin::tests;
using storage::ConversationStore;
using storage::ImportStore;
using storage::MessageState;

namespace {

struct Shelf {
    QTemporaryDir directory;
    std::unique_ptr<storage::Database> database = std::move(*storage::Database::open(directory.path().toStdString()));
    ConversationStore store{*database};
};

storage::Part part(storage::PartKind kind, std::string text) {
    storage::Part made;
    made.kind = kind;
    made.text = std::move(text);
    return made;
}

storage::Generation everyField() {
    storage::Generation generation;
    generation.modelName = "a model";
    generation.modelPath = "/models/a \"model\".gguf";
    generation.parametersJson = R"({"temperature":0.7})";
    generation.seed = 0xFEDCBA9876543210ULL;
    generation.vocabularyHash = 0xFFFFFFFFFFFFFFFFULL;
    generation.tokens = {0, 1, -1, 151'643, 2'147'483'647};
    generation.promptTokens = 9'007'199'254'740'993; // not a double
    generation.cachedTokens = 3;
    generation.contextLength = 4096;
    generation.queueMs = 0.1;
    generation.prefillMs = 1.0 / 3.0;
    generation.timeToFirstTokenMs = 1e-9;
    generation.decodeMs = 12345.678901234567;
    return generation;
}

/// A conversation with everything in it that a conversation may have.
storage::Id fillShelf(Shelf& shelf) {
    auto attachment = part(storage::PartKind::kAttachment, "a,b\n1,2\n");
    attachment.name = "table \u20AC.csv";
    attachment.mediaType = "text/csv";
    for (int i = 0; i < 256; ++i) {
        attachment.data.push_back(static_cast<char>(i));
    }
    auto reasoning = part(storage::PartKind::kReasoning, "Let me think:\n```\nno end");
    reasoning.durationMs = 1234;
    auto& store = shelf.store;
    const auto first =
        store.appendTurn({}, std::nullopt, {attachment, part(storage::PartKind::kText, "What's in it?")}, {});
    (void)store.finishAnswer(first->answer.id, MessageState::kComplete,
                             {reasoning, part(storage::PartKind::kText, "Two columns \U0001F642 \"quoted\" \\ \x01")},
                             everyField());
    const auto again = store.appendAnswer(first->question.id, everyField());
    (void)store.finishAnswer(again->id, MessageState::kLength, {part(storage::PartKind::kText, "Or three")},
                             everyField());
    const auto edited = store.appendTurn(first->conversation.id, std::nullopt,
                                         {part(storage::PartKind::kText, "What is in it, please?")}, {});
    (void)store.finishAnswer(edited->answer.id, MessageState::kFailed, {}, {}, "There wasn't enough memory.");
    const auto last =
        store.appendTurn(first->conversation.id, again->id, {part(storage::PartKind::kText, "Go on")}, {});
    (void)store.finishAnswer(last->answer.id, MessageState::kCancelled, {part(storage::PartKind::kText, "")},
                             everyField());
    (void)store.rename(first->conversation.id, "A title\twith \"all\" \u00E9", storage::TitleSource::kUser);
    const auto& id = first->conversation.id;
    (void)store.appendEditedAnswer(again->id, {part(storage::PartKind::kText, "As a person has it")});
    (void)store.activateBranch(edited->question.id);
    (void)store.setPinned(id, true);
    (void)store.setArchived(id, true);
    (void)store.setFolder(id, storage::FolderStore(*shelf.database).create("A \"folder\"")->id);
    const auto persona = storage::PersonaStore(*shelf.database).create({{}, "Poet", "Rhyme.", "{\"topK\":3}", "/m", 0});
    (void)store.setSettings(id, {"/models/b.gguf", R"({"topP":0.5})", "Be brief.", persona->id});
    storage::QueueStore queue(*shelf.database);
    (void)queue.append(id, {attachment, part(storage::PartKind::kText, "And then?")});
    (void)queue.append(id, {part(storage::PartKind::kText, "And last?")});
    storage::CompactionStore compactions(*shelf.database);
    (void)compactions.append({{}, id, again->id, "It was about columns.", "a model", 0, true});
    (void)compactions.append({{}, id, first->answer.id, "Columns.", "", 0, false});
    (void)store.setDraft(id, "not sent\nyet");
    return id;
}

std::string exported(const std::vector<storage::ConversationTree>& trees, const OwnJsonOptions& options = {}) {
    std::string text = ownJsonHead(1735689600000);
    for (std::size_t i = 0; i < trees.size(); ++i) {
        text += (i > 0 ? ",\n" : "") + ownJsonConversation(trees[i], options);
    }
    return text + ownJsonTail();
}

std::vector<ImportStore::Outcome> importAll(Shelf& shelf, Heard heard) {
    std::vector<ImportStore::Outcome> outcomes;
    for (auto& imported : heard.conversations) {
        const auto added = ImportStore(*shelf.database).add(std::move(imported.tree), imported.origin);
        if (!added) {
            qFatal("%s", added.error().message.c_str());
        }
        outcomes.push_back(added->outcome);
    }
    return outcomes;
}

} // namespace

/// Our own export: everything goes there and comes back.
class TstOwnJson : public QObject {
    Q_OBJECT
private slots:
    void everyRecordComesBackAsItWas();
    void tokensMayStayOut();
    void itIsOneJsonObject();
    void importingAgainAddsNothing();
    void whatWasDeletedComesBackAsACopy();
    void newerVersionsAreRefused();
    void whatMayBeMissingHasADefault();
    void whatMakesNoSenseIsRefused_data();
    void whatMakesNoSenseIsRefused();
};

void TstOwnJson::everyRecordComesBackAsItWas() {
    Shelf from;
    const auto id = fillShelf(from);
    const auto tree = from.store.tree(id);
    QVERIFY(tree);
    QCOMPARE(tree->messages.size(), std::size_t{8});
    Shelf to;
    const auto heard = read(exported({*tree}));
    QVERIFY(heard.outcome);
    QCOMPARE(heard.refused, std::vector<std::string>());
    importAll(to, heard);
    const auto back = to.store.tree(id);
    QVERIFY(back);
    QVERIFY(same(*tree, *back));
    QVERIFY(to.database->checkIntegrity());
    // What comes back is exported as the same bytes.
    ALCUIN_SAME(exported({*back}), exported({*tree}));
}

void TstOwnJson::tokensMayStayOut() {
    Shelf from;
    auto tree = *from.store.tree(fillShelf(from));
    const auto heard = read(exported({tree}, {.tokens = false}));
    for (auto& message : tree.messages) {
        if (message.generation) {
            message.generation->tokens.clear();
        }
        message.conversationId.clear(); // given when it is stored
    }
    for (auto& question : tree.queued) {
        question.conversationId.clear();
    }
    for (auto& compaction : tree.compactions) {
        compaction.conversationId.clear();
    }
    QVERIFY(same(heard.conversations.at(0).tree, tree));
}

void TstOwnJson::itIsOneJsonObject() {
    Shelf from;
    const auto tree = *from.store.tree(fillShelf(from));
    const auto json = nlohmann::json::parse(exported({tree, tree}));
    QVERIFY(json.at("format") == "alcuin-conversations");
    QVERIFY(json.at("version") == 1);
    QCOMPARE(json.at("conversations").size(), std::size_t{2});
    QVERIFY(nlohmann::json::parse(exported({})).at("conversations").empty());
    QVERIFY(read(exported({})).outcome);
}

void TstOwnJson::importingAgainAddsNothing() {
    Shelf from;
    const auto text = exported({*from.store.tree(fillShelf(from))});
    using enum ImportStore::Outcome;
    QCOMPARE(importAll(from, read(text)), std::vector{kHere});
    Shelf to;
    QCOMPARE(importAll(to, read(text)), std::vector{kAdded});
    QCOMPARE(importAll(to, read(text)), std::vector{kHere});
    QCOMPARE(to.store.list()->size(), std::size_t{1});
}

void TstOwnJson::whatWasDeletedComesBackAsACopy() {
    Shelf shelf;
    const auto id = fillShelf(shelf);
    const auto text = exported({*shelf.store.tree(id)});
    QVERIFY(shelf.store.remove(id));
    QCOMPARE(importAll(shelf, read(text)), std::vector{ImportStore::Outcome::kAdded});
    const auto all = *shelf.store.list();
    QCOMPARE(all.size(), std::size_t{1});
    QVERIFY(all[0].id != id);
    QCOMPARE(shelf.store.tree(all[0].id)->messages.size(), std::size_t{8});
    QCOMPARE(importAll(shelf, read(text)), std::vector{ImportStore::Outcome::kHere});
    QVERIFY(shelf.store.restore(id)); // the deleted one is as it was
    QVERIFY(shelf.database->checkIntegrity());
}

void TstOwnJson::newerVersionsAreRefused() {
    const auto heard = read(R"({"format": "alcuin-conversations", "version": 2, "conversations": []})");
    QVERIFY(!heard.outcome);
    QVERIFY(heard.outcome.error().message.find("newer version") != std::string::npos);
    QVERIFY(!read(R"({"format": "alcuin-conversations", "conversations": []})").outcome);
    QVERIFY(!read(R"({"format": "alcuin-conversations", "version": 1})").outcome);
}

void TstOwnJson::whatMayBeMissingHasADefault() {
    const auto heard = read(R"({"format": "alcuin-conversations", "version": 1, "more": {}, "conversations": [
        {"id": "x", "createdAt": 1, "updatedAt": 2, "unknown": [], "messages": [
            {"id": "m", "role": "user", "createdAt": 1, "parts": [{"kind": "text", "text": "Hello"}]},
            {"id": "n", "parentId": "m", "role": "assistant", "createdAt": 2, "generation": {}}]}]})");
    QVERIFY(heard.outcome);
    QCOMPARE(heard.refused, std::vector<std::string>());
    Shelf shelf;
    QCOMPARE(importAll(shelf, heard), std::vector{ImportStore::Outcome::kAdded});
    const auto all = *shelf.store.list();
    QCOMPARE(all.at(0).title, std::string("Hello"));
}

void TstOwnJson::whatMakesNoSenseIsRefused_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("a role") << QByteArray(R"("role": "king")");
    QTest::newRow("no role") << QByteArray(R"("x": 1)");
    QTest::newRow("a state") << QByteArray(R"("role": "user", "state": "glad")");
    QTest::newRow("a kind") << QByteArray(R"("role": "user", "parts": [{"kind": "smell"}])");
    QTest::newRow("bytes") << QByteArray(R"("role": "user", "parts": [{"kind": "attachment", "data": "%"}])");
    QTest::newRow("tokens") << QByteArray(R"("role": "assistant", "generation": {"tokens": "Zg=="})");
    QTest::newRow("a seed") << QByteArray(R"("role": "assistant", "generation": {"seed": "18446744073709551616"})");
}

void TstOwnJson::whatMakesNoSenseIsRefused() {
    QFETCH(QByteArray, message);
    const auto heard = read(R"({"format": "alcuin-conversations", "version": 1, "conversations": [
        {"id": "x", "messages": [{"id": "m", )" +
                            message.toStdString() + "}]}]}");
    QVERIFY(heard.outcome);
    QVERIFY(heard.conversations.empty());
    QCOMPARE(heard.refused.size(), std::size_t{1});
}

ALCUIN_TEST(TstOwnJson)
#include "tst_own_json.moc"
