#include "chat/layout/box.h"

#include "chat/layout/code_box.h"
#include "chat/layout/math_box.h"
#include "chat/layout/table_box.h"
#include "chat/layout/text_box.h"
#include "print/paper_code_box.h"

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {
constexpr double kMeanAdvance = 0.52; ///< of a letter in running Latin text, in em
constexpr double kShortestHandle = 32;
} // namespace

void SideScroll::scrollTo(double wanted) {
    offset = std::clamp(wanted, 0.0, maximum());
}

QRectF SideScroll::handle() const {
    if (maximum() <= 0 || track.width() <= 0) {
        return {};
    }
    const double width =
        std::clamp(track.width() * room / content, std::min(kShortestHandle, track.width()), track.width());
    const double left = track.left() + (track.width() - width) * offset / maximum();
    return {left, track.top(), width, track.height()};
}

std::unique_ptr<Box> makeBox(const markdown::Block& block, const Look& look, Place place) {
    if (look.paper && block.kind == markdown::BlockKind::kCode) {
        return std::make_unique<PaperCodeBox>(block, look, place);
    }
    if (look.paper && block.kind == markdown::BlockKind::kTable) {
        return makePaperTable(block, look, place);
    }
    switch (block.kind) {
    case markdown::BlockKind::kCode:
        return std::make_unique<CodeBox>(block, look, place);
    case markdown::BlockKind::kTable:
        return std::make_unique<TableBox>(block, look, place);
    case markdown::BlockKind::kMath:
        return std::make_unique<MathBox>(block, look, place);
    case markdown::BlockKind::kRule:
        return std::make_unique<RuleBox>(look);
    default:
        return std::make_unique<TextBox>(block, look, place);
    }
}

double estimateHeight(const markdown::Block& block, const Look& look, Place place, double width) {
    const double letter = kMeanAdvance * (place == Place::kReasoning ? look.smallEm : look.em);
    const double line = look.lineHeight(place);
    const auto linesOf = [&](qsizetype characters, double room) {
        return std::max(1.0, std::ceil(double(characters) * letter / std::max(letter, room)));
    };
    switch (block.kind) {
    case markdown::BlockKind::kCode:
        return CodeBox::heightOf(block, look);
    case markdown::BlockKind::kMath:
        return MathBox::estimateOf(block, look, place);
    case markdown::BlockKind::kRule:
        return RuleBox::kHeight;
    case markdown::BlockKind::kTable: {
        const double room = width / double(std::max<qsizetype>(1, block.table.columns.size()));
        double height = 0;
        for (int row = 0; row < block.table.rows(); ++row) {
            qsizetype longest = 0;
            for (qsizetype i = 0; i < block.table.columns.size(); ++i) {
                longest = std::max(longest, block.table.cells.at(row * block.table.columns.size() + i).text.size());
            }
            height += linesOf(longest, room) * line + 2 * TableBox::kCellMargin;
        }
        return std::ceil(height);
    }
    default:
        return std::ceil(
            (linesOf(block.text.text.size(), width) + double(block.text.text.count(QChar::LineSeparator))) * line);
    }
}

QList<QString> linksOf(const markdown::Block& block) {
    if (block.kind != markdown::BlockKind::kTable) {
        return block.text.links;
    }
    QList<QString> links;
    for (const markdown::InlineText& cell : block.table.cells) {
        links += cell.links;
    }
    return links;
}

} // namespace alcuin::ui
