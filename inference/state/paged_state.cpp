#include "state/paged_state.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

constexpr std::size_t pagesFor(std::size_t tokens) {
    return (tokens + kPageTokens - 1) / kPageTokens;
}

} // namespace

PagedState::PagedState(std::shared_ptr<PagePool> pool, std::size_t maxTokens)
    : pool_(std::move(pool)), maxTokens_(maxTokens) {}

PagedState::~PagedState() {
    keepPages(0);
}

Result<void> PagedState::reserve(std::size_t tokens) {
    if (tokens > maxTokens_ - length_) {
        return fail(
            ErrorCode::kInvalidArgument,
            fmt::format("{} tokens behind {} are more than the context of {} holds.", tokens, length_, maxTokens_));
    }
    const std::size_t before = pages_.size();
    const std::size_t needed = pagesFor(length_ + tokens);
    pages_.reserve(needed);
    while (pages_.size() < needed) {
        auto page = pool_->take();
        if (!page) {
            keepPages(before);
            return tl::unexpected(std::move(page).error());
        }
        pages_.push_back(*page);
    }
    return {};
}

void PagedState::commit(std::size_t accepted) {
    assert(accepted <= written_);
    length_ += std::min(accepted, written_);
    written_ = 0;
}

bool PagedState::truncate(std::size_t length) {
    if (length > length_) {
        return false;
    }
    length_ = length;
    written_ = 0;
    keepPages(pagesFor(length));
    return true;
}

Result<void> PagedState::copyFrom(const SequenceState& other, std::size_t length) {
    const auto* paged = dynamic_cast<const PagedState*>(&other);
    if (paged == nullptr || paged == this || paged->pool_ != pool_ || length > paged->length_) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("A sequence can't become the first {} tokens of that other one.", length));
    }
    truncate(0);
    if (auto reserved = reserve(length); !reserved) {
        return reserved;
    }
    for (std::size_t i = 0; i < pages_.size(); ++i) {
        std::memcpy(pages_[i], paged->pages_[i], pool_->pageBytes());
    }
    length_ = length;
    return {};
}

std::size_t PagedState::bytes() const {
    return pages_.size() * pool_->pageBytes();
}

void PagedState::keepPages(std::size_t count) noexcept {
    while (pages_.size() > count) {
        pool_->give(pages_.back());
        pages_.pop_back();
    }
}

} // namespace alcuin::inference
