#include "runtime/output_writer.h"

#include <utility>

namespace alcuin::inference {

OutputWriter::OutputWriter(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> stops,
                           bool startsInReasoning)
    : tokenizer_(std::move(tokenizer))
    , openTag_(tokenizer_->find(ReasoningSplitter::kOpenTag))
    , closeTag_(tokenizer_->find(ReasoningSplitter::kCloseTag))
    , detokenizer_(tokenizer_)
    , splitter_(startsInReasoning)
    , stops_(std::move(stops)) {}

bool OutputWriter::push(Token token, std::vector<TextDelta>& deltas) {
    tokens_.push_back(token);
    if (token == openTag_ || token == closeTag_) {
        splitter_.text(detokenizer_.flush(), pieces_);
        if (token == openTag_) {
            splitter_.open(pieces_);
        } else {
            splitter_.close(pieces_);
        }
    } else {
        splitter_.text(detokenizer_.feed(token), pieces_);
    }
    deliver(deltas);
    return stops_.found();
}

void OutputWriter::finish(std::vector<TextDelta>& deltas) {
    splitter_.text(detokenizer_.flush(), pieces_);
    splitter_.finish(pieces_);
    deliver(deltas);
    append(Channel::kAnswer, stops_.finish(), deltas);
    if (!tokens_.empty()) {
        if (deltas.empty()) {
            deltas.emplace_back();
        }
        auto& last = deltas.back().tokens;
        last.insert(last.end(), tokens_.begin(), tokens_.end());
        tokens_.clear();
    }
}

void OutputWriter::deliver(std::vector<TextDelta>& deltas) {
    for (auto& piece : pieces_) {
        auto text = piece.channel == Channel::kAnswer ? stops_.push(piece.text) : std::move(piece.text);
        append(piece.channel, std::move(text), deltas);
    }
    pieces_.clear();
}

void OutputWriter::append(Channel channel, std::string text, std::vector<TextDelta>& deltas) {
    if (!text.empty()) {
        deltas.push_back({channel, std::move(text), std::exchange(tokens_, {})});
    }
}

} // namespace alcuin::inference
