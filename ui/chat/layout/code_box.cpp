#include "chat/layout/code_box.h"

#include "chat/layout/code_formats.h"
#include "chat/paint/pieces.h"
#include "theme/style.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {

constexpr int kPiece = 1024;        ///< characters shaped at once
constexpr int kTabStop = 4;         ///< in characters
constexpr size_t kMostShaped = 600; ///< pieces kept shaped: some screens full
constexpr double kLine = 1.45;
constexpr int kBarRoom = 12;

double lineHeightOf(const Look& look) {
    return std::ceil(kLine * pixelSizeOf(look.code));
}

double headerHeightOf(const Look& look) {
    return std::max<double>(look.target + Space::k1, std::ceil(1.6 * look.smallEm));
}

bool isPlainAscii(QStringView text) {
    return std::ranges::all_of(text, [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7F; });
}

} // namespace

CodeBox::CodeBox(const markdown::Block& block, const Look& look, Place place)
    : m_code(block.text.text)
    , m_language(block.language)
    , m_look(look)
    , m_place(place)
    , m_text(look.text(place))
    , m_lineHeight(lineHeightOf(look))
    , m_headerHeight(headerHeightOf(look)) {
    m_text.font = look.code;
    m_lexed = look.languages ? look.languages->find(m_language) : nullptr;
    if (m_lexed != nullptr) {
        m_highlighter = std::make_unique<highlight::Highlighter>(*m_lexed, *look.languages);
    }
    m_firstPiece.push_back(0);
    split(0, 0);
}

CodeBox::~CodeBox() = default;

double CodeBox::heightOf(const markdown::Block& block, const Look& look) {
    const auto lines = block.text.text.count(QLatin1Char('\n')) + 1;
    return std::ceil(headerHeightOf(look) + double(lines) * lineHeightOf(look) + kBarRoom);
}

double CodeBox::widthOf(int start, int length) const {
    const QStringView text = QStringView(m_code).mid(start, length);
    if (isPlainAscii(text)) {
        return m_look.codeAdvance * double(length);
    }
    double width = 0; // an estimate until the line is seen: wide scripts take two columns
    for (const QChar c : text) {
        width += c == QLatin1Char('\t') ? kTabStop : c.unicode() >= 0x1100 ? 2 : 1;
    }
    return width * m_look.codeAdvance;
}

/// Cuts the text from `start` on, which stands at `x` in the last line begun.
void CodeBox::split(int start, double x) {
    for (;;) {
        const auto found = m_code.indexOf(QLatin1Char('\n'), start);
        const int end = found < 0 ? int(m_code.size()) : int(found);
        int from = start;
        do {
            int length = std::min(kPiece, end - from);
            if (length == kPiece && m_code.at(from + length - 1).isHighSurrogate()) {
                --length;
            }
            m_pieces.push_back({from, length, x, widthOf(from, length)});
            x += m_pieces.back().width;
            from += length;
        } while (from < end);
        m_scroll.content = std::max(m_scroll.content, x);
        m_firstPiece.push_back(int(m_pieces.size()));
        if (found < 0) {
            return;
        }
        start = end + 1;
        x = 0;
    }
}

/// Code that streams gets longer: what was cut, lexed and shaped of it stays.
bool CodeBox::become(const markdown::Block& block) {
    if (block.kind != markdown::BlockKind::kCode || block.language != m_language) {
        return false;
    }
    const QString& code = block.text.text;
    if (code.startsWith(m_code)) {
        const Piece last = m_pieces.back();
        const int line = lineCount() - 1;
        const int cut = int(m_pieces.size()) - 1;
        m_code = code;
        forgetFrom(std::max(m_firstPiece[size_t(line)], cut - 1)); // a colour may change a little before the old end
        m_pieces.pop_back();
        m_firstPiece.pop_back();
        split(last.start, last.x);
        if (m_highlighter) {
            m_highlighter->grew(line);
        }
        return true;
    }
    const auto different = std::ranges::mismatch(m_code, code).in1 - m_code.cbegin();
    const auto after = std::ranges::upper_bound(m_pieces, int(different), {}, &Piece::start);
    const int line = lineOf(std::max(0, int(after - m_pieces.begin()) - 1));
    const int first = m_firstPiece[size_t(line)];
    const int start = m_pieces[size_t(first)].start;
    m_code = code;
    forgetFrom(first);
    m_pieces.resize(size_t(first));
    m_firstPiece.resize(size_t(line) + 1);
    split(start, 0);
    if (m_highlighter) {
        m_highlighter->changed(line);
    }
    return true;
}

void CodeBox::forgetFrom(int piece) {
    m_shaped.erase(m_shaped.lower_bound(piece), m_shaped.end());
}

int CodeBox::lineOf(int piece) const {
    return int(std::ranges::upper_bound(m_firstPiece, piece) - m_firstPiece.begin()) - 1;
}

QStringView CodeBox::lineText(int line) const {
    const int start = m_pieces[size_t(m_firstPiece[size_t(line)])].start;
    return QStringView(m_code).mid(start, lineEnd(line) - start);
}

int CodeBox::lineCount() const {
    return int(m_firstPiece.size()) - 1;
}

double CodeBox::layout(double width) {
    m_width = width;
    m_scroll.room = std::max(1.0, width - 2 * Space::k3);
    m_height = std::ceil(m_headerHeight + lineCount() * m_lineHeight + kBarRoom);
    m_scroll.track = QRectF(Space::k3, m_height - 9, m_scroll.room, 5);
    m_scroll.scrollTo(m_scroll.offset);
    return m_height;
}

QPointF CodeBox::textOrigin() const {
    return {Space::k3 - m_scroll.offset, m_headerHeight};
}

