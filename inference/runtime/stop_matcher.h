#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alcuin::inference {

/// Looks for stop strings in text that arrives in pieces, wherever the pieces are cut. Text that may still turn out
/// to be the beginning of a stop string is held back.
class StopMatcher {
public:
    /// `stops` must not contain an empty string.
    explicit StopMatcher(std::vector<std::string> stops);

    /// Takes the next piece and returns what can be shown now. Once a stop string was found, what stood before it has
    /// been returned, and everything from it on is dropped.
    std::string push(std::string_view text);

    /// The text ends here: returns what was held back.
    std::string finish();

    bool found() const {
        return found_;
    }

private:
    std::size_t heldBack() const;

    std::vector<std::string> stops_;
    std::string pending_;
    bool found_ = false;
};

} // namespace alcuin::inference
