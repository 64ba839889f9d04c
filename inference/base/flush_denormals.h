#pragma once

namespace alcuin::inference {

/// While it lives, the calling thread's results and operands below the normal range count as zero (FTZ and DAZ):
/// arithmetic on denormals is many times slower. The thread's own setting comes back at the end.
class FlushDenormals {
public:
    FlushDenormals() : saved_(__builtin_ia32_stmxcsr()) {
        constexpr unsigned kFlushToZero = 0x8000;
        constexpr unsigned kDenormalsAreZero = 0x0040;
        __builtin_ia32_ldmxcsr(saved_ | kFlushToZero | kDenormalsAreZero);
    }
    ~FlushDenormals() {
        __builtin_ia32_ldmxcsr(saved_);
    }
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;

private:
    unsigned saved_;
};

} // namespace alcuin::inference
