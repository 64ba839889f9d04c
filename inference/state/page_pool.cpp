#include "state/page_pool.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

constexpr std::size_t kSlabPages = 8;

} // namespace

PagePool::PagePool(Device device, std::size_t pageBytes, std::size_t maxPages)
    : device_(device)
    , pageBytes_((pageBytes + AlignedBuffer::kAlignment - 1) / AlignedBuffer::kAlignment * AlignedBuffer::kAlignment)
    , maxPages_(maxPages) {}

Result<unsigned char*> PagePool::take() {
    if (free_.empty()) {
        const std::size_t count = std::min(kSlabPages, maxPages_ - made_);
        if (count == 0) {
            return fail(ErrorCode::kOutOfMemory,
                        fmt::format("All {} pages of {} KiB that the conversations of this model may use are taken. "
                                    "Close another chat or start a shorter one.",
                                    maxPages_, pageBytes_ / 1024));
        }
        auto slab = Buffer::allocate(device_, count * pageBytes_);
        if (!slab) {
            return tl::unexpected(std::move(slab).error());
        }
        // Room for every page there is, so that giving one back never needs memory.
        free_.reserve(made_ + count);
        slabs_.push_back(std::move(*slab));
        made_ += count;
        for (std::size_t i = count; i-- > 0;) {
            free_.push_back(reinterpret_cast<unsigned char*>(slabs_.back().data()) + i * pageBytes_);
        }
    }
    unsigned char* page = free_.back();
    free_.pop_back();
    return page;
}

void PagePool::give(unsigned char* page) noexcept {
    free_.push_back(page);
}

} // namespace alcuin::inference
