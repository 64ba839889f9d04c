#include "small_vocabulary.h"

#include <QtGlobal>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/gguf_tokenizer.h"

namespace alcuin::tests {

SmallVocabulary::SmallVocabulary() {
    for (int byte = 0; byte < 256; ++byte) {
        add(inference::spellByte(static_cast<std::uint8_t>(byte)), 1);
    }
    const std::vector<std::pair<std::string, std::string>> pairs = {{"h", "e"},    {"l", "l"},     {"he", "ll"},
                                                                    {"hell", "o"}, {"Ġ", "hello"}, {"a", "a"},
                                                                    {"aa", "aa"},  {"<", "|"},     {"e", "n"}};
    for (const auto& [left, right] : pairs) {
        addMerge(left, right);
    }
    control = add("<|im_end|>", 3);
    userDefined = add("<think>", 4);
    spaces = add("    ", 4);
}

std::int64_t SmallVocabulary::add(const std::string& spelling, std::int64_t type) {
    tokens.push_back(spelling);
    types.push_back(type);
    return static_cast<std::int64_t>(tokens.size()) - 1;
}

void SmallVocabulary::addMerge(const std::string& left, const std::string& right) {
    merges.push_back(left + " " + right);
    add(left + right, 1);
}

inference::Metadata SmallVocabulary::metadata() const {
    inference::Metadata metadata;
    metadata.set("tokenizer.ggml.model", model);
    metadata.set("tokenizer.ggml.pre", preTokenizer);
    metadata.set("tokenizer.ggml.tokens", tokens);
    metadata.set("tokenizer.ggml.token_type", types);
    metadata.set("tokenizer.ggml.merges", merges);
    return metadata;
}

std::shared_ptr<const inference::Tokenizer> SmallVocabulary::tokenizer() const {
    auto made = inference::tokenizerFromMetadata(metadata());
    if (!made) {
        qFatal("the small vocabulary was refused: %s", made.error().message.c_str());
    }
    return *made;
}

} // namespace alcuin::tests
