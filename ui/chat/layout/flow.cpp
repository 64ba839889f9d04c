#include "chat/layout/flow.h"

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {

using markdown::Block;
using markdown::BlockKind;
using markdown::Container;
using markdown::ContainerKind;

// Gaps and indents, in em of the flow's text.
constexpr double kParagraphGap = 0.8;
constexpr double kTightGap = 0.25;
constexpr double kFrameGap = 0.95; ///< around code and tables
constexpr double kHeadingGap[] = {1.5, 1.4, 1.2};
constexpr double kBelowHeading = 0.5;
constexpr double kRuleGap = 1.1;
constexpr double kNotesGap = 1.8; ///< above the first footnote: a line stands in it
constexpr double kQuoteIndent = 1.15;
constexpr double kBulletIndent = 1.5;
constexpr double kNumberIndent = 2.0;
constexpr double kMostIndent = 0.6; ///< of the width: deep nesting mustn't leave words one letter wide

bool sameTightList(const Block& before, const Block& after) {
    if (after.containers.isEmpty() || before.containers.isEmpty()) {
        return false;
    }
    const Container& inner = after.containers.last();
    return inner.kind != ContainerKind::kQuote && inner.tight;
}

bool beginsNotes(const Block& before, const Block& block) {
    return markdown::isInNote(block) && !markdown::isInNote(before);
}

bool isFramed(const Block& block) {
    return block.kind == BlockKind::kCode || block.kind == BlockKind::kTable;
}

} // namespace

double Flow::indentOf(const Container& container) const {
    const double em = m_place == Place::kReasoning ? m_look.smallEm : m_look.em;
    switch (container.kind) {
    case ContainerKind::kQuote:
        return std::round(kQuoteIndent * em);
    case ContainerKind::kOrdered:
    case ContainerKind::kNote:
        return std::round(kNumberIndent * em);
    default:
        return std::round(kBulletIndent * em);
    }
}

double Flow::gapBefore(int index) const {
    const Block& block = m_blocks.at(index);
    if (index == 0 || block.continues) {
        return 0;
    }
    const Block& before = m_blocks.at(index - 1);
    if (block.kind == BlockKind::kTyped && before.kind == BlockKind::kTyped) {
        return 0;
    }
    const double em = m_place == Place::kReasoning ? m_look.smallEm : m_look.em;
    double gap = sameTightList(before, block) ? kTightGap : kParagraphGap;
    if (isFramed(block) || isFramed(before)) {
        gap = kFrameGap;
    }
    if (block.kind == BlockKind::kRule || before.kind == BlockKind::kRule) {
        gap = kRuleGap;
    }
    if (before.kind == BlockKind::kHeading) {
        gap = kBelowHeading;
    }
    if (beginsNotes(before, block)) {
        gap = kNotesGap;
    }
    if (block.kind == BlockKind::kHeading && before.kind != BlockKind::kHeading) {
        gap = kHeadingGap[std::clamp(int(block.level), 1, 3) - 1];
    }
    return std::round(gap * em);
}

void Flow::place(int index) {
    Item& item = m_items[size_t(index)];
    const Block& block = m_blocks.at(index);
    double indent = 0;
    for (const Container& container : block.containers) {
        indent += indentOf(container);
    }
    indent = std::min(indent, std::floor(kMostIndent * m_width));
    item.rightToLeft = directionOf(block.text.text, m_look.direction) == Qt::RightToLeft;
    if (block.kind == BlockKind::kCode || block.kind == BlockKind::kRule || block.kind == BlockKind::kTable) {
        item.rightToLeft = m_look.isRightToLeft();
    }
    if (block.kind == BlockKind::kMath) { // it has none of its own
        item.rightToLeft = index > 0 ? m_items[size_t(index) - 1].rightToLeft : m_look.isRightToLeft();
    }
    item.width = std::max(1.0, m_width - indent);
    item.left = item.rightToLeft ? 0 : indent;
    if (!item.measured) {
        item.height = estimateHeight(block, m_look, m_place, item.width);
    }
}

