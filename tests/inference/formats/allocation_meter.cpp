#include "allocation_meter.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> held{0};
std::atomic<std::size_t> peak{0};

/// In front of each block, as wide as the strictest alignment malloc gives.
constexpr std::size_t kHeader = alignof(std::max_align_t) > sizeof(std::size_t) ? alignof(std::max_align_t)
                                                                                : sizeof(std::size_t);

void* take(std::size_t size) {
    auto* block = static_cast<unsigned char*>(std::malloc(size + kHeader));
    if (block == nullptr) {
        throw std::bad_alloc();
    }
    *reinterpret_cast<std::size_t*>(block) = size;
    const auto now = held.fetch_add(size) + size;
    auto before = peak.load();
    while (before < now && !peak.compare_exchange_weak(before, now)) {
    }
    return block + kHeader;
}

void give(void* pointer) noexcept {
    if (pointer == nullptr) {
        return;
    }
    auto* block = static_cast<unsigned char*>(pointer) - kHeader;
    held.fetch_sub(*reinterpret_cast<std::size_t*>(block));
    std::free(block);
}

} // namespace

void* operator new(std::size_t size) {
    return take(size);
}
void* operator new[](std::size_t size) {
    return take(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    try {
        return take(size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return operator new(size, std::nothrow);
}
void operator delete(void* pointer) noexcept {
    give(pointer);
}
void operator delete[](void* pointer) noexcept {
    give(pointer);
}
void operator delete(void* pointer, std::size_t) noexcept {
    give(pointer);
}
void operator delete[](void* pointer, std::size_t) noexcept {
    give(pointer);
}
void operator delete(void* pointer, const std::nothrow_t&) noexcept {
    give(pointer);
}
void operator delete[](void* pointer, const std::nothrow_t&) noexcept {
    give(pointer);
}

namespace alcuin::tests {

std::size_t AllocationMeter::heldBytes() {
    return held.load();
}

void AllocationMeter::restart() {
    peak.store(held.load());
}

std::size_t AllocationMeter::peakBytes() {
    return peak.load();
}

} // namespace alcuin::tests
