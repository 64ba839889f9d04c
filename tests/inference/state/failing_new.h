#pragma once

#include <cstddef>

namespace alcuin::tests {

/// Makes operator new of this thread throw std::bad_alloc once: at the call after `calls` that still succeed.
/// The whole executable's operator new is replaced.
class FailingNew {
public:
    explicit FailingNew(std::size_t calls);
    ~FailingNew();
    FailingNew(const FailingNew&) = delete;
    FailingNew& operator=(const FailingNew&) = delete;

    static bool hasFailed();
};

} // namespace alcuin::tests
