#include "tokenizer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <new>

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace alcuin::storage {

namespace {

constexpr const char* kName = "alcuin";

/// What FTS5 hands each word to.
using TokenCallback = int (*)(void* context, int flags, const char* word, int size, int begin, int end);

fts5_api* apiOf(sqlite3* connection) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
        code = sqlite3_finalize(statement);
    }
    if (code != SQLITE_OK || api == nullptr) {
        throw SQLite::Exception("SQLite without full-text search (FTS5)", code == SQLITE_OK ? SQLITE_ERROR : code);
    }
    return api;
}

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

/// Letters of scripts that are written without spaces. Source: Unicode's block names, Blocks.txt.
constexpr std::array<Range, 14> kUnspaced{{
    {0x0E00, 0x0EFF},   // Thai, Lao
    {0x1000, 0x109F},   // Myanmar
    {0x1780, 0x17FF},   // Khmer
    {0x2E80, 0x2FDF},   // CJK radicals
    {0x3005, 0x3007},   // ideographic iteration mark, closing mark, zero
    {0x3040, 0x30FF},   // Hiragana, Katakana
    {0x3100, 0x312F},   // Bopomofo
    {0x31A0, 0x31FF},   // Bopomofo extended, Katakana extensions
    {0x3400, 0x4DBF},   // CJK extension A
    {0x4E00, 0x9FFF},   // CJK
    {0xF900, 0xFAFF},   // CJK compatibility
    {0xFF66, 0xFF9F},   // half-width Katakana
    {0x1B000, 0x1B16F}, // Kana supplement
    {0x20000, 0x323AF}, // CJK extensions B and further
}};

bool isUnspaced(std::uint32_t character) {
    return character >= kUnspaced.front().first &&
           std::any_of(kUnspaced.begin(), kUnspaced.end(),
                       [character](const Range& range) { return character >= range.first && character <= range.last; });
}

/// The character at the front of well-formed UTF-8, and its size in bytes.
std::pair<std::uint32_t, int> firstCharacter(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[at])) & 0x3FU : 0U;
    };
    const auto lead = static_cast<std::uint32_t>(static_cast<unsigned char>(text.front()));
    if (lead < 0xC0U) {
        return {lead, 1};
    }
    if (lead < 0xE0U) {
        return {(lead & 0x1FU) << 6U | byte(1), 2};
    }
    if (lead < 0xF0U) {
        return {(lead & 0x0FU) << 12U | byte(1) << 6U | byte(2), 3};
    }
    return {(lead & 0x07U) << 18U | byte(1) << 12U | byte(2) << 6U | byte(3), 4};
}

/// Cuts the words that unicode61 finds where letters of unspaced scripts stand in them.
struct Splitter {
    void* context;
    TokenCallback callback;

    int emitPiece(int flags, std::string_view word, int from, int to, int begin, int end) const {
        // Folding may have changed the sizes; those of unspaced letters it doesn't.
        const bool sameSizes = static_cast<int>(word.size()) == end - begin;
        const auto piece = word.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
        return callback(context, flags, piece.data(), to - from, sameSizes ? begin + from : begin,
                        sameSizes ? begin + to : end);
    }

    int take(int flags, std::string_view word, int begin, int end) const {
        const auto isAscii = [](char c) { return static_cast<unsigned char>(c) < 0x80U; };
        if (std::all_of(word.begin(), word.end(), isAscii)) {
            return callback(context, flags, word.data(), static_cast<int>(word.size()), begin, end);
        }
        const int size = static_cast<int>(word.size());
        int pending = 0;
        for (int at = 0; at < size;) {
            const auto [character, length] = firstCharacter(word.substr(static_cast<std::size_t>(at)));
            const int next = std::min(size, at + length);
            if (isUnspaced(character)) {
                if (pending < at) {
                    if (const int code = emitPiece(flags, word, pending, at, begin, end); code != SQLITE_OK) {
                        return code;
                    }
                }
                if (const int code = emitPiece(flags, word, at, next, begin, end); code != SQLITE_OK) {
                    return code;
                }
                pending = next;
            }
            at = next;
        }
        return pending < size ? emitPiece(flags, word, pending, size, begin, end) : SQLITE_OK;
    }
};

