#include "chat/layout/laid_text.h"

#include "chat/paint/pieces.h"

#include <QGlyphRun>
#include <QPainter>
#include <QRawFont>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {

constexpr double kFormulaGap = 1;     ///< pixels above and below a formula in a line
constexpr double kKeyRoom = 6;        ///< pixels between a key's letters and what stands beside the key
constexpr int kDirectionSearch = 256; ///< characters looked at for one that has a direction

QTextLayout::FormatRange formatOf(const markdown::Span& span, const TextLook& look) {
    QTextLayout::FormatRange range;
    range.start = span.start;
    range.length = span.length;
    QFont font = span.style & (markdown::kCodeSpan | markdown::kKeyboard) ? look.codeFont : look.font;
    if (span.style & markdown::kStrong) {
        font.setBold(true);
    }
    if (span.style & markdown::kEmphasis) {
        font.setItalic(true);
    }
    font.setStrikeOut(span.style & markdown::kStrikethrough);
    const bool note = (span.style & (markdown::kNote | markdown::kNoteReturn)) != 0; // its brackets mark it
    font.setUnderline((span.link >= 0 && !note) || (span.style & markdown::kUnderline) != 0);
    range.format.setFont(font);
    if (span.style & markdown::kSuperscript) {
        range.format.setVerticalAlignment(QTextCharFormat::AlignSuperScript);
    } else if (span.style & markdown::kSubscript) {
        range.format.setVerticalAlignment(QTextCharFormat::AlignSubScript);
    }
    if (span.link >= 0) {
        range.format.setForeground(look.linkInk);
    }
    return range;
}

Qt::Alignment alignmentOf(markdown::Align align, Qt::LayoutDirection direction) {
    switch (align) {
    case markdown::Align::kLeft:
        return Qt::AlignLeft | Qt::AlignAbsolute;
    case markdown::Align::kCenter:
        return Qt::AlignHCenter;
    case markdown::Align::kRight:
        return Qt::AlignRight | Qt::AlignAbsolute;
    case markdown::Align::kDefault:
        break;
    }
    return Qt::AlignAbsolute | (direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft);
}

} // namespace

TextRange TextRange::within(int start, int length) const {
    return {std::clamp(from - start, 0, length), std::clamp(to - start, 0, length)};
}

Qt::LayoutDirection directionOf(const QString& text, Qt::LayoutDirection fallback) {
    for (const QChar character : QStringView(text).left(kDirectionSearch)) {
        switch (character.direction()) {
        case QChar::DirL:
            return Qt::LeftToRight;
        case QChar::DirR:
        case QChar::DirAL:
            return Qt::RightToLeft;
        default:
            break;
        }
    }
    return fallback;
}

LaidText::LaidText(const markdown::InlineText& text, const TextLook& look, Qt::LayoutDirection fallback,
                   markdown::Align align)
    : m_math(text, look)
    , m_layout(std::make_unique<QTextLayout>(m_math.laidText(), look.font))
    , m_look(look)
    , m_direction(directionOf(m_math.laidText(), fallback)) {
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(m_direction);
    option.setAlignment(alignmentOf(align, m_direction));
    m_layout->setTextOption(option);
    m_layout->setCacheEnabled(true);
    setFormats();
}

void LaidText::setFormats() {
    QList<QTextLayout::FormatRange> formats = m_math.formats();
    formats.reserve(formats.size() + m_math.spans().size());
    for (const markdown::Span& span : m_math.spans()) {
        formats.append(formatOf(span, m_look));
    }
    m_hasKeys = std::ranges::any_of(m_math.spans(), [](const auto& span) { return span.style & markdown::kKeyboard; });
    appendKeyRoom(formats);
    formats.append(m_colours);
    m_layout->setFormats(formats);
}

/// Keys stand clear of their neighbours: what is before one and its own last letter take more room, beside a space half
/// as much.
void LaidText::appendKeyRoom(QList<QTextLayout::FormatRange>& formats) const {
    const auto widen = [&](int at, double room) {
        QFont font = m_look.font;
        for (const auto& range : std::as_const(formats)) {
            if (range.start <= at && at < range.start + range.length &&
                range.format.hasProperty(QTextFormat::FontFamilies)) {
                font = range.format.font();
            }
        }
        font.setLetterSpacing(QFont::AbsoluteSpacing, room);
        QTextLayout::FormatRange range;
        range.start = at;
        range.length = 1;
        range.format.setFont(font);
        formats.append(range);
    };
    const auto isSign = [](QChar c) { // one that stands alone: nothing joins it, and no formula stands in its place
        return c.isPunct() || c.isSymbol() || c.isDigit() || (c.isLetter() && c.direction() == QChar::DirL);
    };
    for (const markdown::Span& span : m_math.spans()) {
        if ((span.style & markdown::kKeyboard) == 0 || span.length == 0) {
            continue;
        }
        const QString& text = m_math.laidText();
        const int end = span.start + span.length;
        if (end < text.size()) {
            widen(end - 1, text.at(end).isSpace() ? kKeyRoom / 2 : kKeyRoom);
        }
        if (span.start > 0 && text.at(span.start - 1) == u' ') {
            widen(span.start - 1, kKeyRoom / 2);
        } else if (span.start > 0 && isSign(text.at(span.start - 1))) {
            widen(span.start - 1, kKeyRoom);
        }
    }
}

