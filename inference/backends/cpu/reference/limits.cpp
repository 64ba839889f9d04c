#include "backends/cpu/reference/limits.h"

namespace alcuin::inference::cpu::reference {

uint64_t readStreams(const ReadArgs& args) noexcept {
    constexpr size_t kWords = kLine / sizeof(uint64_t);
    uint64_t sums[kWords] = {};
    const size_t each = args.bytes / args.streams;
    for (size_t at = 0; at < each; at += kLine) {
        for (size_t stream = 0; stream < args.streams; ++stream) {
            const unsigned char* place = args.data + stream * each + at;
            __builtin_prefetch(place + args.ahead);
            uint64_t words[kWords];
            __builtin_memcpy(words, place, kLine);
            for (size_t i = 0; i < kWords; ++i) {
                sums[i] ^= words[i];
            }
        }
    }
    uint64_t all = 0;
    for (const uint64_t sum : sums) {
        all ^= sum;
    }
    return all;
}

void peakF32(const PeakArgs& args) noexcept {
    constexpr size_t kLanes = kPeakChains * 4;
    float a[kLanes];
    float b[kLanes];
    float sums[kLanes] = {};
    __builtin_memcpy(a, args.near, sizeof a);
    __builtin_memcpy(b, args.far, sizeof b);
    for (size_t turn = 0; turn < args.passes * kPeakTurns; ++turn) {
        __asm__ volatile("" : "+m"(a), "+m"(b)); // or the products would be taken out of the loop
        for (size_t i = 0; i < kLanes; ++i) {
            sums[i] += a[i] * b[i];
        }
    }
    __asm__ volatile("" ::"m"(sums));
}

} // namespace alcuin::inference::cpu::reference
