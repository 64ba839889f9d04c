#pragma once

#include "chat/layout/box.h"
#include "math/math.h"

namespace alcuin::ui {

/// A formula on lines of its own: in the middle of the column, scrolling sideways where it is wider. Its source, as it
/// was written, where it can't be set. Selected as a whole.
class MathBox : public Box {
public:
    MathBox(const markdown::Block& block, const Look& look, Place place);

    double layout(double width) override;
    void paint(QPainter& painter, QPointF at, const BoxPaint& paint) override;
    int offsetAt(QPointF point) const override;
    QList<QRectF> rectsOf(TextRange range) const override;
    double naturalWidth() const override;
    double firstBaseline() const override;
    QList<double> breaks() const override;
    SideScroll* sideScroll() override;
    bool isText(QPointF point) const override;

    /// A guess from the source alone.
    static double estimateOf(const markdown::Block& block, const Look& look, Place place);

private:
    QRectF formulaRect() const;

    std::shared_ptr<const math::MathLayout> m_formula;
    LaidText m_source;
    QColor m_ink;
    int m_length = 0;
    SideScroll m_scroll;
    double m_height = 0;
    double m_scale = 1; ///< less than one on paper, where nothing scrolls
    bool m_paper = false;
    double m_pageHeight = 0; ///< on paper, where it is known
};

} // namespace alcuin::ui
