#include "backends/cpu/amx/limits.h"

#include "backends/cpu/amx/tiles.h"

namespace alcuin::inference::cpu::amx {

void peakBF16(const PeakArgs& args) noexcept {
    constexpr size_t kRowBytes = 64;
    Tiles tiles(kWholeTiles);
    tiles.zero<4>();
    tiles.zero<5>();
    tiles.zero<6>();
    tiles.zero<7>();
    size_t nearAt = 0;
    for (size_t pass = 0; pass < args.passes; ++pass) {
        for (size_t farAt = 0; farAt < kFarBytes; farAt += 2 * kTileBytes) {
            tiles.load<0>(args.near + nearAt, kRowBytes);
            tiles.load<1>(args.near + nearAt + kTileBytes, kRowBytes);
            tiles.load<2>(args.far + farAt, kRowBytes);
            tiles.load<3>(args.far + farAt + kTileBytes, kRowBytes);
            tiles.multiplyBf16<4, 0, 2>();
            tiles.multiplyBf16<5, 0, 3>();
            tiles.multiplyBf16<6, 1, 2>();
            tiles.multiplyBf16<7, 1, 3>();
            nearAt = (nearAt + 2 * kTileBytes) % kNearBytes;
        }
    }
}

} // namespace alcuin::inference::cpu::amx
