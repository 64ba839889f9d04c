#include "models/workspace.h"

#include <algorithm>
#include <utility>

namespace alcuin::inference {

Result<Workspace> Workspace::allocate(Device device, const DecoderDescription& d, std::size_t maxRows) {
    Workspace w;
    const std::size_t heads = d.maxHeads();
    const std::size_t kvHeads = d.maxKvHeads();
    const std::size_t forward = d.maxFeedForward();
    const std::size_t widest = std::max({d.embedding, heads * d.valueSize, forward});
    const std::size_t groups = (widest + cpu::kGroup - 1) / cpu::kGroup;
    const std::pair<Buffer*, std::size_t> sizes[] = {
        {&w.residual, d.embedding * sizeof(float)},
        {&w.delta, d.embedding * sizeof(float)},
        {&w.normed, d.embedding * sizeof(float)},
        {&w.query, heads * d.headSize * sizeof(float)},
        {&w.key, kvHeads * d.headSize * sizeof(float)},
        {&w.value, kvHeads * d.valueSize * sizeof(float)},
        {&w.attention, heads * d.valueSize * sizeof(float)},
        {&w.gate, forward * sizeof(float)},
        {&w.up, forward * sizeof(float)},
        {&w.cosine, d.rope.dimensions / 2 * sizeof(float)},
        {&w.sine, d.rope.dimensions / 2 * sizeof(float)},
        {&w.quantisedValues_, groups * cpu::kGroup},
        {&w.quantisedScale_, groups * sizeof(float)},
        {&w.quantisedSum_, groups * sizeof(std::int32_t)},
        {&w.quantisedOffset_, groups * sizeof(float)},
        {&w.quantisedLower_, groups * sizeof(std::int32_t)},
    };
    for (const auto& [buffer, bytesPerRow] : sizes) {
        auto made = Buffer::allocate(device, maxRows * bytesPerRow);
        if (!made) {
            return tl::unexpected(std::move(made).error());
        }
        *buffer = std::move(*made);
    }
    constexpr std::size_t kTileRows = 16;
    const std::size_t tileRows = (maxRows + kTileRows - 1) / kTileRows * kTileRows;
    auto tiles = Buffer::allocate(device, tileRows * groups * cpu::kGroup * sizeof(std::uint16_t));
    if (!tiles) {
        return tl::unexpected(std::move(tiles).error());
    }
    w.tiles_ = std::move(*tiles);
    return w;
}

cpu::QuantisedRows Workspace::quantised() {
    return {quantisedValues_.as<std::int8_t>().data(), quantisedScale_.as<float>().data(),
            quantisedSum_.as<std::int32_t>().data(), quantisedOffset_.as<float>().data(),
            quantisedLower_.as<std::int32_t>().data()};
}

std::uint16_t* Workspace::tiles() {
    return tiles_.as<std::uint16_t>().data();
}

Result<void> Workspace::grow(Buffer& buffer, std::size_t floats) {
    if (buffer.size() >= floats * sizeof(float)) {
        return {};
    }
    auto larger = Buffer::allocate(buffer.device(), floats * sizeof(float));
    if (!larger) {
        return tl::unexpected(std::move(larger).error());
    }
    buffer = std::move(*larger);
    return {};
}

} // namespace alcuin::inference