int split(void* splitter, int flags, const char* word, int size, int begin, int end) {
    return static_cast<const Splitter*>(splitter)->take(flags, {word, static_cast<std::size_t>(size)}, begin, end);
}

/// One instance as FTS5 sees it: unicode61 beneath.
struct Instance {
    fts5_tokenizer words{};
    Fts5Tokenizer* inner = nullptr;
};

int createInstance(void* apiPointer, const char** /*arguments*/, int /*count*/, Fts5Tokenizer** out) {
    auto* api = static_cast<fts5_api*>(apiPointer);
    auto* instance = new (std::nothrow) Instance;
    if (instance == nullptr) {
        return SQLITE_NOMEM;
    }
    void* userData = nullptr;
    int code = api->xFindTokenizer(api, "unicode61", &userData, &instance->words);
    if (code == SQLITE_OK) {
        std::array<const char*, 2> arguments{"remove_diacritics", "2"};
        code =
            instance->words.xCreate(userData, arguments.data(), static_cast<int>(arguments.size()), &instance->inner);
    }
    if (code != SQLITE_OK) {
        delete instance;
        return code;
    }
    *out = reinterpret_cast<Fts5Tokenizer*>(instance);
    return SQLITE_OK;
}

void deleteInstance(Fts5Tokenizer* tokenizer) {
    auto* instance = reinterpret_cast<Instance*>(tokenizer);
    instance->words.xDelete(instance->inner);
    delete instance;
}

int tokenize(Fts5Tokenizer* tokenizer, void* context, int flags, const char* text, int size, TokenCallback callback) {
    const auto* instance = reinterpret_cast<const Instance*>(tokenizer);
    Splitter splitter{context, callback};
    return instance->words.xTokenize(instance->inner, &splitter, flags, text, size, split);
}

/// What Tokenizer::visit hands through C; an exception waits there until it can go on.
struct Visiting {
    const Tokenizer::Visit& visitor;
    std::exception_ptr thrown;
};

int visitWord(void* context, int /*flags*/, const char* word, int size, int begin, int end) {
    auto* visiting = static_cast<Visiting*>(context);
    try {
        return visiting->visitor({word, static_cast<std::size_t>(size)}, static_cast<std::size_t>(begin),
                                 static_cast<std::size_t>(end))
                   ? SQLITE_OK
                   : SQLITE_DONE;
    } catch (...) {
        visiting->thrown = std::current_exception();
        return SQLITE_ABORT;
    }
}

} // namespace

void registerTokenizer(sqlite3* connection) {
    fts5_api* api = apiOf(connection);
    fts5_tokenizer functions{createInstance, deleteInstance, tokenize};
    if (const int code = api->xCreateTokenizer(api, kName, api, &functions, nullptr); code != SQLITE_OK) {
        throw SQLite::Exception(connection, code);
    }
}

struct Tokenizer::State {
    fts5_tokenizer functions{};
    Fts5Tokenizer* instance = nullptr;
};

Tokenizer::Tokenizer(sqlite3* connection) : state_(std::make_unique<State>()) {
    fts5_api* api = apiOf(connection);
    void* userData = nullptr;
    int code = api->xFindTokenizer(api, kName, &userData, &state_->functions);
    if (code == SQLITE_OK) {
        code = state_->functions.xCreate(userData, nullptr, 0, &state_->instance);
    }
    if (code != SQLITE_OK) {
        throw SQLite::Exception(connection, code);
    }
}

Tokenizer::~Tokenizer() {
    state_->functions.xDelete(state_->instance);
}

void Tokenizer::visit(std::string_view text, const Visit& visitor) const {
    Visiting visiting{visitor, nullptr};
    // FTS5 counts bytes in an int; what is beyond that in one message isn't searched.
    const auto size = std::min(text.size(), static_cast<std::size_t>(std::numeric_limits<int>::max()));
    const int code = state_->functions.xTokenize(state_->instance, &visiting, FTS5_TOKENIZE_DOCUMENT, text.data(),
                                                 static_cast<int>(size), visitWord);
    if (visiting.thrown) {
        std::rethrow_exception(visiting.thrown);
    }
    if (code == SQLITE_NOMEM) {
        throw std::bad_alloc();
    }
}

} // namespace alcuin::storage
