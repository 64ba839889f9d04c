#include "failing_new.h"

#include <cstdlib>
#include <new>

namespace {

thread_local bool armed = false;
thread_local bool failed = false;
thread_local std::size_t left = 0;

void* take(std::size_t size) {
    if (armed && left-- == 0) {
        armed = false;
        failed = true;
        throw std::bad_alloc();
    }
    void* block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr) {
        throw std::bad_alloc();
    }
    return block;
}

} // namespace

void* operator new(std::size_t size) {
    return take(size);
}
void* operator new[](std::size_t size) {
    return take(size);
}
void operator delete(void* pointer) noexcept {
    std::free(pointer);
}
void operator delete[](void* pointer) noexcept {
    std::free(pointer);
}
void operator delete(void* pointer, std::size_t) noexcept {
    std::free(pointer);
}
void operator delete[](void* pointer, std::size_t) noexcept {
    std::free(pointer);
}

namespace alcuin::tests {

FailingNew::FailingNew(std::size_t calls) {
    left = calls;
    failed = false;
    armed = true;
}

FailingNew::~FailingNew() {
    armed = false;
}

bool FailingNew::hasFailed() {
    return failed;
}

} // namespace alcuin::tests
