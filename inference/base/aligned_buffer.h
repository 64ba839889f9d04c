#pragma once

#include <cstddef>

#include <alcuin/inference/error.h>

namespace alcuin::inference {

/// Memory that starts at a multiple of 64 bytes and is all zero at first; from 2 MiB on it comes straight from the
/// system in pages of its own, huge ones where the system has them.
class AlignedBuffer {
public:
    static constexpr std::size_t kAlignment = 64;
    /// From this size on a block lies in huge pages where the system has them; smaller ones are on the heap.
    static constexpr std::size_t kHugePage = std::size_t{2} << 20U;

    /// Physical memory that a block takes once its first `touched` bytes were written.
    static std::size_t residentBytes(std::size_t bytes, std::size_t touched);

    AlignedBuffer() = default;
    /// Errors: kOutOfMemory (says how much was asked for).
    static Result<AlignedBuffer> allocate(std::size_t bytes);

    AlignedBuffer(AlignedBuffer&& other) noexcept;
    AlignedBuffer& operator=(AlignedBuffer&& other) noexcept;
    AlignedBuffer(const AlignedBuffer&) = delete;
    AlignedBuffer& operator=(const AlignedBuffer&) = delete;
    ~AlignedBuffer();

    std::byte* data() {
        return data_;
    }
    const std::byte* data() const {
        return data_;
    }
    std::size_t size() const {
        return size_;
    }

private:
    void release() noexcept;

    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
    void* mapping_ = nullptr; ///< start of the system's pages; null: from the heap
    std::size_t mappingBytes_ = 0;
};

/// Whether the system gives huge pages to those who ask for them.
bool hugePagesOnRequest();

} // namespace alcuin::inference
