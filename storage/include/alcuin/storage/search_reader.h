#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Bytes [begin, begin + size) of a UTF-8 text.
struct TextRange {
    std::size_t begin = 0;
    std::size_t size = 0;

    bool operator==(const TextRange&) const = default;
};

/// A message, or a conversation by its title, in which everything that was asked for stands.
struct SearchHit {
    Id conversation;
    Id message; ///< empty: the title was found
    std::string title;
    Role role = Role::kUser; ///< of the message
    TimeMs at = 0;           ///< when the message was made; of a title: when the conversation was last used
    bool archived = false;
    std::string snippet;            ///< one line with the words found; of a title: the title
    std::vector<TextRange> matches; ///< in `snippet`, in order, apart from each other
    std::int64_t place = 0;         ///< for `before` in a search for the next page; 0: a title
};

/// Searches every word of every conversation that isn't deleted. A read-only connection of its own beside the
/// Database's, which never writes nor checkpoints: it sees what was committed before each search.
/// Threads: none; the thread that opened it uses it alone and destroys it.
class SearchReader {
public:
    /// `file` is Database::path() of one that is open, in this process. Errors: kCannotOpen, kLocked.
    static Result<std::unique_ptr<SearchReader>> open(const std::filesystem::path& file);
    ~SearchReader();
    SearchReader(const SearchReader&) = delete;
    SearchReader& operator=(const SearchReader&) = delete;

    /// What to look for, as a person types it: all words, in any order, whatever their case and accents; words in
    /// quotes one after the other; the last word may be the beginning of one, unless a space or a quote follows it.
    /// Anything can be typed: there is no syntax to get wrong. Nothing but spaces and signs finds nothing.
    /// First titles, last used first, then messages, newest first; each at most `limit`. With `before` only messages
    /// older than the hit of that place.
    /// `wanted` is asked again and again; when it says no, the search ends with kInterrupted.
    /// Errors: kInterrupted, kCorrupt, kLocked, kCannotOpen.
    Result<std::vector<SearchHit>> find(std::string_view text, std::size_t limit,
                                        const std::optional<std::int64_t>& before = {},
                                        const std::function<bool()>& wanted = {});

private:
    struct State;
    explicit SearchReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace alcuin::storage