void LaidText::setColours(QList<QTextLayout::FormatRange> colours) {
    m_colours = std::move(colours);
    setFormats();
}

LaidText::~LaidText() = default;
LaidText::LaidText(LaidText&&) noexcept = default;
LaidText& LaidText::operator=(LaidText&&) noexcept = default;

double LaidText::layout(double width) {
    m_lines.clear();
    if (m_math.fit(width)) {
        setFormats();
    }
    double y = 0;
    auto object = m_math.objects().begin();
    m_layout->beginLayout();
    while (true) {
        QTextLine line = m_layout->createLine();
        if (!line.isValid()) {
            break;
        }
        line.setLineWidth(std::max(1.0, width));
        double above = line.ascent();
        double below = line.height() - line.ascent();
        for (; object != m_math.objects().end() && object->at < line.textStart() + line.textLength(); ++object) {
            above = std::max(above, object->layout->ascent() * object->scale + kFormulaGap);
            below = std::max(below, object->layout->descent() * object->scale + kFormulaGap);
        }
        const double height = std::max(m_look.lineHeight, std::ceil(above + below));
        line.setPosition({0, y + std::floor((height - above - below) / 2 + above - line.ascent())});
        m_lines.append({y, height});
        y += height;
    }
    m_layout->endLayout();
    m_height = std::ceil(y);
    return m_height;
}

double LaidText::naturalWidth() const {
    double width = 0;
    for (int i = 0; i < m_layout->lineCount(); ++i) {
        width = std::max(width, m_layout->lineAt(i).naturalTextWidth());
    }
    return width;
}

QList<double> LaidText::lineBottoms() const {
    QList<double> bottoms;
    for (const Line& line : m_lines) {
        bottoms.append(line.top + line.height);
    }
    return bottoms;
}

double LaidText::firstBaseline() const {
    if (m_layout->lineCount() == 0) {
        return m_look.lineHeight;
    }
    const QTextLine line = m_layout->lineAt(0);
    return line.y() + line.ascent();
}

/// What lies behind code, keys and marked words.
void LaidText::paintFills(QPainter& painter, QPointF at, const QRectF& clip, const Colors& colors) const {
    constexpr quint16 kFilled = markdown::kCodeSpan | markdown::kKeyboard | markdown::kMarked;
    for (const markdown::Span& span : m_math.spans()) {
        if (!(span.style & kFilled)) {
            continue;
        }
        const bool key = (span.style & markdown::kKeyboard) != 0;
        const bool marked = (span.style & markdown::kMarked) != 0;
        for (const QRectF& rect : laidRects({span.start, span.start + span.length})) {
            const double side = key ? kKeyRoom / 2 - 1 : 1;
            const QRectF fill = rect.translated(at).adjusted(-side, 2, side, -2);
            if (fill.intersects(clip)) {
                painter.setPen(key ? QPen(colors.ink3, 1) : QPen(Qt::NoPen));
                painter.setBrush(marked ? markColor(colors) : m_look.codeFill);
                painter.drawRoundedRect(key ? fill.adjusted(0.5, 0.5, -0.5, -0.5) : fill, Space::k1, Space::k1);
            }
        }
    }
}

void LaidText::paint(QPainter& painter, QPointF at, const QRectF& clip, const Colors& colors,
                     TextRange selection) const {
    paintFills(painter, at, clip, colors);
    if (!selection.isEmpty()) {
        const QColor back = selectionColor(colors);
        for (const QRectF& rect : rectsOf(selection)) {
            painter.fillRect(rect.translated(at), back);
        }
    }
    painter.setPen(m_look.ink);
    for (int i = 0; i < m_lines.size(); ++i) { // exactly those in the clip: on paper what is cut off is still text
        const double top = at.y() + m_lines.at(i).top;
        if (top >= clip.bottom()) {
            break;
        }
        if (top + m_lines.at(i).height > clip.top()) {
            m_layout->lineAt(i).draw(&painter, at);
        }
    }
    paintFormulas(painter, at, clip);
}

QRectF LaidText::formulaRect(const InlineMath::Object& object, int line) const {
    const QTextLine text = m_layout->lineAt(line);
    const double left = std::min(text.cursorToX(object.at), text.cursorToX(object.at + 1));
    return {left, m_lines.at(line).top, object.width(), m_lines.at(line).height};
}

void LaidText::paintFormulas(QPainter& painter, QPointF at, const QRectF& clip) const {
    for (const InlineMath::Object& object : m_math.objects()) {
        const QTextLine text = m_layout->lineForTextPosition(object.at);
        if (!text.isValid()) {
            continue;
        }
        const QRectF rect = formulaRect(object, text.lineNumber()).translated(at);
        if (rect.bottom() <= clip.top() || rect.top() >= clip.bottom()) {
            continue;
        }
        const QColor ink = object.link >= 0 ? m_look.linkInk : m_look.ink;
        const QPointF baseline(rect.left(), at.y() + text.y() + text.ascent());
        if (object.scale == 1) {
            object.layout->paint(painter, baseline, ink);
            continue;
        }
        painter.save();
        painter.translate(baseline);
        painter.scale(object.scale, object.scale);
        object.layout->paint(painter, {}, ink);
        painter.restore();
    }
}

