#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alcuin::exchange {

/// What an import didn't take over, counted by reason. A reason reads well behind its number: "pictures".
class LeftOut {
public:
    void add(std::string_view reason, std::size_t count = 1) {
        if (count == 0) {
            return;
        }
        for (auto& [known, number] : reasons_) {
            if (known == reason) {
                number += count;
                return;
            }
        }
        reasons_.emplace_back(reason, count);
    }
    void add(const LeftOut& other) {
        for (const auto& [reason, count] : other.reasons_) {
            add(reason, count);
        }
    }
    /// In the order in which they were met first.
    const std::vector<std::pair<std::string, std::size_t>>& reasons() const {
        return reasons_;
    }

private:
    std::vector<std::pair<std::string, std::size_t>> reasons_;
};

} // namespace alcuin::exchange
