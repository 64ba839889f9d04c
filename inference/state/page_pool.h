#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <alcuin/inference/error.h>

#include "backends/backend.h"

namespace alcuin::inference {

/// Pages of one size for the states of all sequences of a model, up to a number of them. Memory is taken from the
/// system a few pages at a time and kept for the next sequence.
/// Threads: one at a time.
class PagePool {
public:
    /// `available` says how much memory there is when the pool wants more; empty: asks the system.
    PagePool(Device device, std::size_t pageBytes, std::size_t maxPages, std::function<std::uint64_t()> available = {});

    /// Physical memory that so many pages in use take.
    static std::uint64_t residentBytes(std::size_t pageBytes, std::size_t pages);

    /// Errors: kOutOfMemory (the pool's limit, or the system has no more: physical memory isn't promised beyond what
    /// there is, since whoever touches it then is killed).
    Result<unsigned char*> take();
    void give(unsigned char* page) noexcept;

    std::size_t pageBytes() const {
        return pageBytes_;
    }
    std::size_t maxPages() const {
        return maxPages_;
    }
    std::size_t pagesInUse() const {
        return made_ - free_.size();
    }

private:
    Device device_;
    std::size_t pageBytes_;
    std::size_t maxPages_;
    std::function<std::uint64_t()> available_;
    std::size_t made_ = 0;
    std::vector<Buffer> slabs_;
    std::vector<unsigned char*> free_;
};

} // namespace alcuin::inference
