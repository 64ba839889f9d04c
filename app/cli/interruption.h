#pragma once

#include <functional>

#include "cli/outcome.h"

namespace alcuin::cli {

/// While one lives, the first Ctrl+C is an event to wait for, and the second ends the program as usual. At most one at
/// a time.
class Interruption {
public:
    static Outcome<Interruption> watch();
    Interruption(Interruption&& other) noexcept;
    Interruption& operator=(Interruption&&) = delete;
    ~Interruption();

    enum class Event { kWoken, kInterrupted };

    /// Sleeps until wake() was called or Ctrl+C was pressed.
    Event wait();

    /// Ends one wait(). Doesn't block. Threads: any.
    void wake() const;

private:
    Interruption(int readEnd, int writeEnd) : readEnd_(readEnd), writeEnd_(writeEnd) {}
    int readEnd_;
    int writeEnd_;
};

} // namespace alcuin::cli
