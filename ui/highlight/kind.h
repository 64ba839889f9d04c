#pragma once

#include <QStringView>

#include <optional>

namespace alcuin::ui::highlight {

/// What a run of characters is. Language descriptions write these names; the colours are the theme's.
enum class Kind : quint8 {
    kPlain,
    kComment,
    kString,
    kEscape, ///< in a string: \n, %d, the signs around an interpolation
    kNumber,
    kConstant, ///< true, null, values with a name
    kKeyword,
    kType,
    kFunction,
    kVariable,  ///< where variables carry a sign: $name
    kAttribute, ///< names beside values: keys, attributes of tags
    kTag,
    kMeta, ///< preprocessor, decorators, directives
    kHeading,
    kInserted,
    kDeleted,
    kCount
};

/// "comment" and so on; nothing for other words.
std::optional<Kind> kindNamed(QStringView name);
const char* nameOf(Kind kind);

/// A run of one kind in one line; positions are UTF-16 offsets into the line. Plain text has none.
struct Span {
    int start = 0;
    int length = 0;
    Kind kind = Kind::kPlain;

    bool operator==(const Span&) const = default;
};

} // namespace alcuin::ui::highlight
