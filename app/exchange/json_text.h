#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "limits.h"
#include "result.h"

namespace alcuin::exchange {

using Json = nlohmann::json;

/// JSON from outside, taken apart without being read whole: a document of a thousand conversations is walked through
/// as text, and only one conversation at a time becomes values. None of these recurses, throws or takes memory in
/// proportion to depth.

/// A value within a text: from its first character to its last, without white space around it. Nothing if the text
/// doesn't begin with one (after white space), if it ends within it, or if it is nested deeper than `limits.jsonDepth`.
/// Only brackets and strings are looked at.
std::optional<std::string_view> firstValue(std::string_view text, const Limits& limits);

/// The elements of an array that goes on through the whole of `text`, one after the other.
class Elements {
public:
    Elements(std::string_view array, const Limits& limits);

    /// The next one; nothing at the end, and where what comes isn't a value any more.
    std::optional<std::string_view> next();
    /// After the last one: the array was closed as it should be.
    bool endedWell() const;

private:
    std::string_view rest_;
    Limits limits_;
    bool first_ = true;
    bool endedWell_ = false;
};

struct Member {
    std::string key;
    std::string_view value;
};

/// The members of an object, their values as text. Nothing if it isn't one object to its end. A key that stands twice
/// is there twice.
std::optional<std::vector<Member>> membersOf(std::string_view object, const Limits& limits);

/// The first member of that name; empty if there is none.
std::string_view memberOf(const std::vector<Member>& members, std::string_view key);

/// Reads a value whole. `what` names it in an error: "conversation 3 of conversations.json". Half surrogate pairs,
/// which some programs write, become U+FFFD. Errors: not JSON, nested too deeply, too many values, too long.
Result<Json> parseJson(std::string_view text, std::string_view what, const Limits& limits);

} // namespace alcuin::exchange
