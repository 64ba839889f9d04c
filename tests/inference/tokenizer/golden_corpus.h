#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <alcuin/inference/tokenizer.h>

namespace alcuin::tests {

/// A text of tests/golden/tokenizer/corpus.json: as it is, and as it is once invalid UTF-8 was replaced.
struct CorpusText {
    std::string original;
    std::string repaired;
};

/// Throws std::runtime_error when the file can't be read, nlohmann's exceptions when it isn't what it should be.
nlohmann::json goldenJson(const std::string& name);
std::vector<CorpusText> goldenCorpus();

/// Encodes every text of the corpus, and the golden file's texts with special tokens, and says where the first ids
/// differ from the golden file's; empty if none do.
std::string firstDifference(const inference::Tokenizer& tokenizer, const std::vector<CorpusText>& corpus,
                            const std::string& golden);

/// The bytes of all tokens together.
std::string decoded(const inference::Tokenizer& tokenizer, const std::vector<inference::Token>& tokens);

/// For messages: the first ids, and the first bytes with everything but printable ASCII in hexadecimal.
std::string shown(const std::vector<inference::Token>& tokens);
std::string shown(const std::string& text);

} // namespace alcuin::tests