QTextLayout& CodeBox::shaped(int piece) const {
    auto& entry = m_shaped[piece];
    if (!entry) {
        const Piece& part = m_pieces[size_t(piece)];
        entry = std::make_unique<QTextLayout>(m_code.mid(part.start, part.length), m_text.font);
        QTextOption option;
        option.setWrapMode(QTextOption::NoWrap);
        option.setTextDirection(Qt::LeftToRight);
        option.setTabStopDistance(kTabStop * m_look.codeAdvance);
        entry->setTextOption(option);
        entry->setCacheEnabled(true);
        if (m_highlighter) {
            const int line = lineOf(piece);
            const int lineStart = m_pieces[size_t(m_firstPiece[size_t(line)])].start;
            const auto& spans = m_highlighter->spansOf(line, [this](int i) { return lineText(i); });
            entry->setFormats(formatsOf(spans, part.start - lineStart, part.length, m_look.colors));
        }
        entry->beginLayout();
        QTextLine line = entry->createLine();
        if (line.isValid()) {
            line.setLineWidth(1e6);
            line.setPosition({0, std::floor((m_lineHeight - line.height()) / 2)});
        }
        entry->endLayout();
    }
    return *entry;
}

void CodeBox::paint(QPainter& painter, QPointF at, const BoxPaint& paint) {
    paintGround(painter, QRectF(at, QSizeF(m_width, m_height)), Space::kCorner, m_look.codeFill(m_place),
                m_look.colors);
    paintHeader(painter, at, paint);
    if (!paint.marks.isEmpty()) {
        painter.save();
        painter.setClipRect(QRectF(at.x() + Space::k2, at.y() + m_headerHeight, m_width - 2 * Space::k2, m_height),
                            Qt::IntersectClip);
        paintMarks(painter, at, *this, paint);
        painter.restore();
    }
    paintLines(painter, at, paint);
    paintScrollBar(painter, at, paint);
    if (m_shaped.size() > kMostShaped) {
        m_shaped.clear();
    }
}

int CodeBox::lineAt(double y) const {
    return std::clamp(int((y - m_headerHeight) / m_lineHeight), 0, lineCount() - 1);
}

int CodeBox::lineEnd(int line) const {
    const Piece& last = m_pieces[size_t(m_firstPiece[size_t(line) + 1] - 1)];
    return last.start + last.length;
}

int CodeBox::pieceAt(int line, double x) const {
    int piece = m_firstPiece[size_t(line)];
    while (piece + 1 < m_firstPiece[size_t(line) + 1] && m_pieces[size_t(piece) + 1].x <= x) {
        ++piece;
    }
    return piece;
}

int CodeBox::offsetAt(QPointF point) const {
    if (point.y() < m_headerHeight) {
        return 0;
    }
    if (point.y() >= m_headerHeight + lineCount() * m_lineHeight) {
        return int(m_code.size());
    }
    const double x = point.x() - textOrigin().x();
    const int piece = pieceAt(lineAt(point.y()), x);
    const Piece& part = m_pieces[size_t(piece)];
    const QTextLayout& layout = shaped(piece);
    return part.start + (layout.lineCount() > 0 ? layout.lineAt(0).xToCursor(x - part.x) : 0);
}

double CodeBox::xOf(int offset, int line) const {
    int piece = m_firstPiece[size_t(line)];
    while (piece + 1 < m_firstPiece[size_t(line) + 1] && m_pieces[size_t(piece) + 1].start <= offset) {
        ++piece;
    }
    const Piece& part = m_pieces[size_t(piece)];
    const QTextLayout& layout = shaped(piece);
    return part.x + (layout.lineCount() > 0 ? layout.lineAt(0).cursorToX(offset - part.start) : 0);
}

QList<QRectF> CodeBox::rectsOf(TextRange range) const {
    constexpr int kMostLines = 400; // more is never in view
    QList<QRectF> rects;
    const auto first = std::partition_point(m_firstPiece.begin(), m_firstPiece.end() - 1,
                                            [&](int piece) { return m_pieces[size_t(piece)].start <= range.from; });
    for (int line = std::max(0, int(first - m_firstPiece.begin()) - 1); line < lineCount() && rects.size() < kMostLines;
         ++line) {
        const int start = m_pieces[size_t(m_firstPiece[size_t(line)])].start;
        const int end = lineEnd(line);
        if (start >= range.to) {
            break;
        }
        if (end < range.from) {
            continue;
        }
        const double left = xOf(std::max(range.from, start), line);
        const double right = range.to > end ? xOf(end, line) + m_look.codeAdvance / 2 : xOf(range.to, line);
        rects.append(QRectF(left, line * m_lineHeight, right - left, m_lineHeight).translated(textOrigin()));
    }
    return rects;
}

double CodeBox::naturalWidth() const {
    return m_scroll.content + 2 * Space::k3;
}

double CodeBox::firstBaseline() const {
    return m_headerHeight / 2 + QFontMetricsF(m_look.secondary).ascent() / 2;
}

SideScroll* CodeBox::sideScroll() {
    return &m_scroll;
}

QRectF CodeBox::copyButton() const {
    const double size = m_look.target;
    const double x = m_look.isRightToLeft() ? 2 : m_width - size - 2;
    return {x, (m_headerHeight - size) / 2, size, size};
}

QRectF CodeBox::saveButton() const {
    const QRectF copy = copyButton();
    return copy.translated(m_look.isRightToLeft() ? copy.width() : -copy.width(), 0);
}

bool CodeBox::isText(QPointF point) const {
    return point.y() >= m_headerHeight && point.y() < m_headerHeight + lineCount() * m_lineHeight;
}

} // namespace alcuin::ui
