#include "models/model_draft.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

template <typename Narrow, typename Wide>
bool fitsAll(const std::vector<Wide>& values) {
    return std::ranges::all_of(values, [](Wide value) { return std::in_range<Narrow>(value); });
}

/// What a quantisation of a whole file gives each tensor.
struct FileType {
    std::string_view name;
    DType dtype;
    DType head;              ///< of the output, or of the embedding where it serves as such
    bool moreBits;           ///< Q6_K for the values and the last product of some layers
    std::uint32_t ggufValue; ///< of general.file_type
};

constexpr std::array kFileTypes{
    FileType{"f32", DType::kF32, DType::kF32, false, 0},      FileType{"f16", DType::kF16, DType::kF16, false, 1},
    FileType{"bf16", DType::kBF16, DType::kBF16, false, 32},  FileType{"q8_0", DType::kQ8_0, DType::kQ8_0, false, 7},
    FileType{"q4_0", DType::kQ4_0, DType::kQ6_K, false, 2},   FileType{"q4_1", DType::kQ4_1, DType::kQ6_K, false, 3},
    FileType{"q5_0", DType::kQ5_0, DType::kQ6_K, false, 8},   FileType{"q4_k_m", DType::kQ4_K, DType::kQ6_K, true, 15},
    FileType{"q5_k_m", DType::kQ5_K, DType::kQ6_K, true, 17}, FileType{"q6_k", DType::kQ6_K, DType::kQ6_K, false, 18},
};

constexpr auto kTypeNames = [] {
    std::array<std::string_view, kFileTypes.size()> names;
    std::ranges::transform(kFileTypes, names.begin(), &FileType::name);
    return names;
}();

/// The number behind "blk."; nothing for a tensor of no block.
std::optional<std::uint32_t> layerOf(std::string_view name) {
    constexpr std::string_view kBlock = "blk.";
    std::uint32_t layer = 0;
    if (!name.starts_with(kBlock)) {
        return std::nullopt;
    }
    const auto digits = name.substr(kBlock.size());
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), layer);
    return read.ec == std::errc() ? std::optional(layer) : std::nullopt;
}

/// The first and last eighth of the layers, and every third between.
bool deservesMoreBits(std::uint32_t layer, std::uint32_t layers) {
    return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
}

/// The next finer type whose blocks divide a row of this length.
DType fitting(DType dtype, std::uint64_t row) {
    while (row % infoOf(dtype).blockElements != 0) {
        switch (dtype) {
        case DType::kQ4_K:
            dtype = DType::kQ5_0;
            break;
        case DType::kQ5_K:
        case DType::kQ6_K:
            dtype = DType::kQ8_0;
            break;
        default:
            return DType::kF16;
        }
    }
    return dtype;
}

DType typeFor(const DraftTensor& tensor, const FileType& type, std::string_view head, std::uint32_t layers, bool pure) {
    DType dtype = type.dtype;
    const std::string_view name = tensor.name;
    if (!pure && name == head) {
        dtype = type.head;
    } else if (!pure && type.moreBits && (name.ends_with("attn_v.weight") || name.ends_with("ffn_down.weight"))) {
        const auto layer = layerOf(name);
        dtype = layer && deservesMoreBits(*layer, layers) ? DType::kQ6_K : dtype;
    }
    return fitting(dtype, tensor.dimensions[0]);
}

} // namespace

GgufWriter::Value narrowed(const Metadata::Value& value) {
    return std::visit(
        [](const auto& held) -> GgufWriter::Value {
            using T = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<T, std::uint64_t>) {
                return std::in_range<std::uint32_t>(held) ? GgufWriter::Value(static_cast<std::uint32_t>(held)) : held;
            } else if constexpr (std::is_same_v<T, std::int64_t>) {
                return std::in_range<std::int32_t>(held) ? GgufWriter::Value(static_cast<std::int32_t>(held)) : held;
            } else if constexpr (std::is_same_v<T, double>) {
                return static_cast<float>(held);
            } else if constexpr (std::is_same_v<T, std::vector<std::uint64_t>>) {
                return fitsAll<std::uint32_t>(held)
                           ? GgufWriter::Value(std::vector<std::uint32_t>(held.begin(), held.end()))
                           : held;
            } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
                return fitsAll<std::int32_t>(held)
                           ? GgufWriter::Value(std::vector<std::int32_t>(held.begin(), held.end()))
                           : held;
            } else if constexpr (std::is_same_v<T, std::vector<double>>) {
                return std::vector<float>(held.begin(), held.end());
            } else {
                return held;
            }
        },
        value);
}

std::uint64_t DraftTensor::elements() const {
    std::uint64_t product = 1;
    for (const auto dimension : dimensions) {
        product *= dimension;
    }
    return product;
}

ModelDraft draftOf(const GgufFile& file) {
    ModelDraft model;
    for (const auto& [key, value] : file.metadata().entries()) {
        if (!key.starts_with("split.")) { // what is written is one file
            model.entries[key] = narrowed(value);
        }
    }
    for (const GgufTensor& tensor : file.tensors()) {
        const auto* first = tensor.dimensions.data();
        model.tensors.push_back({tensor.name, tensor.dtype, {first, first + tensor.dimensionCount}});
    }
    return model;
}

Result<void> setTypes(ModelDraft& model, std::string_view name, bool pure) {
    const auto* type = std::ranges::find(kFileTypes, name, &FileType::name);
    if (type == kFileTypes.end()) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("There is no type \"{}\". Types are {}.", name, fmt::join(kTypeNames, ", ")));
    }
    std::set<std::uint32_t> layers;
    bool ownHead = false;
    for (const DraftTensor& tensor : model.tensors) {
        ownHead = ownHead || tensor.name == "output.weight";
        if (const auto layer = layerOf(tensor.name)) {
            layers.insert(*layer);
        }
    }
    const std::string_view head = ownHead ? "output.weight" : "token_embd.weight";
    for (DraftTensor& tensor : model.tensors) {
        tensor.dtype = tensor.dimensions.size() == 1
                           ? DType::kF32
                           : typeFor(tensor, *type, head, static_cast<std::uint32_t>(layers.size()), pure);
    }
    model.entries["general.file_type"] = type->ggufValue;
    model.entries["general.quantization_version"] = std::uint32_t{2};
    return {};
}

std::span<const std::string_view> fileTypes() {
    return kTypeNames;
}

} // namespace alcuin::inference
