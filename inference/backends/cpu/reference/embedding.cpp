#include "backends/cpu/reference/expand.h"
#include "backends/cpu/reference/kernels.h"

namespace alcuin::inference::cpu::reference {

namespace {

template <typename Expand>
void lookUp(const EmbeddingArgs& args, std::size_t panelBytes) {
    for (std::size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const auto token = static_cast<std::size_t>(args.tokens[r]);
        const void* panel = panelAt(args.weights, token / kPanelColumns, panelBytes);
        for (std::size_t k = 0; k < args.depth; ++k) {
            args.y[r * args.depth + k] = Expand::at(panel, k, token % kPanelColumns);
        }
    }
}

} // namespace

void embeddingPanelF32(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandF32>(args, args.depth * kPanelColumns * sizeof(float));
}

void embeddingPanelF16(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandF16>(args, args.depth * kPanelColumns * sizeof(std::uint16_t));
}

void embeddingPanelBF16(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandBF16>(args, args.depth * kPanelColumns * sizeof(std::uint16_t));
}

void embeddingPanelQ8(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandQuantised<ReadQ8>>(args, ReadQ8::panelBytes(args.depth));
}

void embeddingPanelQ4(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandQuantised<ReadQ4>>(args, ReadQ4::panelBytes(args.depth));
}

void embeddingPanelQ4Min(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandQuantised<ReadQ4Min>>(args, ReadQ4Min::panelBytes(args.depth));
}

void embeddingPanelQ5(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandQuantised<ReadQ5>>(args, ReadQ5::panelBytes(args.depth));
}

void embeddingPanelQ4K(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandQuantised<ReadQ4K>>(args, ReadQ4K::panelBytes(args.depth));
}

void embeddingPanelQ5K(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandQuantised<ReadQ5K>>(args, ReadQ5K::panelBytes(args.depth));
}

void embeddingPanelQ6K(const EmbeddingArgs& args) noexcept {
    lookUp<ExpandQuantised<ReadQ6K>>(args, ReadQ6K::panelBytes(args.depth));
}

} // namespace alcuin::inference::cpu::reference
