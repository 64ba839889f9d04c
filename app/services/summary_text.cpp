#include "services/summary_text.h"

#include <QHash>
#include <QRegularExpression>
#include <QStringList>
#include <QTextBoundaryFinder>

#include <algorithm>

namespace alcuin::app {

namespace {

constexpr qsizetype kLeastNote = 120; ///< characters that a question and an answer need to be told from others
constexpr qsizetype kMostNote = 320;  ///< and what is no longer their beginning
constexpr qsizetype kLabels = 24;     ///< around the words of a note: labels, quotation marks, line ends
constexpr double kMostRepeated = 0.3;

const QString kHeading = QStringLiteral("Turn by turn; words in quotation marks are as they were said.");

/// One line of prose.
QString plain(QString text) {
    static const QRegularExpression kFence(QStringLiteral("(^|\\n)[ \\t]*(```+|~~~+)[\\s\\S]*?(\\n[ \\t]*\\2|$)"));
    static const QRegularExpression kLineMarks(QStringLiteral("^[ \\t]*(#{1,6}|>+|[-*+])[ \\t]+"),
                                               QRegularExpression::MultilineOption);
    text.replace(kFence, QStringLiteral("\n[code]\n"));
    text.remove(kLineMarks);
    text.remove(QLatin1String("**"));
    return text.simplified();
}

/// Where sentences end, each behind its spaces; the text's end is one.
QList<qsizetype> sentenceEnds(const QString& text) {
    QTextBoundaryFinder finder(QTextBoundaryFinder::Sentence, text);
    QList<qsizetype> ends;
    while (finder.toNextBoundary() > 0) {
        ends.append(finder.position());
    }
    return ends;
}

bool endsSentence(const QString& text) {
    static const QRegularExpression kEnd(QStringLiteral("[.!?…。！？।؟](?:[\"'”’»)\\]*_`])*$"));
    return kEnd.match(text).hasMatch();
}

QString quoted(const QString& words) {
    return QStringLiteral("“%1”").arg(words);
}

QString line(const TurnNote& note, qsizetype most) {
    const qsizetype room = std::max<qsizetype>(1, most - kLabels);
    QString text;
    qsizetype left = room;
    if (!note.asked.isEmpty()) {
        const QString asked = firstSentences(note.asked, note.answered.isEmpty() ? room : room / 2);
        left -= asked.size();
        text += QStringLiteral("Asked: %1\n").arg(quoted(asked));
    }
    if (!note.answered.isEmpty()) {
        const QString answered = firstSentences(note.answered, std::max<qsizetype>(1, left));
        text += QStringLiteral("Answered: %1\n").arg(note.byModel ? answered : quoted(answered));
    }
    return text;
}

/// What was noted before, in whole lines as far as they fit.
QString earlier(const QString& before, qsizetype most) {
    QString text = before.trimmed();
    if (text.startsWith(kHeading)) {
        text = text.sliced(kHeading.size()).trimmed();
    }
    if (text.size() <= most) {
        return text;
    }
    QString kept;
    for (const auto& each : text.split(QLatin1Char('\n'))) {
        if (kept.size() + each.size() + 1 > most) {
            break;
        }
        kept += each + QLatin1Char('\n');
    }
    return (kept.isEmpty() ? firstSentences(text, most) : kept.trimmed()) + QStringLiteral("\n(…)");
}

} // namespace

QString firstSentences(const QString& text, qsizetype most) {
    QString prose = plain(text);
    if (prose.size() <= most) {
        return prose;
    }
    qsizetype end = 0;
    for (const auto each : sentenceEnds(prose)) {
        if (QStringView(prose).left(each).trimmed().size() > most) {
            break;
        }
        end = each;
    }
    if (end > 0) {
        return prose.left(end).trimmed();
    }
    QTextBoundaryFinder words(QTextBoundaryFinder::Word, prose);
    words.setPosition(std::max<qsizetype>(1, most - 1));
    qsizetype at = words.isAtBoundary() ? words.position() : words.toPreviousBoundary();
    if (at <= 0) { // one word, longer than all that there is room for
        QTextBoundaryFinder characters(QTextBoundaryFinder::Grapheme, prose);
        characters.setPosition(std::max<qsizetype>(1, most - 1));
        at = characters.isAtBoundary() ? characters.position() : characters.toPreviousBoundary();
    }
    return prose.left(at).trimmed() + QStringLiteral("…");
}

QString wholeSentences(const QString& cut) {
    QString text = cut.trimmed();
    if (endsSentence(text)) {
        return text;
    }
    qsizetype end = 0;
    for (const auto each : sentenceEnds(text)) {
        if (each < text.size()) {
            end = each;
        }
    }
    return text.left(end).trimmed();
}

bool repeatsItself(const QString& text) {
    QHash<QString, int> seen;
    qsizetype all = 0;
    qsizetype repeated = 0;
    qsizetype begin = 0;
    for (const auto end : sentenceEnds(text)) {
        const QString sentence = text.sliced(begin, end - begin).simplified().toCaseFolded();
        begin = end;
        if (sentence.count(QLatin1Char(' ')) < 2) {
            continue; // too short to mean that
        }
        all += sentence.size();
        repeated += ++seen[sentence] > 1 ? sentence.size() : 0;
    }
    return static_cast<double>(repeated) > kMostRepeated * static_cast<double>(all);
}

QString cutOffMark() {
    return QStringLiteral("(The summary was cut off here.)");
}

QString joinNotes(const QString& before, const QList<TurnNote>& notes, qsizetype most) {
    QString text = kHeading + QLatin1Char('\n');
    if (!before.trimmed().isEmpty()) {
        text += earlier(before, most / 2) + QLatin1Char('\n');
    }
    const auto whole =
        std::clamp<qsizetype>((most - text.size()) / kLeastNote, 2, std::max<qsizetype>(2, notes.size()));
    const qsizetype left = notes.size() - std::min(whole, notes.size()); ///< turns that are left out behind the first
    qsizetype rest = std::min(whole, notes.size());
    for (qsizetype i = 0; i < notes.size(); ++i) {
        if (left > 0 && i == 1) {
            text += QStringLiteral("(… %1 turns between these are left out.)\n").arg(left);
            i += left;
        }
        text += line(notes.at(i), std::clamp((most - text.size()) / rest, kLeastNote, kMostNote));
        --rest;
    }
    return text.trimmed();
}

} // namespace alcuin::app
