#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "chat/layout/box.h"
#include "chat/markdown/math_definitions.h"

namespace alcuin::ui {

/// Blocks set below each other at one width. Heights are guesses until a block comes into view.
class Flow {
public:
    /// What stands where one block begins.
    struct Item {
        double top = 0;
        double height = 0;
        double left = 0;  ///< of the box in the flow
        double width = 0; ///< of the box
        bool rightToLeft = false;
        bool measured = false;
        std::unique_ptr<Box> box;
    };

    /// Shows these blocks. Of those shown before, the first `unchanged` are known to be the same; the others are
    /// compared. What is the same keeps its layout.
    void setBlocks(const markdown::Blocks& blocks, int unchanged = 0);
    /// Sets the look and the width; everything is laid out again when it comes into view.
    void setFrame(const Look& look, Place place, double width);

    /// Lays out what lies between two heights. Returns true if something turned out other than guessed.
    bool measure(double from, double to);
    /// Gives back the memory of what was laid out; heights stay.
    void release();

    double height() const {
        return m_height;
    }
    double width() const {
        return m_width;
    }
    /// The widest measured block, with its indent.
    double naturalWidth() const;
    const markdown::Blocks& blocks() const {
        return m_blocks;
    }
    int count() const {
        return int(m_items.size());
    }
    const Item& item(int index) const {
        return m_items[size_t(index)];
    }
    /// The block at that height, or the nearest.
    int indexAt(double y) const;
    /// The block laid out if it wasn't, at once; heights may change.
    const Item& ensured(int index);

    /// What isn't the blocks' own: the selection of each, and which block's button or bar is under the pointer.
    struct PaintState {
        std::function<TextRange(int block)> selection;
        std::function<Marks(int block)> marks;
        int hoveredCopy = -1;
        int hoveredSave = -1;
        int doneCopy = -1;
        int hoveredScroll = -1;
    };
    void paint(QPainter& painter, QPointF at, const QRectF& clip, const PaintState& state) const;

private:
    void place(int index);
    void stackFrom(int index);
    double gapBefore(int index) const;
    bool measureItem(int index);
    void paintContainers(QPainter& painter, QPointF at, int index, const QRectF& clip) const;
    void paintMarker(QPainter& painter, const markdown::Block& block, int depth, const QRectF& room, double baseline,
                     bool rightToLeft) const;
    double indentOf(const markdown::Container& container) const;

    markdown::Blocks m_blocks;
    std::vector<Item> m_items;
    Look m_look;
    markdown::MathDefinitions m_definitions;
    Place m_place = Place::kAnswer;
    double m_width = 0;
    double m_height = 0;
};

} // namespace alcuin::ui