int LaidText::lineAt(double y) const {
    const auto found = std::ranges::upper_bound(m_lines, y, {}, &Line::top);
    return std::max(0, int(found - m_lines.begin()) - 1);
}

int LaidText::offsetAt(QPointF point) const {
    if (m_lines.isEmpty()) {
        return 0;
    }
    return m_math.textPlace(m_layout->lineAt(lineAt(point.y())).xToCursor(point.x()));
}

void LaidText::appendLineRects(QList<QRectF>& rects, int line, TextRange range) const {
    const QTextLine text = m_layout->lineAt(line);
    const int from = std::max(range.from, text.textStart());
    const int to = std::min(range.to, text.textStart() + text.textLength());
    if (from >= to) {
        return;
    }
    const auto known = rects.size();
    int done = from;
    for (const InlineMath::Object& object : m_math.objects()) { // their glyphs don't know how wide they are
        if (object.at >= from && object.at < to) {
            appendGlyphRects(rects, line, {done, object.at});
            rects.append(formulaRect(object, line));
            done = object.at + 1;
        }
    }
    appendGlyphRects(rects, line, {done, to});
    if (rects.size() == known) { // an empty line in the selection still shows
        rects.append({text.cursorToX(from), m_lines.at(line).top, m_look.lineHeight / 4, m_lines.at(line).height});
    }
}

void LaidText::appendGlyphRects(QList<QRectF>& rects, int line, TextRange range) const {
    if (range.isEmpty()) {
        return;
    }
    const QTextLine text = m_layout->lineAt(line);
    const Line& box = m_lines.at(line);
    const auto known = rects.size();
    const double apart = m_hasKeys ? kKeyRoom + 1 : 1; // the room round a key isn't part of its glyphs
    // Glyphs, not cursor positions: where directions meet a cursor has two places.
    for (const QGlyphRun& run : text.glyphRuns(range.from, range.to - range.from)) {
        const auto positions = run.positions();
        const auto advances = run.rawFont().advancesForGlyphIndexes(run.glyphIndexes());
        for (qsizetype i = 0; i < positions.size() && i < advances.size(); ++i) {
            const QRectF rect(positions.at(i).x(), box.top, advances.at(i).x(), box.height);
            QRectF* last = rects.size() > known ? &rects.last() : nullptr;
            if (last != nullptr && rect.left() <= last->right() + apart && rect.right() >= last->left() - apart) {
                *last |= rect;
            } else if (rect.width() > 0) {
                rects.append(rect);
            }
        }
    }
}

QList<QRectF> LaidText::rectsOf(TextRange range) const {
    return laidRects({m_math.laidStart(range.from), m_math.laidEnd(range.to)});
}

QList<QRectF> LaidText::laidRects(TextRange range) const {
    QList<QRectF> rects;
    if (range.isEmpty() || m_lines.isEmpty()) {
        return rects;
    }
    const int first = m_layout->lineForTextPosition(range.from).lineNumber();
    for (int line = std::max(0, first); line < m_lines.size(); ++line) {
        if (m_layout->lineAt(line).textStart() >= range.to) {
            break;
        }
        appendLineRects(rects, line, range);
    }
    return rects;
}

int LaidText::linkAt(QPointF point) const {
    const int line = lineAt(point.y());
    for (const InlineMath::Object& object : m_math.objects()) {
        if (object.link >= 0 && m_layout->lineForTextPosition(object.at).lineNumber() == line &&
            formulaRect(object, line).contains(point)) {
            return object.link;
        }
    }
    for (const markdown::Span& span : m_math.spans()) {
        if (span.link < 0) {
            continue;
        }
        QList<QRectF> rects;
        const QTextLine text = m_lines.isEmpty() ? QTextLine() : m_layout->lineAt(line);
        if (!text.isValid() || span.start >= text.textStart() + text.textLength() ||
            span.start + span.length <= text.textStart()) {
            continue;
        }
        appendLineRects(rects, line, {span.start, span.start + span.length});
        for (const QRectF& rect : rects) {
            if (rect.contains(point)) {
                return span.link;
            }
        }
    }
    return -1;
}

TextRange LaidText::linkRange(int link) const {
    TextRange range{-1, -1};
    for (const markdown::Span& span : m_math.spans()) {
        if (span.link == link) {
            range.from = range.from < 0 ? span.start : range.from;
            range.to = span.start + span.length;
        }
    }
    range = range.from < 0 ? TextRange{} : TextRange{m_math.textPlace(range.from), m_math.textPlace(range.to)};
    for (const InlineMath::Object& object : m_math.objects()) {
        if (object.link == link) {
            const bool alone = range.isEmpty();
            range.from = alone ? object.start : std::min(range.from, object.start);
            range.to = std::max(range.to, object.start + object.length);
        }
    }
    return range;
}

} // namespace alcuin::ui
