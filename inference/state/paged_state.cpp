#include "state/paged_state.h"

#include <algorithm>
#include <cassert>
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
    // Pages are shared up to the last token only, so at most the one that holds it is written and somebody else's too.
    const std::size_t written = length_ / kPageTokens;
    if (tokens > 0 && length_ % kPageTokens != 0 && pool_->references(pages_[written]) > 1) {
        auto own = pool_->copy(pages_[written]);
        if (!own) {
            keepPages(before);
            return tl::unexpected(std::move(own).error());
        }
        pool_->give(pages_[written]);
        pages_[written] = *own;
    }
    return {};
}

void PagedState::commit(std::size_t accepted, RowClass rowClass) {
    assert(accepted <= written_);
    accepted = std::min(accepted, written_);
    if (rowClass == RowClass::kPrefill && prefilledLength_ == length_) {
        prefilledLength_ += accepted;
    }
    length_ += accepted;
    written_ = 0;
}

bool PagedState::truncate(std::size_t length) {
    if (length > length_) {
        return false;
    }
    length_ = length;
    prefilledLength_ = std::min(prefilledLength_, length);
    written_ = 0;
    cutCacheMark();
    keepPages(pagesFor(length));
    return true;
}

Result<std::unique_ptr<SequenceState>> PagedState::fork(std::size_t length) const {
    if (length > length_) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("A sequence of {} tokens has no first {} to go on from.", length_, length));
    }
    auto forked = std::make_unique<PagedState>(pool_, maxTokens_);
    const std::size_t prefilled = std::min(prefilledLength_, length);
    if (auto shared = forked->append({pages_.data(), pagesFor(length)}, length, prefilled); !shared) {
        return tl::unexpected(std::move(shared).error());
    }
    forked->cacheMark_ = cacheMark_;
    forked->cutCacheMark();
    return forked;
}

Result<void> PagedState::unshare() {
    for (unsigned char*& page : pages_) {
        if (pool_->references(page) == 1) {
            continue;
        }
        auto own = pool_->copy(page);
        if (!own) {
            return tl::unexpected(std::move(own).error());
        }
        pool_->give(page);
        page = *own;
    }
    return {};
}

Result<void> PagedState::append(std::span<unsigned char* const> pages, std::size_t tokens, std::size_t prefilled) {
    if (length_ % kPageTokens != 0 || pages.size() != pagesFor(tokens) || tokens > maxTokens_ - length_ ||
        prefilled > tokens) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} tokens can't go on with {} in {} pages.", length_, tokens, pages.size()));
    }
    keepPages(pagesFor(length_)); // those that were only reserved
    pages_.reserve(pages_.size() + pages.size());
    for (unsigned char* page : pages) {
        pool_->share(page);
        pages_.push_back(page);
    }
    if (prefilledLength_ == length_) {
        prefilledLength_ += prefilled;
    }
    length_ += tokens;
    written_ = 0;
    return {};
}

const unsigned char* PagedState::lastPartPage() const {
    return length_ % kPageTokens == 0 ? nullptr : pages_[length_ / kPageTokens];
}

void PagedState::replacePage(std::size_t index, unsigned char* page) noexcept {
    pool_->share(page);
    pool_->give(std::exchange(pages_[index], page));
}

std::size_t PagedState::bytes() const {
    return pages_.size() * pool_->pageBytes();
}

void PagedState::cutCacheMark() {
    if (cacheMark_.pages * kPageTokens > length_) {
        cacheMark_ = {};
    }
    cacheMark_.tried = std::min(cacheMark_.tried, length_ / kPageTokens);
}

void PagedState::keepPages(std::size_t count) noexcept {
    while (pages_.size() > count) {
        pool_->give(pages_.back());
        pages_.pop_back();
    }
}

} // namespace alcuin::inference
