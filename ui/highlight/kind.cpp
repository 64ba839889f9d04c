#include "highlight/kind.h"

#include <QString>

#include <array>

namespace alcuin::ui::highlight {

namespace {
constexpr std::array kNames{"plain",    "comment",  "string",    "escape", "number", "constant", "keyword",  "type",
                            "function", "variable", "attribute", "tag",    "meta",   "heading",  "inserted", "deleted"};
static_assert(kNames.size() == size_t(Kind::kCount));
} // namespace

std::optional<Kind> kindNamed(QStringView name) {
    for (size_t i = 0; i < kNames.size(); ++i) {
        if (name == QLatin1String(kNames[i])) {
            return Kind(i);
        }
    }
    return {};
}

const char* nameOf(Kind kind) {
    return kNames[size_t(kind)];
}

} // namespace alcuin::ui::highlight
