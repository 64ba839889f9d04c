#pragma once

#include <memory>
#include <string>

#include <alcuin/inference/tokenizer.h>

namespace alcuin::inference {

/// Turns tokens into text one by one, handing out whole UTF-8 characters only. Bytes that aren't UTF-8 become U+FFFD,
/// so all pieces together equal the decoded, repaired bytes of all tokens together. Control tokens give no text.
/// Threads: one at a time.
class Detokenizer {
public:
    /// `tokenizer` must not be null.
    explicit Detokenizer(std::shared_ptr<const Tokenizer> tokenizer);

    /// The characters that `token` completes; empty when it ends inside the first of them.
    std::string feed(Token token);

    /// Ends the text: an incomplete tail becomes U+FFFD. The next feed() starts a new text.
    std::string flush();

    /// Whether bytes of an incomplete character are being held back.
    bool hasPending() const {
        return !pending_.empty();
    }

private:
    std::shared_ptr<const Tokenizer> tokenizer_;
    std::string pending_; ///< at most 3 bytes between calls
};

} // namespace alcuin::inference
