#include "tokenizer/gguf_tokenizer.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "formats/gguf.h"
#include "tokenizer/byte_level_tokenizer.h"

namespace alcuin::inference {

namespace {

constexpr std::string_view kByteLevelModel = "gpt2";

/// What a tokenizer can't do without is an error of the file when it isn't there.
template <typename T>
Result<T> required(Result<T> value) {
    if (!value && value.error().code == ErrorCode::kNotFound) {
        return fail(ErrorCode::kCorrupt, "The file has no complete vocabulary: " + value.error().message);
    }
    return value;
}

/// The id under `key`, kNoToken without that key. Errors: kCorrupt when no such token exists.
Result<Token> tokenAt(const Metadata& metadata, std::string_view key, const Vocabulary& vocabulary) {
    if (!metadata.contains(key)) {
        return kNoToken;
    }
    const auto id = metadata.unsignedInteger(key);
    if (!id) {
        return tl::unexpected(id.error());
    }
    if (*id >= vocabulary.size()) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("{} is {}, but the vocabulary has {} tokens.", key, *id, vocabulary.size()));
    }
    return static_cast<Token>(*id);
}

Result<ByteLevelTokenizer::Roles> readRoles(const Metadata& metadata, const Vocabulary& vocabulary,
                                            PreTokenizer preTokenizer) {
    constexpr std::string_view kAddKey = "tokenizer.ggml.add_bos_token";
    ByteLevelTokenizer::Roles roles;
    const std::pair<std::string_view, Token*> ids[] = {
        {"tokenizer.ggml.bos_token_id", &roles.beginningOfText},
        {"tokenizer.ggml.eos_token_id", &roles.endOfText},
        {"tokenizer.ggml.eot_token_id", &roles.endOfTurn},
        {"tokenizer.ggml.eom_token_id", &roles.endOfMessage},
    };
    for (const auto& [key, target] : ids) {
        const auto id = tokenAt(metadata, key, vocabulary);
        if (!id) {
            return tl::unexpected(id.error());
        }
        *target = *id;
    }
    // Llama 3 begins every text with its token, though most of its files don't say so.
    const bool byItself = preTokenizer == PreTokenizer::kLlama3 && roles.beginningOfText != kNoToken;
    const auto adds = metadata.booleanOr(kAddKey, byItself);
    if (!adds) {
        return tl::unexpected(adds.error());
    }
    if (*adds && roles.beginningOfText == kNoToken) {
        return fail(ErrorCode::kCorrupt, "The file asks for a beginning-of-text token, but names none.");
    }
    roles.addsBeginningOfText = *adds;
    return roles;
}

/// FNV-1a of 64 bits over everything that decides which ids a text becomes. Source: draft-eastlake-fnv.
class VocabularyHash {
public:
    void add(std::string_view bytes) {
        addNumber(bytes.size());
        for (const char byte : bytes) {
            addByte(static_cast<std::uint8_t>(byte));
        }
    }

    void addNumber(std::uint64_t number) {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            addByte(static_cast<std::uint8_t>(number >> shift));
        }
    }

    std::uint64_t value() const {
        return value_;
    }

private:
    void addByte(std::uint8_t byte) {
        constexpr std::uint64_t kPrime = 0x100000001B3ULL;
        value_ = (value_ ^ byte) * kPrime;
    }

    std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

std::uint64_t hashOf(const Vocabulary& vocabulary, std::span<const std::string> merges, PreTokenizer preTokenizer) {
    VocabularyHash hash;
    hash.addNumber(static_cast<std::uint64_t>(preTokenizer));
    hash.addNumber(vocabulary.size());
    for (std::size_t id = 0; id < vocabulary.size(); ++id) {
        const auto token = static_cast<Token>(id);
        hash.add(vocabulary.spelling(token));
        hash.addNumber(static_cast<std::uint64_t>(vocabulary.type(token)));
    }
    hash.addNumber(merges.size());
    for (const std::string& merge : merges) {
        hash.add(merge);
    }
    return hash.value();
}

Result<PreTokenizer> readPreTokenizer(const Metadata& metadata) {
    const auto model = required(metadata.string("tokenizer.ggml.model"));
    if (!model) {
        return tl::unexpected(model.error());
    }
    if (*model != kByteLevelModel) {
        return fail(
            ErrorCode::kUnsupported,
            fmt::format("The model's tokenizer is of the kind \"{}\"; this version reads byte-level BPE (\"{}\").",
                        model->substr(0, 64), kByteLevelModel));
    }
    const auto name = metadata.stringOr("tokenizer.ggml.pre", "");
    if (!name) {
        return tl::unexpected(name.error());
    }
    if (name->empty()) {
        return fail(ErrorCode::kUnsupported,
                    "The file doesn't name its pre-tokeniser (tokenizer.ggml.pre), and a wrong "
                    "one would spoil every answer. Convert the model anew.");
    }
    return preTokenizerNamed(*name);
}

} // namespace

Result<std::shared_ptr<const Tokenizer>> tokenizerFromMetadata(const Metadata& metadata) {
    const auto preTokenizer = readPreTokenizer(metadata);
    if (!preTokenizer) {
        return tl::unexpected(preTokenizer.error());
    }
    const auto spellings = required(metadata.strings("tokenizer.ggml.tokens"));
    if (!spellings) {
        return tl::unexpected(spellings.error());
    }
    const auto types = required(metadata.signedIntegers("tokenizer.ggml.token_type"));
    if (!types) {
        return tl::unexpected(types.error());
    }
    const auto merges = required(metadata.strings("tokenizer.ggml.merges"));
    if (!merges) {
        return tl::unexpected(merges.error());
    }
    auto vocabulary = Vocabulary::create(**spellings, *types);
    if (!vocabulary) {
        return tl::unexpected(vocabulary.error());
    }
    auto table = MergeTable::create(*vocabulary, **merges);
    if (!table) {
        return tl::unexpected(table.error());
    }
    const auto roles = readRoles(metadata, *vocabulary, *preTokenizer);
    if (!roles) {
        return tl::unexpected(roles.error());
    }
    const std::uint64_t hash = hashOf(*vocabulary, **merges, *preTokenizer);
    return std::make_shared<const ByteLevelTokenizer>(std::move(*vocabulary), std::move(*table), *preTokenizer, *roles,
                                                      hash);
}

Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::filesystem::path& path) {
    const auto file = GgufFile::openHeader(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    return tokenizerFromMetadata(file->metadata()).map_error([&](Error error) {
        error.message = fmt::format("{}: {}", path.string(), error.message);
        return error;
    });
}

} // namespace alcuin::inference
