#include "base/aligned_buffer.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/byte_size.h"

namespace alcuin::inference {

namespace {

constexpr std::size_t roundUp(std::size_t value, std::size_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

tl::unexpected<Error> noMemory(std::size_t bytes) {
    return fail(ErrorCode::kOutOfMemory,
                fmt::format("The system gave no memory for a block of {}. Close other programs, or choose a smaller "
                            "model or a shorter context.",
                            describeBytes(bytes)));
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
    if (bytes < AlignedBuffer::kHugePage) {
        const std::size_t rounded = roundUp(bytes, kAlignment);
        buffer.data_ = static_cast<std::byte*>(std::aligned_alloc(kAlignment, rounded));
        if (buffer.data_ == nullptr) {
            return noMemory(bytes);
        }
        std::memset(buffer.data_, 0, rounded);
    } else {
        // One huge page more than needed, so that the block can start on a huge page's boundary.
        const std::size_t mapped = roundUp(bytes, AlignedBuffer::kHugePage) + AlignedBuffer::kHugePage;
        void* start = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (start == MAP_FAILED) {
            return noMemory(bytes);
        }
        buffer.mapping_ = start;
        buffer.mappingBytes_ = mapped;
        void* aligned = start;
        std::size_t space = mapped;
        buffer.data_ = static_cast<std::byte*>(std::align(AlignedBuffer::kHugePage, bytes, aligned, space));
        (void)madvise(buffer.data_, roundUp(bytes, AlignedBuffer::kHugePage),
                      MADV_HUGEPAGE); // advice: small pages work as well
    }
    buffer.size_ = bytes;
    return buffer;
}

std::size_t AlignedBuffer::residentBytes(std::size_t bytes, std::size_t touched) {
    if (bytes < kHugePage) {
        return roundUp(bytes, kAlignment); // filled with zeros at once
    }
    const auto page = hugePagesOnRequest() ? kHugePage : static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return roundUp(touched, page);
}

bool hugePagesOnRequest() {
    std::ifstream file("/sys/kernel/mm/transparent_hugepage/enabled");
    std::string line;
    std::getline(file, line);
    return line.find("[always]") != std::string::npos || line.find("[madvise]") != std::string::npos;
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
