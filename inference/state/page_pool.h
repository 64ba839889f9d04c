#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include <alcuin/inference/error.h>

#include "backends/backend.h"

namespace alcuin::inference {

/// Pages of one size for the states of all sequences of a model, up to a number of them. Memory is taken from the
/// system a few pages at a time and kept for the next sequence. A page is free again when everybody who has it, and
/// several may, has given it back; who writes into one must be the only one (see copy).
/// Threads: one at a time.
class PagePool {
public:
    /// `available` says how much memory there is when the pool wants more; empty: asks the system.
    PagePool(Device device, std::size_t pageBytes, std::size_t maxPages, std::function<std::uint64_t()> available = {});

    /// Physical memory that so many pages in use take.
    static std::uint64_t residentBytes(std::size_t pageBytes, std::size_t pages);

    /// A page with one reference.
    /// Errors: kOutOfMemory (the pool's limit, or the system has no more: physical memory isn't promised beyond what
    /// there is, since whoever touches it then is killed).
    Result<unsigned char*> take();
    /// One more reference to a page in use.
    void share(const unsigned char* page) noexcept;
    /// Drops a reference; the last one frees the page.
    void give(unsigned char* page) noexcept;
    /// A page of its own with the same bytes; counted in copiedBytes(). Errors: as take().
    Result<unsigned char*> copy(const unsigned char* page);

    /// References to a page of this pool; 0: free.
    std::uint32_t references(const unsigned char* page) const {
        return references_.at(page);
    }
    std::size_t pageBytes() const {
        return pageBytes_;
    }
    std::size_t maxPages() const {
        return maxPages_;
    }
    std::size_t pagesInUse() const {
        return made_ - free_.size();
    }
    /// Grows whenever somebody gets a reference to a page or gives one back.
    std::uint64_t changes() const {
        return changes_;
    }
    /// Bytes of state that were copied since the pool was made.
    std::uint64_t copiedBytes() const {
        return copiedBytes_;
    }

private:
    Result<void> makePages();

    Device device_;
    std::size_t pageBytes_;
    std::size_t maxPages_;
    std::function<std::uint64_t()> available_;
    std::size_t made_ = 0;
    std::uint64_t copiedBytes_ = 0;
    std::uint64_t changes_ = 0;
    std::vector<Buffer> slabs_;
    std::vector<unsigned char*> free_;
    std::unordered_map<const unsigned char*, std::uint32_t> references_; ///< of every page made
};

} // namespace alcuin::inference
