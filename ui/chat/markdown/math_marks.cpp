#include "chat/markdown/math_marks.h"

#include "chat/markdown/math_scanner.h"

#include <algorithm>

namespace alcuin::ui::markdown {

namespace {

constexpr QChar kMark(0xFDD4);
constexpr QChar kMarkEnd(0xFDD5);

struct Fence {
    char sign = 0; ///< 0: none is open
    qsizetype length = 0;
    qsizetype indent = 0; ///< of the line it began in, list markers included
    bool quoted = false;
};

bool isBlank(QByteArrayView line) {
    return line.trimmed().isEmpty();
}

/// Where a line's own text begins: behind spaces, quote signs and list markers.
qsizetype textStart(QByteArrayView line) {
    qsizetype at = 0;
    while (at < line.size()) {
        const char c = line.at(at);
        const bool space = at + 1 < line.size() && line.at(at + 1) == ' ';
        if (c == ' ' || c == '\t' || c == '>' || ((c == '-' || c == '+' || c == '*') && space)) {
            ++at;
            continue;
        }
        qsizetype digits = at;
        while (digits < line.size() && line.at(digits) >= '0' && line.at(digits) <= '9') {
            ++digits;
        }
        const bool number = digits > at && digits - at < 10 && digits + 1 < line.size() &&
                            (line.at(digits) == '.' || line.at(digits) == ')') && line.at(digits + 1) == ' ';
        if (!number) {
            break;
        }
        at = digits + 1;
    }
    return at;
}

/// Follows which lines stand in a fence. Where this takes a line for text that is code nothing is lost: marks in code
/// are restored.
bool isFenced(QByteArrayView line, Fence& fence) {
    const qsizetype at = textStart(line);
    const bool quoted = line.first(at).contains('>');
    if (fence.sign != 0) {
        const qsizetype spaces = std::find_if(line.begin(), line.end(), [](char c) { return c != ' '; }) - line.begin();
        const bool left = fence.quoted ? !quoted : fence.indent > 0 && spaces == 0 && !isBlank(line);
        if (left) {
            fence.sign = 0;
        }
    }
    qsizetype run = at;
    while (run < line.size() && (line.at(at) == '`' || line.at(at) == '~') && line.at(run) == line.at(at)) {
        ++run;
    }
    if (fence.sign != 0) {
        if (run - at >= fence.length && line.at(at) == fence.sign && isBlank(line.sliced(run))) {
            fence.sign = 0;
        }
        return true;
    }
    if (run - at >= 3 && (line.at(at) == '~' || !line.sliced(run).contains('`'))) {
        fence = {line.at(at), run - at, at, quoted};
        return true;
    }
    return false;
}

/// A formula's lines without the quote signs before them. Inside a line of text it is one line.
QString formulaText(QByteArrayView source) {
    const QStringList lines = QString::fromUtf8(source).split(QLatin1Char('\n'));
    QStringList result{lines.first()};
    for (qsizetype i = 1; i < lines.size(); ++i) {
        QStringView line(lines.at(i));
        while (!line.isEmpty() && (line.front() == u' ' || line.front() == u'\t' || line.front() == u'>')) {
            line = line.mid(1);
        }
        result += line.toString();
    }
    return result.join(QLatin1Char('\n')).remove(QLatin1Char('\r'));
}

} // namespace

MathSource MathSource::of(const QString& source) {
    static constexpr struct {
        const char16_t* open;
        const char16_t* close;
        bool display;
    } kSigns[] = {{u"$$", u"$$", true}, {u"$", u"$", false}, {u"\\[", u"\\]", true}, {u"\\(", u"\\)", false}};
    MathSource result;
    result.tex = source;
    for (const auto& sign : kSigns) {
        const QStringView open(sign.open);
        const QStringView close(sign.close);
        if (source.startsWith(open)) {
            result.display = sign.display;
            result.closed = source.size() >= open.size() + close.size() && source.endsWith(close);
            return result;
        }
    }
    if (source.startsWith(u"\\boxed{")) {
        result.closed = source.endsWith(u'}');
        return result;
    }
    result.display = true;
    result.closed = source.endsWith(u'}') && source.contains(u"\\end{");
    return result;
}

QString MathSource::inside() const {
    if (tex.startsWith(u"\\begin") || tex.startsWith(u"\\boxed{")) {
        return tex;
    }
    const qsizetype sign = tex.startsWith(u'$') && !tex.startsWith(u"$$") ? 1 : 2;
    return tex.mid(sign, tex.size() - 2 * sign);
}

QByteArray MathMarks::rewrite(QByteArrayView utf8) {
    QByteArray source = utf8.toByteArray();
    if (!source.contains('$') && !source.contains("\\(") && !source.contains("\\[") && !source.contains("\\begin{") &&
        !source.contains("\\boxed{")) {
        return source;
    }
    for (const QChar ours : {kMark, kMarkEnd}) { // nobody else may set our marks
        source.replace(QString(ours).toUtf8(), QString(QChar::ReplacementCharacter).toUtf8());
    }
    QByteArray out;
    out.reserve(source.size());
    Fence fence;
    qsizetype paragraph = 0;
    const auto flush = [&](qsizetype end, bool last) {
        const QByteArrayView text = QByteArrayView(source).sliced(paragraph, end - paragraph);
        qsizetype copied = 0;
        for (const MathScanner::Formula& formula : MathScanner(text, last).find()) {
            out += text.sliced(copied, formula.start - copied);
            out += QString(kMark).toUtf8() + QByteArray::number(m_formulas.size()) + QString(kMarkEnd).toUtf8();
            m_formulas.append(formulaText(text.sliced(formula.start, formula.end - formula.start)));
            copied = formula.end;
        }
        out += text.sliced(copied);
        paragraph = end;
    };
    for (qsizetype start = 0; start < source.size();) {
        const qsizetype found = source.indexOf('\n', start);
        const qsizetype end = found < 0 ? source.size() : found + 1;
        const QByteArrayView line = QByteArrayView(source).sliced(start, end - start);
        if (isFenced(line, fence) || isBlank(line)) {
            flush(start, false);
            out += line;
            paragraph = end;
        }
        start = end;
    }
    flush(source.size(), true);
    return out;
}

/// The number of the formula whose mark stands at `at`, and where the mark ends; -1 when there is none.
int MathMarks::markAt(const QString& text, qsizetype at, qsizetype& end) const {
    end = text.indexOf(kMarkEnd, at);
    bool known = false;
    const int index = end < 0 ? -1 : QStringView(text).mid(at + 1, end - at - 1).toInt(&known);
    return known && index >= 0 && index < m_formulas.size() ? index : -1;
}

QList<MathMarks::Piece> MathMarks::pieces(const QString& text) const {
    QList<Piece> pieces;
    qsizetype from = 0;
    for (qsizetype at = isEmpty() ? -1 : text.indexOf(kMark); at >= 0; at = text.indexOf(kMark, at + 1)) {
        qsizetype end = 0;
        const int index = markAt(text, at, end);
        if (index < 0) {
            continue;
        }
        if (at > from) {
            pieces.append({text.mid(from, at - from), false});
        }
        pieces.append({m_formulas.at(index), true});
        from = end + 1;
    }
    if (from < text.size()) {
        pieces.append({text.mid(from), false});
    }
    return pieces;
}

QString MathMarks::restored(const QString& text) const {
    if (isEmpty() || !text.contains(kMark)) {
        return text;
    }
    QString result;
    for (const Piece& piece : pieces(text)) {
        result += piece.text;
    }
    return result;
}

} // namespace alcuin::ui::markdown
