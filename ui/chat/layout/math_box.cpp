#include "chat/layout/math_box.h"

#include "chat/markdown/math_marks.h"
#include "chat/paint/pieces.h"
#include "math/formulas.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {

constexpr double kMargin = 2; ///< around the formula, for what hangs over its box
constexpr double kBarRoom = 10;
constexpr double kLineGuess = 2.2; ///< of a line of text, for a formula's line

/// The source as lines of code, each where it was written.
markdown::InlineText sourceOf(const markdown::Block& block) {
    markdown::InlineText text;
    text.text = block.text.text;
    text.text.replace(u'\n', QChar(QChar::LineSeparator));
    return text;
}

TextLook sourceLook(const Look& look, Place place) {
    TextLook text = look.text(place);
    text.font = text.codeFont;
    return text;
}

std::shared_ptr<const math::MathLayout> formulaOf(const markdown::Block& block, const Look& look, Place place) {
    const markdown::MathSource source = markdown::MathSource::of(block.text.text);
    const TextLook text = look.text(place);
    if (!text.formulas || !source.closed) {
        return nullptr;
    }
    return text.formulas->set(text.definitions + source.inside(), pixelSizeOf(text.font),
                              QFontMetricsF(text.font).xHeight(), true);
}

} // namespace

MathBox::MathBox(const markdown::Block& block, const Look& look, Place place)
    : m_formula(formulaOf(block, look, place))
    , m_source(sourceOf(block), sourceLook(look, place), Qt::LeftToRight)
    , m_ink(look.text(place).ink)
    , m_length(int(block.text.text.size()))
    , m_paper(look.paper)
    , m_pageHeight(look.pageHeight) {}

double MathBox::layout(double width) {
    if (!m_formula) {
        m_height = m_source.layout(width);
        return m_height;
    }
    const double natural = std::ceil(m_formula->width() + 2 * kMargin);
    m_scale = 1;
    if (m_paper) { // nobody scrolls there
        const bool whole = m_pageHeight > 0 && m_formula->lineEnds().isEmpty();
        const double high = whole ? m_pageHeight / (m_formula->height() + 4 * kMargin) : 1;
        m_scale = std::min({1.0, std::max(1.0, width) / natural, high});
    }
    m_scroll.content = std::min(m_paper ? width : natural, std::ceil(natural * m_scale));
    m_scroll.room = width;
    m_height = std::ceil(m_formula->ascent() * m_scale) + std::ceil(m_formula->descent() * m_scale) + 2 * kMargin;
    m_scroll.track = QRectF(0, m_height + 4, width, 5);
    m_scroll.scrollTo(m_scroll.offset);
    return std::ceil(m_height + (m_scroll.maximum() > 0 ? kBarRoom : 0));
}

QRectF MathBox::formulaRect() const {
    const double spare = std::max(0.0, m_scroll.room - m_scroll.content);
    return {std::floor(spare / 2) - m_scroll.offset, 0, m_scroll.content, m_height};
}

void MathBox::paint(QPainter& painter, QPointF at, const BoxPaint& paint) {
    if (!m_formula) {
        paintMarks(painter, at, *this, paint);
        m_source.paint(painter, at, paint.clip, paint.look.colors, paint.selection);
        return;
    }
    const QRectF rect = formulaRect().translated(at);
    painter.save();
    if (m_scroll.maximum() > 0) {
        painter.setClipRect(QRectF(at.x(), at.y() - kMargin, m_scroll.room, m_height + 2 * kMargin), Qt::IntersectClip);
    }
    if (!paint.selection.isEmpty()) {
        painter.fillRect(rect, selectionColor(paint.look.colors));
    }
    paintMarks(painter, at, *this, paint);
    painter.translate(rect.left() + kMargin * m_scale, rect.top() + firstBaseline());
    painter.scale(m_scale, m_scale);
    const QRectF clip = paint.clip.translated(-rect.left() - kMargin * m_scale, -rect.top() - firstBaseline());
    m_formula->paint(painter, {}, m_ink, m_paper ? QRectF(clip.topLeft() / m_scale, clip.size() / m_scale) : QRectF());
    painter.restore();
    paintSideScroll(painter, at, m_scroll, paint.look.colors, paint.scrollHovered);
}

int MathBox::offsetAt(QPointF point) const {
    if (!m_formula) {
        return m_source.offsetAt(point);
    }
    return point.x() < formulaRect().center().x() ? 0 : m_length;
}

QList<QRectF> MathBox::rectsOf(TextRange range) const {
    if (!m_formula) {
        return m_source.rectsOf(range);
    }
    return range.isEmpty() ? QList<QRectF>() : QList<QRectF>{formulaRect()};
}

double MathBox::naturalWidth() const {
    return m_formula ? m_scroll.content : m_source.naturalWidth();
}

double MathBox::firstBaseline() const {
    return m_formula ? kMargin + std::ceil(m_formula->ascent() * m_scale) : m_source.firstBaseline();
}

QList<double> MathBox::breaks() const {
    if (!m_formula) {
        return m_source.lineBottoms();
    }
    QList<double> breaks;
    for (const double end : m_formula->lineEnds()) {
        breaks.append(firstBaseline() + (end - m_formula->ascent()) * m_scale);
    }
    breaks.append(m_height);
    return breaks;
}

SideScroll* MathBox::sideScroll() {
    return &m_scroll;
}

bool MathBox::isText(QPointF point) const {
    return !m_formula || point.y() < m_height;
}

double MathBox::estimateOf(const markdown::Block& block, const Look& look, Place place) {
    const auto lines = 1 + block.text.text.count(QLatin1String("\\\\"));
    return std::ceil(kLineGuess * double(lines) * look.lineHeight(place));
}

} // namespace alcuin::ui
