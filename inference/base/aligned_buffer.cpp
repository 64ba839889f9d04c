#include "base/aligned_buffer.h"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>

namespace alcuin::inference {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

constexpr std::size_t roundUp(std::size_t value, std::size_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

tl::unexpected<Error> noMemory(std::size_t bytes) {
    return fail(ErrorCode::kOutOfMemory,
                fmt::format("The system gave no memory for a block of {} MiB. Close other programs, or choose a "
                            "smaller model or a shorter context.",
                            bytes / (1U << 20U) + 1));
}

} // namespace

Result<AlignedBuffer> AlignedBuffer::allocate(std::size_t bytes) {
    AlignedBuffer buffer;
    if (bytes == 0) {
        return buffer;
    }
    if (bytes > std::numeric_limits<std::size_t>::max() / 2) {
        return noMemory(bytes);
    }
    if (bytes < kHugePage) {
        const std::size_t rounded = roundUp(bytes, kAlignment);
        buffer.data_ = static_cast<std::byte*>(std::aligned_alloc(kAlignment, rounded));
        if (buffer.data_ == nullptr) {
            return noMemory(bytes);
        }
        std::memset(buffer.data_, 0, rounded);
    } else {
        // One huge page more than needed, so that the block can start on a huge page's boundary.
        const std::size_t mapped = roundUp(bytes, kHugePage) + kHugePage;
        void* start = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (start == MAP_FAILED) {
            return noMemory(bytes);
        }
        buffer.mapping_ = start;
        buffer.mappingBytes_ = mapped;
        void* aligned = start;
        std::size_t space = mapped;
        buffer.data_ = static_cast<std::byte*>(std::align(kHugePage, bytes, aligned, space));
        (void)madvise(buffer.data_, roundUp(bytes, kHugePage), MADV_HUGEPAGE); // advice: small pages work as well
    }
    buffer.size_ = bytes;
    return buffer;
}

AlignedBuffer::AlignedBuffer(AlignedBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr))
    , size_(std::exchange(other.size_, 0))
    , mapping_(std::exchange(other.mapping_, nullptr))
    , mappingBytes_(std::exchange(other.mappingBytes_, 0)) {}

AlignedBuffer& AlignedBuffer::operator=(AlignedBuffer&& other) noexcept {
    if (this != &other) {
        release();
        data_ = std::exchange(other.data_, nullptr);
        size_ = std::exchange(other.size_, 0);
        mapping_ = std::exchange(other.mapping_, nullptr);
        mappingBytes_ = std::exchange(other.mappingBytes_, 0);
    }
    return *this;
}

AlignedBuffer::~AlignedBuffer() {
    release();
}

void AlignedBuffer::release() noexcept {
    if (mapping_ != nullptr) {
        munmap(mapping_, mappingBytes_);
    } else {
        std::free(data_);
    }
}

} // namespace alcuin::inference
