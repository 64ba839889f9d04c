#include "models/synth_vocabulary.h"

#include <string>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "models/synth_random.h"
#include "tokenizer/byte_alphabet.h"

namespace alcuin::inference::synth {

namespace {

constexpr std::size_t kBytes = 256;
constexpr std::size_t kLongestToken = 14; ///< bytes of its spelling

/// Merged tokens are runs of letters, with or without a space before them: pre-tokenisers don't cut those.
class Merger {
public:
    Merger() {
        for (char letter = 'a'; letter <= 'z'; ++letter) {
            inner_.emplace_back(1, letter);
        }
        first_ = inner_;
        first_.push_back(spellByte(' '));
    }

    /// Joins two tokens to one that isn't there yet; returns {left, right}.
    std::pair<std::string, std::string> next() {
        while (true) {
            const std::string left = first_[early(first_.size())];
            const std::string right = inner_[early(inner_.size())];
            std::string joined = left + right;
            if (joined.size() > kLongestToken || !seen_.insert(joined).second) {
                continue;
            }
            if (joined.front() >= 'a' && joined.front() <= 'z') {
                inner_.push_back(joined);
            }
            first_.push_back(std::move(joined));
            return {left, right};
        }
    }

private:
    /// Early tokens, which are short, are taken more often.
    std::size_t early(std::size_t count) {
        const float at = random_.unit();
        return static_cast<std::size_t>(at * at * static_cast<float>(count));
    }

    RandomStream random_{RandomStream::hash(kBytes)};
    std::vector<std::string> inner_; ///< without a space
    std::vector<std::string> first_; ///< all
    std::unordered_set<std::string> seen_;
};

} // namespace

DraftEntries madeUpVocabulary(const VocabularyShape& shape) {
    std::vector<std::string> tokens(shape.size);
    std::vector<std::int32_t> kinds(shape.size, kUnusedToken);
    std::vector<std::string> merges;
    Merger merger;
    for (std::size_t i = 0; i < shape.ordinary; ++i) {
        const std::size_t id = shape.firstOrdinary + i;
        kinds[id] = kNormalToken;
        if (i < kBytes) {
            tokens[id] = spellByte(static_cast<std::uint8_t>(i));
        } else {
            const auto [left, right] = merger.next();
            merges.push_back(left + " " + right);
            tokens[id] = left + right;
        }
    }
    for (std::size_t id = 0; id < shape.size; ++id) {
        if (kinds[id] == kUnusedToken) {
            tokens[id] = fmt::format("[PAD{}]", id);
        }
    }
    for (const NamedToken& named : shape.named) {
        tokens[named.id] = named.text;
        kinds[named.id] = named.kind;
    }
    DraftEntries entries;
    entries["tokenizer.ggml.model"] = std::string("gpt2");
    entries["tokenizer.ggml.pre"] = std::string(shape.preTokenizer);
    entries["tokenizer.ggml.tokens"] = std::move(tokens);
    entries["tokenizer.ggml.token_type"] = std::move(kinds);
    entries["tokenizer.ggml.merges"] = std::move(merges);
    entries["tokenizer.ggml.bos_token_id"] = shape.beginningOfText;
    entries["tokenizer.ggml.eos_token_id"] = shape.endOfText;
    entries["tokenizer.ggml.padding_token_id"] = shape.padding;
    entries["tokenizer.ggml.add_bos_token"] = shape.addsBeginningOfText;
    entries["tokenizer.chat_template"] = std::string(shape.chatTemplate);
    return entries;
}

} // namespace alcuin::inference::synth
