#include "models/workspace.h"

#include <algorithm>
#include <array>
#include <utility>

namespace alcuin::inference {

namespace {

constexpr std::size_t kTileRows = cpu::kSplitTile;

std::size_t groupsOf(std::size_t depth) {
    return (depth + cpu::kGroup - 1) / cpu::kGroup;
}

std::size_t wholeTiles(std::size_t rows) {
    return (rows + kTileRows - 1) / kTileRows * kTileRows;
}

/// One buffer of RowFormats.
struct FormatSize {
    std::size_t bytesPerRow;
    std::size_t Workspace::Use::*rows; ///< the format's
    bool wholeTiles;
};

/// In order: values, scale, sum, offset, lower; coarse, fine, fineRows; tiles.
std::array<FormatSize, 9> formatSizes(std::size_t depth) {
    using Use = Workspace::Use;
    const std::size_t groups = groupsOf(depth);
    return {{{groups * cpu::kGroup, &Use::quantised, false},
             {groups * sizeof(float), &Use::quantised, false},
             {groups * sizeof(std::int32_t), &Use::quantised, false},
             {groups * sizeof(float), &Use::quantised, false},
             {groups * sizeof(std::int32_t), &Use::quantised, false},
             {groups * sizeof(cpu::SplitGroup), &Use::split, true},
             {groups * sizeof(cpu::SplitGroup), &Use::split, true},
             {groups, &Use::split, true},
             {groups * cpu::kGroup * sizeof(std::uint16_t), &Use::tiles, true}}};
}

std::uint64_t residentFormats(std::size_t maxRows, std::size_t depth, const Workspace::Use& use) {
    std::uint64_t sum = 0;
    for (const FormatSize& size : formatSizes(depth)) {
        const std::size_t all = size.wholeTiles ? wholeTiles(maxRows) : maxRows;
        const std::size_t used = size.wholeTiles ? wholeTiles(use.*size.rows) : use.*size.rows;
        sum += AlignedBuffer::residentBytes(all * size.bytesPerRow, used * size.bytesPerRow);
    }
    return sum;
}

/// Depth of the products that read from `inputs`.
std::size_t inputDepth(const DecoderDescription& d) {
    return std::max(d.embedding, d.maxHeads() * d.valueSize);
}

struct RowBuffer {
    Buffer Workspace::*buffer;
    std::size_t bytesPerRow;
};

std::array<RowBuffer, 9> rowBuffers(const DecoderDescription& d) {
    return {{{&Workspace::residual, d.embedding * sizeof(float)},
             {&Workspace::delta, d.embedding * sizeof(float)},
             {&Workspace::normed, d.embedding * sizeof(float)},
             {&Workspace::query, d.maxHeads() * d.headSize * sizeof(float)},
             {&Workspace::key, d.maxKvHeads() * d.headSize * sizeof(float)},
             {&Workspace::value, d.maxKvHeads() * d.valueSize * sizeof(float)},
             {&Workspace::attention, d.maxHeads() * d.valueSize * sizeof(float)},
             {&Workspace::cosine, d.rope.dimensions / 2 * sizeof(float)},
             {&Workspace::sine, d.rope.dimensions / 2 * sizeof(float)}}};
}

Result<void> allocateInto(Buffer& buffer, Device device, std::size_t bytes) {
    auto made = Buffer::allocate(device, bytes);
    if (!made) {
        return tl::unexpected(std::move(made).error());
    }
    buffer = std::move(*made);
    return {};
}

} // namespace

Result<RowFormats> RowFormats::allocate(Device device, std::size_t maxRows, std::size_t depth) {
    RowFormats formats;
    const std::array buffers{&formats.values_, &formats.scale_, &formats.sum_,      &formats.offset_, &formats.lower_,
                             &formats.coarse_, &formats.fine_,  &formats.fineRows_, &formats.tiles_};
    const auto sizes = formatSizes(depth);
    for (std::size_t i = 0; i < buffers.size(); ++i) {
        const std::size_t rows = sizes[i].wholeTiles ? wholeTiles(maxRows) : maxRows;
        if (auto made = allocateInto(*buffers[i], device, rows * sizes[i].bytesPerRow); !made) {
            return tl::unexpected(std::move(made).error());
        }
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
    for (const RowBuffer& each : rowBuffers(d)) {
        if (auto made = allocateInto(w.*each.buffer, device, maxRows * each.bytesPerRow); !made) {
            return tl::unexpected(std::move(made).error());
        }
    }
    const std::size_t forward = d.maxFeedForward();
    if (auto made = allocateInto(w.activated, device, activated ? maxRows * forward * sizeof(float) : 0); !made) {
        return tl::unexpected(std::move(made).error());
    }
    auto inputs = RowFormats::allocate(device, maxRows, inputDepth(d));
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

std::uint64_t Workspace::residentBytes(const DecoderDescription& d, std::size_t maxRows, bool activated,
                                       const Use& use) {
    const std::size_t forward = d.maxFeedForward();
    std::uint64_t sum = residentFormats(maxRows, inputDepth(d), use) + residentFormats(maxRows, forward, use);
    if (activated) {
        sum += AlignedBuffer::residentBytes(maxRows * forward * sizeof(float), use.plain * forward * sizeof(float));
    }
    for (const RowBuffer& each : rowBuffers(d)) {
        sum += AlignedBuffer::residentBytes(maxRows * each.bytesPerRow, use.rows * each.bytesPerRow);
    }
    return sum;
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
