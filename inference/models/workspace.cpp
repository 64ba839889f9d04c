#include "models/workspace.h"

#include <algorithm>
#include <utility>

namespace alcuin::inference {

namespace {

using Size = std::pair<Buffer*, std::size_t>;

Result<void> allocateAll(Device device, std::span<const Size> sizes) {
    for (const auto& [buffer, bytes] : sizes) {
        auto made = Buffer::allocate(device, bytes);
        if (!made) {
            return tl::unexpected(std::move(made).error());
        }
        *buffer = std::move(*made);
    }
    return {};
}

} // namespace

Result<RowFormats> RowFormats::allocate(Device device, std::size_t maxRows, std::size_t depth) {
    constexpr std::size_t kTileRows = cpu::kSplitTile;
    const std::size_t groups = (depth + cpu::kGroup - 1) / cpu::kGroup;
    const std::size_t tileRows = (maxRows + kTileRows - 1) / kTileRows * kTileRows;
    RowFormats formats;
    const Size sizes[] = {
        {&formats.values_, maxRows * groups * cpu::kGroup},
        {&formats.scale_, maxRows * groups * sizeof(float)},
        {&formats.sum_, maxRows * groups * sizeof(std::int32_t)},
        {&formats.offset_, maxRows * groups * sizeof(float)},
        {&formats.lower_, maxRows * groups * sizeof(std::int32_t)},
        {&formats.coarse_, tileRows * groups * sizeof(cpu::SplitGroup)},
        {&formats.fine_, tileRows * groups * sizeof(cpu::SplitGroup)},
        {&formats.fineRows_, tileRows * groups},
        {&formats.tiles_, tileRows * groups * cpu::kGroup * sizeof(std::uint16_t)},
    };
    if (auto made = allocateAll(device, sizes); !made) {
        return tl::unexpected(std::move(made).error());
    }
    return formats;
}

cpu::QuantisedRows RowFormats::quantised() {
    return {values_.as<std::int8_t>().data(), scale_.as<float>().data(), sum_.as<std::int32_t>().data(),
            offset_.as<float>().data(), lower_.as<std::int32_t>().data()};
}

cpu::SplitRows RowFormats::split() {
    return {coarse_.as<cpu::SplitGroup>().data(), fine_.as<cpu::SplitGroup>().data(),
            fineRows_.as<std::uint8_t>().data()};
}

std::uint16_t* RowFormats::tiles() {
    return tiles_.as<std::uint16_t>().data();
}

Result<Workspace> Workspace::allocate(Device device, const DecoderDescription& d, std::size_t maxRows, bool activated) {
    Workspace w;
    const std::size_t heads = d.maxHeads();
    const std::size_t kvHeads = d.maxKvHeads();
    const std::size_t forward = d.maxFeedForward();
    const Size sizes[] = {
        {&w.residual, maxRows * (d.embedding * sizeof(float))},
        {&w.delta, maxRows * (d.embedding * sizeof(float))},
        {&w.normed, maxRows * (d.embedding * sizeof(float))},
        {&w.query, maxRows * (heads * d.headSize * sizeof(float))},
        {&w.key, maxRows * (kvHeads * d.headSize * sizeof(float))},
        {&w.value, maxRows * (kvHeads * d.valueSize * sizeof(float))},
        {&w.attention, maxRows * (heads * d.valueSize * sizeof(float))},
        {&w.activated, maxRows * (activated ? forward * sizeof(float) : 0)},
        {&w.cosine, maxRows * (d.rope.dimensions / 2 * sizeof(float))},
        {&w.sine, maxRows * (d.rope.dimensions / 2 * sizeof(float))},
    };
    if (auto made = allocateAll(device, sizes); !made) {
        return tl::unexpected(std::move(made).error());
    }
    auto inputs = RowFormats::allocate(device, maxRows, std::max(d.embedding, heads * d.valueSize));
    if (!inputs) {
        return tl::unexpected(std::move(inputs).error());
    }
    w.inputs = std::move(*inputs);
    auto activatedInputs = RowFormats::allocate(device, maxRows, forward);
    if (!activatedInputs) {
        return tl::unexpected(std::move(activatedInputs).error());
    }
    w.activatedInputs = std::move(*activatedInputs);
    return w;
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
