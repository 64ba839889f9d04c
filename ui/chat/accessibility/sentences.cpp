#include "chat/accessibility/sentences.h"

#include "chat/accessibility/spoken_text.h"

#include <algorithm>

namespace alcuin::ui {

using markdown::Block;
using markdown::BlockKind;
using markdown::InlineText;

namespace {

constexpr int kCodeLines = 8; ///< of code read out together

bool isWideStop(QChar c) {
    return QStringView(u"\u3002\uFF01\uFF1F\uFF61").contains(c);
}

bool isStop(QChar c) {
    return QStringView(u".!?\u2026\u061F\u06D4\u0964\u0965").contains(c);
}

bool isCloser(QChar c) {
    return QStringView(u")]}\"'\u201D\u2019\u00BB\u300D\u300F\uFF09\u203A").contains(c);
}

bool isOneOf(QStringView word, std::initializer_list<const char*> known) {
    return std::ranges::any_of(
        known, [word](const char* one) { return word.compare(QLatin1String(one), Qt::CaseInsensitive) == 0; });
}

/// Short for something, with a name or number behind it rather than a new sentence.
bool isAbbreviation(QStringView word, QChar next) {
    const bool counts = isOneOf(
        word, {"no", "nos", "nr", "fig", "figs", "eq", "eqs", "sec", "ch", "vol", "pp", "abb", "bd", "art", "par"});
    return (counts && next.isDigit()) ||
           isOneOf(word, {"mr",     "mrs", "ms",  "dr",  "prof", "st",   "sr",   "jr",   "vs",   "cf",  "al",
                          "approx", "ca",  "inc", "ltd", "co",   "dept", "gen",  "col",  "sgt",  "rev", "hon",
                          "bzw",    "hr",  "fr",  "mme", "jan",  "feb",  "aug",  "oct",  "sept", "nov", "dec",
                          "e.g",    "i.e", "z.b", "d.h", "u.a",  "p.ex", "resp", "mlle", "ed",   "eds"});
}

/// In code or in a formula.
bool inCode(const InlineText& text, qsizetype at) {
    return std::ranges::any_of(text.spans, [at](const markdown::Span& span) {
        return (span.style & (markdown::kCodeSpan | markdown::kMath)) != 0 && at >= span.start &&
               at < span.start + span.length;
    });
}

/// The full stop at `at` may end a sentence, by the word before it.
bool wordMayEnd(QStringView text, qsizetype at, QChar next) {
    qsizetype start = at;
    while (start > 0 && !text.at(start - 1).isSpace() &&
           !QStringView(u"([\u201C\"'\u00AB").contains(text.at(start - 1))) {
        --start;
    }
    const QStringView word = text.mid(start, at - start);
    const bool number = std::ranges::all_of(word, [](QChar c) { return c.isDigit(); });
    const bool initial = word.size() == 1 && word.front().isLetter();
    return !initial && !isAbbreviation(word, next) && !(number && start == 0);
}

int cutOf(const Block& block, int from) {
    const QString flat = markdown::flatText(block);
    switch (block.kind) {
    case BlockKind::kCode: {
        int cut = from;
        int lines = 0;
        for (int i = from; i < flat.size(); ++i) {
            lines += flat.at(i) == u'\n' ? 1 : 0;
            if (flat.at(i) == u'\n' && lines % kCodeLines == 0) {
                cut = i + 1;
            }
        }
        return cut;
    }
    case BlockKind::kTable:
        return std::max(from, int(flat.lastIndexOf(u'\n')) + 1);
    case BlockKind::kRule:
    case BlockKind::kMath:
        return from;
    default:
        return sentencesEnd(block.text, from);
    }
}

/// Whether what stands before the end of a line is said: not where the next line goes on with it, and not where the
/// line may yet turn out to be a table's head.
bool lineEndsSentence(const InlineText& text, qsizetype at) {
    const QStringView before = QStringView(text.text).left(at);
    const QStringView line = before.mid(before.lastIndexOf(QChar::LineSeparator) + 1);
    const bool known = at + 1 < text.text.size();
    return known && !text.text.at(at + 1).isLower() && !line.contains(u'|') && !inCode(text, at);
}

} // namespace

int sentencesEnd(const InlineText& text, int from) {
    const QStringView all(text.text);
    int end = from;
    for (qsizetype i = from; i < all.size(); ++i) {
        const QChar c = all.at(i);
        if (c == QChar::LineSeparator) {
            end = lineEndsSentence(text, i) ? int(i) : end;
            continue;
        }
        const bool wide = isWideStop(c);
        if ((!wide && !isStop(c)) || inCode(text, i)) {
            continue;
        }
        qsizetype next = i + 1;
        while (next < all.size() && (isStop(all.at(next)) || isWideStop(all.at(next)) || isCloser(all.at(next)))) {
            ++next;
        }
        if (wide) {
            end = int(next);
            i = next - 1;
            continue;
        }
        qsizetype begin = next;
        while (begin < all.size() && all.at(begin).isSpace()) {
            ++begin;
        }
        const bool parted = begin > next && begin < all.size(); // what follows tells whether it was the end
        const bool goesOn = parted && c != u'!' && c != u'?' && all.at(begin).isLower();
        const bool closed = next > i + 1;
        if (parted && !goesOn && (c != u'.' || closed || wordMayEnd(all, i, all.at(begin)))) {
            end = int(next); // not the space: it goes if what follows turns out to be another block
        }
        i = next - 1;
    }
    return end;
}

QString nextToSay(const markdown::Blocks& blocks, Said& said, bool finished) {
    const auto notes = std::ranges::find_if(blocks, [](const Block& block) { return markdown::isInNote(block); });
    const auto body = int(notes - blocks.begin());
    const int last = finished ? int(blocks.size()) : std::max(0, body - 1);
    QString text;
    const auto say = [&](int index, int to) {
        const Block& block = blocks.at(index);
        if (to <= said.offset && !(said.offset == 0 && finished)) {
            return;
        }
        QString piece = spokenText(block, to);
        if (said.offset > 0) {
            piece = piece.mid(spokenText(block, said.offset).size());
        } else if (index > 0) {
            piece.prepend(markdown::separator(blocks.at(index - 1), block));
        }
        text += piece;
        said.offset = to;
    };
    for (; said.block < last; ++said.block, said.offset = 0) {
        const int length = markdown::flatLength(blocks.at(said.block));
        if (said.offset == 0 && length == 0) { // a rule, an empty item: silent, but its place counts
            text +=
                (said.block > 0 ? markdown::separator(blocks.at(said.block - 1), blocks.at(said.block)) : QString()) +
                markdown::plainText(blocks.at(said.block), 0, 0);
            continue;
        }
        say(said.block, length);
    }
    if (!finished && said.block < blocks.size() && said.block < body) {
        say(said.block, cutOf(blocks.at(said.block), said.offset));
    }
    said.length += int(text.size());
    return text;
}

} // namespace alcuin::ui
