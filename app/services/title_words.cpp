#include "services/title_words.h"

#include <QRegularExpression>
#include <QSet>
#include <QStringList>

#include <algorithm>
#include <utility>

#include <alcuin/storage/title.h>

namespace alcuin::app {

namespace {

constexpr qsizetype kLongest = 60;
constexpr qsizetype kMostWords = 10;
constexpr qsizetype kWordLength = 4; ///< shorter ones carry little meaning in languages with spaces

/// Words that the question for a title brings itself, and such as any talk has.
const QSet<QString>& commonWords() {
    static const QSet<QString> words = {
        QStringLiteral("title"),   QStringLiteral("conversation"), QStringLiteral("words"),  QStringLiteral("chat"),
        QStringLiteral("user"),    QStringLiteral("assistant"),    QStringLiteral("here"),   QStringLiteral("that"),
        QStringLiteral("this"),    QStringLiteral("with"),         QStringLiteral("what"),   QStringLiteral("your"),
        QStringLiteral("have"),    QStringLiteral("from"),         QStringLiteral("would"),  QStringLiteral("about"),
        QStringLiteral("please"),  QStringLiteral("question"),     QStringLiteral("answer"), QStringLiteral("could"),
        QStringLiteral("because"), QStringLiteral("which"),        QStringLiteral("there"),  QStringLiteral("sorry")};
    return words;
}

bool isIdeograph(QChar character) {
    switch (character.script()) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Hangul:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return true;
    default:
        return false;
    }
}

bool hasPair(QStringView word) {
    for (qsizetype i = 0; i + 1 < word.size(); ++i) {
        if (isIdeograph(word.at(i)) && isIdeograph(word.at(i + 1))) {
            return true;
        }
    }
    return false;
}

/// Where words aren't told apart by spaces, two characters in a row are as good as one.
bool sharesPair(QStringView word, const QString& talk) {
    for (qsizetype i = 0; i + 1 < word.size(); ++i) {
        if (isIdeograph(word.at(i)) && isIdeograph(word.at(i + 1)) && talk.contains(word.sliced(i, 2))) {
            return true;
        }
    }
    return false;
}

QString firstLine(const QString& written) {
    const auto lines = written.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const auto& line : lines) {
        if (!line.trimmed().isEmpty()) {
            return line.simplified();
        }
    }
    return {};
}

/// Without the marks of lists, headings and emphasis, without quotes around it and a full stop behind it.
QString withoutMarks(QString line) {
    static const QRegularExpression kLabel(QStringLiteral("^(title|titel|titre|título|titolo)\\s*[:：-]\\s*"),
                                           QRegularExpression::CaseInsensitiveOption);
    static const QString kOuter = QStringLiteral("\"'`*_#>-“”„‟‘’‚«»‹›「」『』 ");
    QString before;
    do {
        before = line;
        while (!line.isEmpty() && kOuter.contains(line.front())) {
            line.remove(0, 1);
        }
        while (!line.isEmpty() && (kOuter.contains(line.back()) || QStringLiteral(".。,;:").contains(line.back()))) {
            line.chop(1);
        }
        line.remove(kLabel);
        line = QString::fromStdString(storage::withoutMarkdown(line.toStdString()));
    } while (line != before);
    return line.remove(QLatin1String("**")).remove(QLatin1Char('`')).simplified();
}

const QRegularExpression& betweenWords() {
    static const QRegularExpression kBetween(QStringLiteral("[^\\p{L}\\p{N}]+"));
    return kBetween;
}

/// Small models say what they were told instead of doing it.
bool repeatsTheTask(const QString& title) {
    constexpr qsizetype kInARow = 3;
    const QString task = titleQuestion().toCaseFolded().replace(betweenWords(), QStringLiteral(" "));
    const auto words = title.toCaseFolded().split(betweenWords(), Qt::SkipEmptyParts);
    for (qsizetype i = 0; i + kInARow <= words.size(); ++i) {
        const QString some = words.sliced(i, kInARow).join(QLatin1Char(' '));
        if ((QLatin1Char(' ') + task).contains(QLatin1Char(' ') + some + QLatin1Char(' '))) {
            return true;
        }
    }
    return false;
}

} // namespace

WordsInCommon compareWords(const QString& text, const QString& talk, const QString& ignored) {
    const QString folded = talk.toCaseFolded();
    const auto unheard = ignored.toCaseFolded().split(betweenWords(), Qt::SkipEmptyParts);
    auto words = text.toCaseFolded().split(betweenWords(), Qt::SkipEmptyParts);
    words.removeDuplicates();
    WordsInCommon counted;
    for (const auto& word : std::as_const(words)) {
        const bool pairs = hasPair(word);
        if (!pairs && (word.size() < kWordLength || commonWords().contains(word) || unheard.contains(word))) {
            continue;
        }
        ++counted.all;
        // Endings differ: "recipes" is in a talk about a recipe.
        const auto stem = QStringView(word).left(std::max(kWordLength, word.size() - 2));
        counted.common += pairs ? sharesPair(word, folded) : folded.contains(stem);
    }
    return counted;
}

QString titleQuestion() {
    return QStringLiteral("Write a title for this conversation: at most six words that name its topic, in the language "
                          "of the conversation. Write only the title.");
}

QString titleFrom(const QString& written, const QString& question, const QString& answer) {
    const QString title = withoutMarks(firstLine(written));
    if (title.size() < 2 || title.size() > kLongest || title.count(QLatin1Char(' ')) >= kMostWords) {
        return {};
    }
    if (repeatsTheTask(title)) {
        return {};
    }
    return compareWords(title, question + QLatin1Char('\n') + answer).common > 0 ? title : QString();
}

} // namespace alcuin::app
