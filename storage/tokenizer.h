#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace alcuin::storage {

/// Registers the tokenizer "alcuin" of the search index with a connection: words as Unicode sees them, without case and
/// diacritics (FTS5's unicode61), and each ideograph, kana and Thai, Lao, Khmer or Burmese letter as a word of its own,
/// as those scripts put no spaces between words. Throws SQLite::Exception.
void registerTokenizer(sqlite3* connection);

/// Cuts text into words as the index does. Threads: one at a time.
class Tokenizer {
public:
    /// Throws SQLite::Exception. The connection outlives it and has the tokenizer.
    explicit Tokenizer(sqlite3* connection);
    ~Tokenizer();
    Tokenizer(const Tokenizer&) = delete;
    Tokenizer& operator=(const Tokenizer&) = delete;

    /// `word` is as it stands in the index; it came from the bytes [begin, end) of the text. False: no more.
    using Visit = std::function<bool(std::string_view word, std::size_t begin, std::size_t end)>;
    void visit(std::string_view text, const Visit& visitor) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace alcuin::storage
