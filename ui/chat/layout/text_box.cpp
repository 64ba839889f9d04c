#include "chat/layout/text_box.h"

#include "chat/paint/pieces.h"

#include <QPainter>

namespace alcuin::ui {

namespace {
TextLook lookOf(const markdown::Block& block, const Look& look, Place place) {
    if (markdown::isInNote(block)) {
        TextLook note = look.text(Place::kReasoning); // as small and quiet as what was thought
        note.codeFill = look.codeFill(place);
        return note;
    }
    return block.kind == markdown::BlockKind::kHeading ? look.headingText(place, block.level) : look.text(place);
}
} // namespace

TextBox::TextBox(const markdown::Block& block, const Look& look, Place place)
    : m_text(block.text, lookOf(block, look, place), look.direction) {}

double TextBox::layout(double width) {
    return m_text.layout(width);
}

void TextBox::paint(QPainter& painter, QPointF at, const BoxPaint& paint) {
    paintMarks(painter, at, *this, paint);
    m_text.paint(painter, at, paint.clip, paint.look.colors, paint.selection);
}

int TextBox::offsetAt(QPointF point) const {
    return m_text.offsetAt(point);
}

QList<QRectF> TextBox::rectsOf(TextRange range) const {
    return m_text.rectsOf(range);
}

int TextBox::linkAt(QPointF point) const {
    return m_text.linkAt(point);
}

TextRange TextBox::linkRange(int link) const {
    return m_text.linkRange(link);
}

double TextBox::naturalWidth() const {
    return m_text.naturalWidth();
}

double TextBox::firstBaseline() const {
    return m_text.firstBaseline();
}

QList<double> TextBox::breaks() const {
    return m_text.lineBottoms();
}

RuleBox::RuleBox(const Look& look) : m_color(look.colors.line) {}

double RuleBox::layout(double width) {
    m_width = width;
    return kHeight;
}

void RuleBox::paint(QPainter& painter, QPointF at, const BoxPaint&) {
    painter.fillRect(QRectF(at.x(), at.y() + 4, m_width, 1), m_color);
}

int RuleBox::offsetAt(QPointF) const {
    return 0;
}

QList<QRectF> RuleBox::rectsOf(TextRange) const {
    return {};
}

double RuleBox::naturalWidth() const {
    return m_width;
}

} // namespace alcuin::ui
