#include "runtime/reasoning_splitter.h"

#include <algorithm>

namespace alcuin::inference {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

/// Bytes at the end of `text` that are a proper beginning of `tag`.
std::size_t tagBeginningAtEnd(std::string_view text, std::string_view tag) {
    for (auto length = std::min(tag.size() - 1, text.size()); length > 0; --length) {
        if (text.ends_with(tag.substr(0, length))) {
            return length;
        }
    }
    return 0;
}

/// The length of `text` without the white space at its end.
std::size_t lengthWithoutSpaceAtEnd(std::string_view text) {
    const auto last = text.find_last_not_of(kSpace);
    return last == std::string_view::npos ? 0 : last + 1;
}

} // namespace

ReasoningSplitter::ReasoningSplitter(bool startsInside)
    : place_(startsInside ? Place::kReasoning : Place::kStart), trimStart_(startsInside) {}

void ReasoningSplitter::text(std::string_view text, std::vector<Piece>& pieces) {
    pending_ += text;
    if (place_ == Place::kStart) {
        atStart(pieces);
    }
    if (place_ == Place::kReasoning) {
        inReasoning(pieces);
    }
    if (place_ == Place::kAnswer) {
        inAnswer(pieces);
    }
}

void ReasoningSplitter::open(std::vector<Piece>& pieces) {
    if (place_ == Place::kReasoning) {
        return;
    }
    if (place_ == Place::kStart && lengthWithoutSpaceAtEnd(pending_) == 0) {
        pending_.clear();
    }
    deliver(Channel::kAnswer, pending_.size(), pieces);
    enter(Place::kReasoning);
}

void ReasoningSplitter::close(std::vector<Piece>& pieces) {
    if (place_ != Place::kReasoning) {
        return;
    }
    deliver(Channel::kReasoning, lengthWithoutSpaceAtEnd(pending_), pieces);
    enter(Place::kAnswer);
}

void ReasoningSplitter::finish(std::vector<Piece>& pieces) {
    const bool reasoning = place_ == Place::kReasoning;
    deliver(reasoning ? Channel::kReasoning : Channel::kAnswer,
            reasoning ? lengthWithoutSpaceAtEnd(pending_) : pending_.size(), pieces);
    pending_.clear();
}

void ReasoningSplitter::atStart(std::vector<Piece>& pieces) {
    const auto first = pending_.find_first_not_of(kSpace);
    if (first == std::string::npos) {
        return;
    }
    const auto body = std::string_view(pending_).substr(first);
    if (body.starts_with(kOpenTag)) {
        const auto rest = std::string(body.substr(kOpenTag.size()));
        enter(Place::kReasoning);
        pending_ = rest;
    } else if (!kOpenTag.starts_with(body)) {
        deliver(Channel::kAnswer, pending_.size(), pieces);
        place_ = Place::kAnswer;
    }
}

void ReasoningSplitter::inReasoning(std::vector<Piece>& pieces) {
    if (trimStart_) {
        pending_.erase(0, pending_.find_first_not_of(kSpace));
        trimStart_ = pending_.empty();
    }
    const auto tag = pending_.find(kCloseTag);
    if (tag != std::string::npos) {
        const auto rest = pending_.substr(tag + kCloseTag.size());
        deliver(Channel::kReasoning, lengthWithoutSpaceAtEnd(std::string_view(pending_).substr(0, tag)), pieces);
        enter(Place::kAnswer);
        pending_ = rest;
        return;
    }
    const auto sure = pending_.size() - tagBeginningAtEnd(pending_, kCloseTag);
    deliver(Channel::kReasoning, lengthWithoutSpaceAtEnd(std::string_view(pending_).substr(0, sure)), pieces);
}

void ReasoningSplitter::inAnswer(std::vector<Piece>& pieces) {
    if (trimStart_) {
        pending_.erase(0, pending_.find_first_not_of(kSpace));
        trimStart_ = pending_.empty();
    }
    deliver(Channel::kAnswer, pending_.size(), pieces);
}

void ReasoningSplitter::enter(Place place) {
    place_ = place;
    trimStart_ = true;
    pending_.clear();
}

/// Moves the first `length` bytes of what is pending into a piece.
void ReasoningSplitter::deliver(Channel channel, std::size_t length, std::vector<Piece>& pieces) {
    if (length == 0) {
        return;
    }
    pieces.push_back({channel, pending_.substr(0, length)});
    pending_.erase(0, length);
}

} // namespace alcuin::inference
