#include "file_name.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "text.h"

namespace alcuin::exchange {

namespace {

constexpr std::size_t kLongestTitle = 90;

std::string harmless(std::string_view title) {
    std::string name;
    for (const char c : title) {
        const bool meaning = std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
        name += meaning ? ' ' : c;
    }
    name = cleanName(name, kLongestTitle);
    while (!name.empty() && (name.back() == '.' || name.back() == ' ')) {
        name.pop_back(); // Windows drops them
    }
    while (!name.empty() && (name.front() == '.' || name.front() == ' ')) {
        name.erase(name.begin());
    }
    return name.empty() ? "Conversation" : name;
}

std::string lowered(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80 ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                                                    : c;
    });
    return name;
}

} // namespace

std::string fileNameFor(const storage::Conversation& conversation, std::string_view ending,
                        std::set<std::string>& used) {
    constexpr std::size_t kDay = 10; // "2025-01-31"
    const auto base =
        fmt::format("{} {}", isoTime(conversation.createdAt).substr(0, kDay), harmless(conversation.title));
    auto name = fmt::format("{}.{}", base, ending);
    for (int number = 2; !used.insert(lowered(name)).second; ++number) {
        name = fmt::format("{} ({}).{}", base, number, ending);
    }
    return name;
}

} // namespace alcuin::exchange
