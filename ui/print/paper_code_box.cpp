#include "print/paper_code_box.h"

#include "chat/layout/table_box.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {

constexpr double kPad = Space::k2;
constexpr double kCodeLine = 1.4;
constexpr double kLeastScale = 0.62; ///< 6.5 points

markdown::InlineText linesOf(const QString& code) {
    markdown::InlineText text;
    text.text = code;
    text.text.replace(QLatin1Char('\t'), QLatin1String("    "));
    text.text.replace(QLatin1Char('\n'), QChar::LineSeparator);
    return text;
}

TextLook codeLook(const Look& look, Place place) {
    TextLook text = look.text(place);
    text.font = look.code;
    text.lineHeight = std::ceil(kCodeLine * pixelSizeOf(look.code));
    return text;
}

/// Shrunk when even its longest words are too wide; where that would be too small to read, words are broken.
class PaperTable : public Box {
public:
    PaperTable(const markdown::Block& block, const Look& look, Place place) : m_table(block, look, place) {}

    double layout(double width) override {
        double height = m_table.layout(width);
        m_scale = 1;
        if (m_table.naturalWidth() > width) {
            m_scale = std::max(kLeastScale, width / m_table.naturalWidth());
            m_table.setAlwaysFits();
            height = m_table.layout(std::ceil(width / m_scale) + 1);
            m_scale = std::min(m_scale, width / m_table.naturalWidth()); // dozens of columns
        }
        return std::ceil(height * m_scale);
    }
    void paint(QPainter& painter, QPointF at, const BoxPaint& paint) override {
        painter.save();
        painter.translate(at);
        painter.scale(m_scale, m_scale);
        const QRectF clip = paint.clip.translated(-at);
        BoxPaint scaled = paint;
        scaled.clip = QRectF(clip.topLeft() / m_scale, clip.size() / m_scale);
        m_table.paint(painter, {}, scaled);
        painter.restore();
    }
    int offsetAt(QPointF point) const override {
        return m_table.offsetAt(point / m_scale);
    }
    QList<QRectF> rectsOf(TextRange) const override {
        return {};
    }
    double naturalWidth() const override {
        return m_table.naturalWidth() * m_scale;
    }
    QList<double> breaks() const override {
        QList<double> breaks = m_table.breaks();
        for (double& y : breaks) {
            y *= m_scale;
        }
        return breaks;
    }
    double headerHeight() const override {
        return m_table.headerHeight() * m_scale;
    }

private:
    TableBox m_table;
    double m_scale = 1;
};

} // namespace

PaperCodeBox::PaperCodeBox(const markdown::Block& block, const Look& look, Place place)
    : m_text(linesOf(block.text.text), codeLook(look, place), Qt::LeftToRight, markdown::Align::kLeft)
    , m_fill(look.codeFill(place)) {}

double PaperCodeBox::layout(double width) {
    m_width = width;
    m_height = std::ceil(m_text.layout(width - 2 * kPad) + 2 * kPad);
    return m_height;
}

void PaperCodeBox::paint(QPainter& painter, QPointF at, const BoxPaint& paint) {
    painter.fillRect(QRectF(at, QSizeF(m_width, m_height)).intersected(paint.clip), m_fill);
    m_text.paint(painter, at + QPointF(kPad, kPad), paint.clip, paint.look.colors, {});
}

int PaperCodeBox::offsetAt(QPointF point) const {
    return m_text.offsetAt(point - QPointF(kPad, kPad));
}

QList<QRectF> PaperCodeBox::rectsOf(TextRange) const {
    return {};
}

double PaperCodeBox::naturalWidth() const {
    return m_width;
}

QList<double> PaperCodeBox::breaks() const {
    QList<double> breaks = m_text.lineBottoms();
    for (double& y : breaks) {
        y += kPad;
    }
    return breaks;
}

std::unique_ptr<Box> makePaperTable(const markdown::Block& block, const Look& look, Place place) {
    return std::make_unique<PaperTable>(block, look, place);
}

} // namespace alcuin::ui
