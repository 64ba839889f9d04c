#include "runtime/step_plan.h"

#include <algorithm>

namespace alcuin::inference {

void StepPlan::clear() {
    members_.clear();
    tokens_.clear();
    positions_.clear();
    rowClass_.clear();
    rowStart_.assign(1, 0);
    logitRows_.clear();
    state_.clear();
}

void StepPlan::add(Sequence& sequence, std::size_t rows) {
    const Sequence::Run run = sequence.run();
    const std::size_t first = sequence.state().length();
    const bool wantsLogits = first + rows == sequence.tokens().size();
    members_.push_back({&sequence, rows, wantsLogits});
    for (std::size_t row = 0; row < rows; ++row) {
        const auto position = static_cast<std::int32_t>(first + row);
        tokens_.push_back(run.tokens[row]);
        positions_.push_back({position, position, position});
        rowClass_.push_back(run.rowClass);
    }
    const auto end = static_cast<std::uint32_t>(tokens_.size());
    rowStart_.push_back(end);
    if (wantsLogits) {
        logitRows_.push_back(end - 1);
    }
    state_.push_back(&sequence.state());
}

bool StepPlan::has(const Sequence& sequence) const {
    return std::ranges::any_of(members_, [&](const Member& member) { return member.sequence == &sequence; });
}

StepInput StepPlan::input() const {
    return {.tokens = tokens_,
            .positions = positions_,
            .rowClass = rowClass_,
            .rowStart = rowStart_,
            .logitRows = logitRows_,
            .state = state_,
            .adapter = {},
            .lane = lane_};
}

} // namespace alcuin::inference
