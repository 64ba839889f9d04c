#include "tokenizer/detokenizer.h"

#include <utility>

#include "tokenizer/utf8.h"

namespace alcuin::inference {

Detokenizer::Detokenizer(std::shared_ptr<const Tokenizer> tokenizer) : tokenizer_(std::move(tokenizer)) {}

std::string Detokenizer::feed(Token token) {
    pending_ += tokenizer_->bytes(token);
    std::string complete;
    std::size_t at = 0;
    while (at < pending_.size()) {
        const Utf8Character character = readUtf8(pending_, at);
        if (character.state == Utf8State::kIncomplete) {
            break;
        }
        if (character.state == Utf8State::kValid) {
            complete.append(pending_, at, character.length);
        } else {
            complete += kReplacementCharacter;
        }
        at += character.length;
    }
    pending_.erase(0, at);
    return complete;
}

std::string Detokenizer::flush() {
    const bool incomplete = !pending_.empty();
    pending_.clear();
    return incomplete ? std::string(kReplacementCharacter) : std::string();
}

} // namespace alcuin::inference
