#pragma once

#include "chat/layout/box.h"

namespace alcuin::ui {

/// Code on paper: nobody scrolls there, so long lines wrap. On a quiet panel, in its language's colours.
class PaperCodeBox : public Box {
public:
    PaperCodeBox(const markdown::Block& block, const Look& look, Place place);

    double layout(double width) override;
    void paint(QPainter& painter, QPointF at, const BoxPaint& paint) override;
    int offsetAt(QPointF point) const override;
    QList<QRectF> rectsOf(TextRange range) const override;
    double naturalWidth() const override;
    QList<double> breaks() const override;

private:
    LaidText m_text;
    QColor m_fill;
    double m_width = 0;
    double m_height = 0;
};

/// A table on paper: as on the screen where it fits, else smaller until it does.
std::unique_ptr<Box> makePaperTable(const markdown::Block& block, const Look& look, Place place);

} // namespace alcuin::ui
