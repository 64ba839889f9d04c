#include "cli/bench_work.h"

#include <algorithm>

namespace alcuin::cli {

namespace {

/// Bytes of state that one sequence of so many tokens has, for those that attention looks at.
std::size_t stateBytes(std::span<const inference::StateGroup> state, std::size_t tokens) {
    std::size_t bytes = 0;
    for (const auto& group : state) {
        const bool windowed = group.kind == inference::StateKind::kWindow;
        const std::size_t seen = windowed ? std::min<std::size_t>(tokens, group.window) : tokens;
        bytes += group.bytesPerToken * seen + group.bytesPerSequence;
    }
    return bytes;
}

} // namespace

BenchWork workOf(const BenchTest& test, const BenchSteps& steps, const inference::StepCost& cost,
                 std::span<const inference::StateGroup> state) {
    std::size_t bytes = 0;
    std::size_t multiplyAdds = 0;
    const std::size_t rowsInAll = test.isPrefill() ? test.rows : steps.decode;
    const std::size_t atOnce = test.isPrefill() ? steps.maxRows : 1;
    for (std::size_t done = 0; done < rowsInAll;) {
        const std::size_t rows = std::min(atOnce, rowsInAll - done);
        const std::size_t before = test.depth + done;
        const bool logits = !test.isPrefill() || done + rows == rowsInAll;
        bytes += cost.blockBytes + (logits ? cost.headBytes : 0) + test.sequences * stateBytes(state, before + rows);
        // The row of number r sees what stands before, the r rows in front of it and itself.
        const std::size_t seen = rows * before + rows * (rows + 1) / 2;
        multiplyAdds += test.sequences * (rows * cost.blockMultiplyAdds + seen * cost.attentionMultiplyAdds +
                                          (logits ? cost.headMultiplyAdds : 0));
        done += rows;
    }
    return {test.sequences * rowsInAll, static_cast<double>(bytes), 2 * static_cast<double>(multiplyAdds)};
}

} // namespace alcuin::cli
