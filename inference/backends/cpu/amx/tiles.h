#pragma once

#include <stddef.h>
#include <stdint.h>

/// The matrix unit's tiles: all use of AMX goes through this header. Compiled with ALCUIN_AMX_TWIN it is plain C++ that
/// computes the same bits, and the kernels lie in the namespace amx_twin: so every machine can test them.
/// Source: Intel Architecture Instruction Set Extensions, chapter AMX.
#ifdef ALCUIN_AMX_TWIN
#define ALCUIN_AMX_NAMESPACE amx_twin
#else
#define ALCUIN_AMX_NAMESPACE amx
#endif

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

/// Rows and bytes of a row of a tile register.
struct TileShape {
    uint8_t rows;
    uint8_t rowBytes;
};

inline constexpr int kTiles = 8;
inline constexpr size_t kTileRows = 16;
inline constexpr size_t kTileBytes = 1024; ///< of a whole tile: 16 rows of 64 bytes

#ifndef ALCUIN_AMX_TWIN

/// Configures the thread's tiles while it lives and gives them up at the end, so that nothing has to be saved when the
/// thread is switched away.
class Tiles {
public:
    explicit Tiles(const TileShape (&shapes)[kTiles]) {
        // The 64 bytes of LDTILECFG: palette 1, bytes of a row at 16, rows at 48.
        struct alignas(64) Configuration {
            uint8_t palette;
            uint8_t startRow;
            uint8_t reserved[14];
            uint16_t rowBytes[16];
            uint8_t rows[16];
        } configuration = {};
        configuration.palette = 1;
        for (int i = 0; i < kTiles; ++i) {
            configuration.rowBytes[i] = shapes[i].rowBytes;
            configuration.rows[i] = shapes[i].rows;
        }
        __asm__ volatile("ldtilecfg %0" ::"m"(configuration));
    }
    ~Tiles() {
        __asm__ volatile("tilerelease" ::);
    }
    Tiles(const Tiles&) = delete;
    Tiles& operator=(const Tiles&) = delete;

    template <int T>
    void zero() {
        __asm__ volatile("tilezero %%tmm%c0" ::"i"(T));
    }
    template <int T>
    void load(const void* base, size_t stride) {
        __asm__ volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(base), "r"(stride), "i"(T) : "memory");
    }
    /// The same, for what is read once: it takes no room from what stays in L1.
    template <int T>
    void loadPassing(const void* base, size_t stride) {
        __asm__ volatile("tileloaddt1 (%0,%1,1), %%tmm%c2" ::"r"(base), "r"(stride), "i"(T) : "memory");
    }
    /// Measured on Sapphire Rapids: a store that comes more than 0.8 us (27 steps of 4 products) after the thread's
    /// last one costs 700 cycles wherever it goes; with any store every 16 to 24 steps in between that cost is gone.
    template <int T>
    void store(void* base, size_t stride) {
        __asm__ volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(base), "r"(stride), "i"(T) : "memory");
    }
    /// C[m][n] += sum over pairs of bf16 A[m][pair] . B[pair][n]; denormals count as zero.
    template <int C, int A, int B>
    void multiplyBf16() {
        __asm__ volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(C), "i"(A), "i"(B));
    }
    /// C[m][n] += sum over fours of signed bytes.
    template <int C, int A, int B>
    void multiplyInt8Signed() {
        __asm__ volatile("tdpbssd %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(C), "i"(A), "i"(B));
    }
};

#else

/// The twin: tiles as arrays.
class Tiles {
public:
    explicit Tiles(const TileShape (&shapes)[kTiles]) {
        for (int i = 0; i < kTiles; ++i) {
            shapes_[i] = shapes[i];
        }
    }

    template <int T>
    void zero() {
        __builtin_memset(bytes_[T], 0, kTileBytes);
    }
    template <int T>
    void load(const void* base, size_t stride) {
        zero<T>();
        for (size_t r = 0; r < shapes_[T].rows; ++r) {
            __builtin_memcpy(bytes_[T][r], static_cast<const unsigned char*>(base) + r * stride, shapes_[T].rowBytes);
        }
    }
    template <int T>
    void loadPassing(const void* base, size_t stride) {
        load<T>(base, stride);
    }
    template <int T>
    void store(void* base, size_t stride) {
        for (size_t r = 0; r < shapes_[T].rows; ++r) {
            __builtin_memcpy(static_cast<unsigned char*>(base) + r * stride, bytes_[T][r], shapes_[T].rowBytes);
        }
    }
    template <int C, int A, int B>
    void multiplyBf16() {
        const size_t columns = shapes_[B].rowBytes / 4U;
        for (size_t m = 0; m < shapes_[A].rows; ++m) {
            for (size_t n = 0; n < columns; ++n) {
                float sum[2] = {}; // of the even and of the odd numbers, one rounding for each product added
                for (size_t k = 0; k < shapes_[A].rowBytes / 4U; ++k) {
                    for (size_t half = 0; half < 2; ++half) {
                        sum[half] = flushed(__builtin_fmaf(bf16(bytes_[A][m] + k * 4 + half * 2),
                                                           bf16(bytes_[B][k] + n * 4 + half * 2), sum[half]));
                    }
                }
                float total = 0;
                __builtin_memcpy(&total, bytes_[C][m] + n * 4, sizeof total);
                total = flushed(flushed(total) + flushed(sum[0] + sum[1]));
                __builtin_memcpy(bytes_[C][m] + n * 4, &total, sizeof total);
            }
        }
    }
    template <int C, int A, int B>
    void multiplyInt8Signed() {
        const size_t columns = shapes_[B].rowBytes / 4U;
        for (size_t m = 0; m < shapes_[A].rows; ++m) {
            for (size_t n = 0; n < columns; ++n) {
                int32_t total = 0;
                __builtin_memcpy(&total, bytes_[C][m] + n * 4, sizeof total);
                for (size_t k = 0; k < shapes_[A].rowBytes; ++k) {
                    const int a = static_cast<int8_t>(bytes_[A][m][k]);
                    total += a * static_cast<int8_t>(bytes_[B][k / 4][n * 4 + k % 4]);
                }
                __builtin_memcpy(bytes_[C][m] + n * 4, &total, sizeof total);
            }
        }
    }

private:
    static float flushed(float value) {
        return __builtin_fabsf(value) < 1.17549435e-38F ? __builtin_copysignf(0.0F, value) : value;
    }
    static float bf16(const unsigned char* place) {
        const uint32_t bits = static_cast<uint32_t>(place[0]) << 16U | static_cast<uint32_t>(place[1]) << 24U;
        float value = 0;
        __builtin_memcpy(&value, &bits, sizeof value);
        return flushed(value);
    }

    TileShape shapes_[kTiles];
    unsigned char bytes_[kTiles][kTileRows][64];
};

#endif

/// All registers whole.
inline constexpr TileShape kWholeTiles[kTiles] = {{16, 64}, {16, 64}, {16, 64}, {16, 64},
                                                  {16, 64}, {16, 64}, {16, 64}, {16, 64}};

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
