#pragma once

#include <QByteArrayView>

#include "chat/markdown/block.h"

namespace alcuin::ui::markdown {

/// Bounds on what a message may make of itself. Beyond them a part is shown as plain text, all of it.
struct Limits {
    static constexpr int kContainers = 24;       ///< quotes and lists shown as such around one block
    static constexpr int kColumns = 64;          ///< of a table
    static constexpr int kCells = 4000;          ///< of a table
    static constexpr int kParagraph = 8192;      ///< characters in one block before it continues in the next
    static constexpr int kNotes = 2000;          ///< names of footnotes in one message
    static constexpr int kInlineBytes = 1 << 18; ///< a paragraph larger than this is not searched for emphasis
};

/// CommonMark with GitHub's tables, strikethrough, task lists, bare addresses and footnotes. Of HTML comments and the
/// tags of details are left out, and only br and pairs of sub, sup, kbd, mark and u without attributes mean something;
/// all else is text. Never recursive, touches nothing but its argument. Source: CommonMark 0.30, GitHub Flavored
/// Markdown 0.29, through md4c.
Blocks parse(QByteArrayView utf8);

/// The same before footnotes have numbers and places: they stand where they are written, references are spans of
/// kNote whose link is the note's name. parse() is withNotes() of it.
struct RawBlocks {
    Blocks blocks;
    bool notes = false; ///< there may be footnotes or references in them
};
RawBlocks parseRaw(QByteArrayView utf8);

/// What a person typed, as typed: lines stay lines, only fenced code is set apart.
Blocks parseTyped(const QString& text);

/// Cuts what is longer than Limits::kParagraph at spaces. Cutting a text and cutting a longer text that begins with it
/// agree but for the last piece.
void appendSplit(Blocks& blocks, Block block);

} // namespace alcuin::ui::markdown
