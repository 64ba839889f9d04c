#pragma once

#include "chat/layout/box.h"

namespace alcuin::ui {

/// A paragraph, a heading, or lines as they were typed.
class TextBox : public Box {
public:
    TextBox(const markdown::Block& block, const Look& look, Place place);

    double layout(double width) override;
    void paint(QPainter& painter, QPointF at, const BoxPaint& paint) override;
    int offsetAt(QPointF point) const override;
    QList<QRectF> rectsOf(TextRange range) const override;
    int linkAt(QPointF point) const override;
    TextRange linkRange(int link) const override;
    double naturalWidth() const override;
    double firstBaseline() const override;
    QList<double> breaks() const override;

private:
    LaidText m_text;
};

/// A thematic break.
class RuleBox : public Box {
public:
    static constexpr double kHeight = 9;

    explicit RuleBox(const Look& look);

    double layout(double width) override;
    void paint(QPainter& painter, QPointF at, const BoxPaint& paint) override;
    int offsetAt(QPointF point) const override;
    QList<QRectF> rectsOf(TextRange range) const override;
    double naturalWidth() const override;
    bool isText(QPointF) const override {
        return false;
    }

private:
    QColor m_color;
    double m_width = 0;
};

} // namespace alcuin::ui
