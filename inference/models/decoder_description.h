#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace alcuin::inference {

/// Which two numbers of a head turn together: neighbours, or one of each half.
enum class RopePairing : std::uint8_t { kInterleaved, kHalfSplit };

/// Which products have a bias.
enum class Bias : std::uint8_t { kNone, kQueryKeyValue };

struct RopeDescription {
    RopePairing pairing = RopePairing::kInterleaved;
    double base = 10000;
    std::size_t dimensions = 0; ///< of a head's numbers, from its start, that turn
    double stretch = 1;         ///< positions are divided by it (linear scaling)
};

struct LayerDescription {
    std::size_t heads = 0;   ///< query heads
    std::size_t kvHeads = 0; ///< heads / kvHeads query heads share one
    std::size_t feedForward = 0;
};

/// A decoder-only network as data for the one generic block:
///   x += attention(norm(x)) Wo;   x += (silu(norm(x) Wgate) * norm(x) Wup) Wdown
/// Every number was checked to be possible before any tensor is looked at.
struct DecoderDescription {
    std::string architecture; ///< as general.architecture says
    std::size_t embedding = 0;
    std::size_t vocabulary = 0;
    std::size_t contextLength = 0; ///< trained for
    std::size_t headSize = 0;      ///< of queries and keys
    std::size_t valueSize = 0;
    float normEpsilon = 0;
    Bias bias = Bias::kNone;
    RopeDescription rope;
    std::vector<LayerDescription> layers;

    std::size_t maxHeads() const {
        return largest(&LayerDescription::heads);
    }
    std::size_t maxKvHeads() const {
        return largest(&LayerDescription::kvHeads);
    }
    std::size_t maxFeedForward() const {
        return largest(&LayerDescription::feedForward);
    }
    /// Most query heads that share a KV head, in any layer.
    std::size_t maxGroup() const {
        std::size_t most = 0;
        for (const LayerDescription& layer : layers) {
            most = std::max(most, layer.heads / layer.kvHeads);
        }
        return most;
    }

private:
    std::size_t largest(std::size_t LayerDescription::*member) const {
        std::size_t most = 0;
        for (const LayerDescription& layer : layers) {
            most = std::max(most, layer.*member);
        }
        return most;
    }
};

} // namespace alcuin::inference