void Flow::stackFrom(int index) {
    double y = index > 0 ? m_items[size_t(index) - 1].top + m_items[size_t(index) - 1].height : 0;
    for (int i = index; i < count(); ++i) {
        Item& item = m_items[size_t(i)];
        item.top = y + gapBefore(i);
        y = item.top + item.height;
    }
    m_height = std::ceil(y);
}

void Flow::setBlocks(const markdown::Blocks& blocks, int unchanged) {
    int same = std::min({unchanged, count(), int(blocks.size())});
    if (m_definitions.update(blocks, same)) { // every formula may mean something else now
        m_look.definitions = m_definitions.text();
        same = 0;
        m_items.clear();
        m_blocks.clear();
    }
    while (same < count() && same < blocks.size() && m_blocks.at(same) == blocks.at(same)) {
        ++same;
    }
    // What streams is the block at `same`: it keeps what is the same of it, or at least its sideways position.
    SideScroll kept;
    std::unique_ptr<Box> grown;
    if (same < count() && same < blocks.size() && m_blocks.at(same).kind == blocks.at(same).kind) {
        if (const Item& item = m_items[size_t(same)]; item.box && item.box->sideScroll()) {
            kept = *item.box->sideScroll();
        }
        if (Item& item = m_items[size_t(same)]; item.box && item.box->become(blocks.at(same))) {
            grown = std::move(item.box);
        }
    }
    m_blocks = blocks;
    m_items.resize(size_t(same));
    m_items.resize(size_t(blocks.size()));
    for (int i = same; i < count(); ++i) {
        this->place(i);
    }
    if (grown) {
        m_items[size_t(same)].box = std::move(grown);
    } else if (kept.offset > 0) {
        Item& item = m_items[size_t(same)];
        item.box = makeBox(m_blocks.at(same), m_look, m_place);
        item.box->sideScroll()->offset = kept.offset;
    }
    stackFrom(same);
}

void Flow::setFrame(const Look& look, Place place, double width) {
    m_look = look;
    m_look.definitions = m_definitions.text();
    m_place = place;
    m_width = width;
    for (int i = 0; i < count(); ++i) {
        Item& item = m_items[size_t(i)];
        item.measured = false;
        item.box.reset();
        this->place(i);
    }
    stackFrom(0);
}

bool Flow::measureItem(int index) {
    Item& item = m_items[size_t(index)];
    if (item.measured && item.box) {
        return false;
    }
    if (!item.box) {
        item.box = makeBox(m_blocks.at(index), m_look, m_place);
    }
    const double height = item.box->layout(item.width);
    const bool changed = !item.measured && height != item.height;
    item.height = height;
    item.measured = true;
    return changed;
}

bool Flow::measure(double from, double to) {
    double shift = 0; // what lies below moves by what was guessed wrongly above
    bool changed = false;
    int i = count() > 0 ? indexAt(from) : 0;
    for (; i < count() && m_items[size_t(i)].top + shift < to; ++i) {
        Item& item = m_items[size_t(i)];
        item.top += shift;
        const double guessed = item.height;
        if (measureItem(i)) {
            shift += item.height - guessed;
            changed = true;
        }
    }
    for (; shift != 0 && i < count(); ++i) {
        m_items[size_t(i)].top += shift;
    }
    m_height += shift;
    return changed;
}

const Flow::Item& Flow::ensured(int index) {
    if (measureItem(index)) {
        stackFrom(index);
    }
    return m_items[size_t(index)];
}

void Flow::release() {
    for (Item& item : m_items) {
        item.box.reset();
    }
}

double Flow::naturalWidth() const {
    double width = 0;
    for (int i = 0; i < count(); ++i) {
        const Item& item = m_items[size_t(i)];
        width = std::max(width, (item.box ? item.box->naturalWidth() : m_width) + m_width - item.width);
    }
    return std::min(std::ceil(width), m_width);
}

int Flow::indexAt(double y) const {
    const auto found = std::ranges::upper_bound(m_items, y, {}, &Item::top);
    return std::max(0, int(found - m_items.begin()) - 1);
}

} // namespace alcuin::ui
