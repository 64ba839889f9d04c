#include "state/page_pool.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/available_memory.h"
#include "base/byte_size.h"

namespace alcuin::inference {

namespace {

constexpr std::size_t kSlabPages = 8;

constexpr std::size_t roundedUp(std::size_t pageBytes) {
    return (pageBytes + AlignedBuffer::kAlignment - 1) / AlignedBuffer::kAlignment * AlignedBuffer::kAlignment;
}

} // namespace

PagePool::PagePool(Device device, std::size_t pageBytes, std::size_t maxPages, std::function<std::uint64_t()> available)
    : device_(device)
    , pageBytes_(roundedUp(pageBytes))
    , maxPages_(maxPages)
    , available_(available ? std::move(available) : [] { return availableMemory(); }) {}

std::uint64_t PagePool::residentBytes(std::size_t pageBytes, std::size_t pages) {
    const std::size_t page = roundedUp(pageBytes);
    const std::uint64_t whole = pages / kSlabPages * AlignedBuffer::residentBytes(kSlabPages * page, kSlabPages * page);
    const std::size_t rest = pages % kSlabPages * page;
    return whole + (rest == 0 ? 0 : AlignedBuffer::residentBytes(kSlabPages * page, rest));
}

Result<void> PagePool::makePages() {
    const std::size_t count = std::min(kSlabPages, maxPages_ - made_);
    if (count == 0) {
        return fail(ErrorCode::kOutOfMemory,
                    fmt::format("All {} pages of {} that the conversations of this model may use are taken. "
                                "Close another chat or start a shorter one.",
                                maxPages_, describeBytes(pageBytes_)));
    }
    if (const std::uint64_t available = available_(); available < count * pageBytes_) {
        return fail(ErrorCode::kOutOfMemory,
                    fmt::format("This conversation needs {} more of memory to go on, and {} are available. Close "
                                "other programs, or another chat.",
                                describeBytes(count * pageBytes_), describeBytes(available)));
    }
    auto slab = Buffer::allocate(device_, count * pageBytes_);
    if (!slab) {
        return tl::unexpected(std::move(slab).error());
    }
    // Room for every page there is, so that giving one back never needs memory.
    free_.reserve(made_ + count);
    slabs_.reserve(slabs_.size() + 1);
    auto* const first = reinterpret_cast<unsigned char*>(slab->data());
    for (std::size_t i = 0; i < count; ++i) {
        references_.emplace(first + i * pageBytes_, 0U);
    }
    slabs_.push_back(std::move(*slab));
    made_ += count;
    for (std::size_t i = count; i-- > 0;) {
        free_.push_back(first + i * pageBytes_);
    }
    return {};
}

Result<unsigned char*> PagePool::take() {
    if (free_.empty()) {
        if (auto made = makePages(); !made) {
            return tl::unexpected(std::move(made).error());
        }
    }
    unsigned char* page = free_.back();
    free_.pop_back();
    references_.find(page)->second = 1;
    ++changes_;
    return page;
}

void PagePool::share(const unsigned char* page) noexcept {
    const auto found = references_.find(page);
    assert(found != references_.end() && found->second > 0);
    ++found->second;
    ++changes_;
}

void PagePool::give(unsigned char* page) noexcept {
    const auto found = references_.find(page);
    assert(found != references_.end() && found->second > 0);
    ++changes_;
    if (--found->second == 0) {
        free_.push_back(page);
    }
}

Result<unsigned char*> PagePool::copy(const unsigned char* page) {
    auto own = take();
    if (own) {
        std::memcpy(*own, page, pageBytes_);
        copiedBytes_ += pageBytes_;
    }
    return own;
}

} // namespace alcuin::inference
