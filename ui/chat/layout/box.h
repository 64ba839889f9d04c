#pragma once

#include <memory>

#include "chat/layout/laid_text.h"
#include "chat/layout/marks.h"

namespace alcuin::ui {

/// The sideways position of something wider than its place.
struct SideScroll {
    double offset = 0;
    double content = 0;
    double room = 0;
    QRectF track; ///< where its scroll bar runs, in the box

    double maximum() const {
        return content > room ? content - room : 0;
    }
    void scrollTo(double wanted);
    /// The bar's handle inside the track; null when all is seen.
    QRectF handle() const;
};

/// What a box needs besides its own block when it paints itself.
struct BoxPaint {
    const Look& look;
    QRectF clip;         ///< in the painter's coordinates
    TextRange selection; ///< in the block's flat text
    bool copyHovered = false;
    bool saveHovered = false;
    bool copyDone = false;
    bool scrollHovered = false;
    Marks marks; ///< what was found in it
};

/// One leaf block set at a width. Coordinates are the box's own, from its top left corner; positions count
/// markdown::flatText().
class Box {
public:
    virtual ~Box() = default;

    /// Becomes that block, which came in its place, and keeps what is the same. False: a new box must be made.
    virtual bool become(const markdown::Block&) {
        return false;
    }
    /// Sets the block; returns the height in whole pixels.
    virtual double layout(double width) = 0;
    virtual void paint(QPainter& painter, QPointF at, const BoxPaint& paint) = 0;

    virtual int offsetAt(QPointF point) const = 0;
    virtual QList<QRectF> rectsOf(TextRange range) const = 0;
    virtual int linkAt(QPointF) const {
        return -1;
    }
    /// Where the link with that number (counted over the whole block) stands.
    virtual TextRange linkRange(int) const {
        return {};
    }
    virtual double naturalWidth() const = 0;
    virtual double firstBaseline() const {
        return 0;
    }
    /// Heights between which no line stands, in order, the bottom included: where a page may end. Empty: nowhere.
    virtual QList<double> breaks() const {
        return {};
    }
    /// Of a table: what the next page repeats.
    virtual double headerHeight() const {
        return 0;
    }
    virtual SideScroll* sideScroll() {
        return nullptr;
    }
    /// The button that copies code; null for other blocks.
    virtual QRectF copyButton() const {
        return {};
    }
    /// The button that saves code; null for other blocks.
    virtual QRectF saveButton() const {
        return {};
    }
    /// Text can be selected at the point.
    virtual bool isText(QPointF) const {
        return true;
    }
};

std::unique_ptr<Box> makeBox(const markdown::Block& block, const Look& look, Place place);

/// A guess at the height of a block that wasn't set yet, from its characters alone.
double estimateHeight(const markdown::Block& block, const Look& look, Place place, double width);

/// All links of the block, in the order their numbers count.
QList<QString> linksOf(const markdown::Block& block);

} // namespace alcuin::ui
