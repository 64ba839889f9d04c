#include "tensor/dtype.h"

#include <algorithm>
#include <array>

#include "base/checked.h"

namespace alcuin::inference {

namespace {

// Ordered as DType; numbers from the GGUF specification.
constexpr std::array<DTypeInfo, kDTypeCount> kInfos{{
    DTypeInfo{DType::kF32, "F32", 0, 1, 4},
    DTypeInfo{DType::kF16, "F16", 1, 1, 2},
    DTypeInfo{DType::kBF16, "BF16", 30, 1, 2},
    DTypeInfo{DType::kQ8_0, "Q8_0", 8, 32, 34},
    DTypeInfo{DType::kQ4_0, "Q4_0", 2, 32, 18},
    DTypeInfo{DType::kQ4_1, "Q4_1", 3, 32, 20},
    DTypeInfo{DType::kQ5_0, "Q5_0", 6, 32, 22},
    DTypeInfo{DType::kQ4_K, "Q4_K", 12, 256, 144},
    DTypeInfo{DType::kQ5_K, "Q5_K", 13, 256, 176},
    DTypeInfo{DType::kQ6_K, "Q6_K", 14, 256, 210},
}};

// Indexed by type number; numbers that were retired or never given are empty.
constexpr std::array<std::string_view, 42> kGgufNames{
    "F32",   "F16",    "Q4_0",  "Q4_1", "",     "",        "Q5_0",   "Q5_1",    "Q8_0",  "Q8_1",   "Q2_K",
    "Q3_K",  "Q4_K",   "Q5_K",  "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S",
    "IQ2_S", "IQ4_XS", "I8",    "I16",  "I32",  "I64",     "F64",    "IQ1_M",   "BF16",  "",       "",
    "",      "TQ1_0",  "TQ2_0", "",     "",     "",        "MXFP4",  "NVFP4",   "Q1_0"};

} // namespace

const DTypeInfo& infoOf(DType dtype) {
    return kInfos.at(static_cast<std::size_t>(dtype));
}

std::optional<std::uint64_t> storedBytes(DType dtype, std::uint64_t elements) {
    const auto& info = infoOf(dtype);
    if (elements % info.blockElements != 0) {
        return std::nullopt;
    }
    return checkedMultiply(elements / info.blockElements, info.blockBytes);
}

std::optional<DType> dtypeOfGguf(std::uint32_t ggufType) {
    const auto* found = std::ranges::find(kInfos, ggufType, &DTypeInfo::ggufType);
    return found == kInfos.end() ? std::nullopt : std::optional(found->dtype);
}

std::string_view ggufTypeName(std::uint32_t ggufType) {
    return ggufType < kGgufNames.size() ? kGgufNames[ggufType] : std::string_view{};
}

} // namespace alcuin::inference
