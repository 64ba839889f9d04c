#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/step.h"
#include "runtime/sequence.h"

namespace alcuin::inference {

/// The rows of one step of one model, laid out as StepInput wants them.
class StepPlan {
public:
    explicit StepPlan(StepLane lane) : lane_(lane) {}

    struct Member {
        Sequence* sequence;
        std::size_t rows;
        bool wantsLogits;
    };

    void clear();
    /// Adds the first `rows` of what the sequence has to read next; the last one asks for logits if nothing is left
    /// then.
    void add(Sequence& sequence, std::size_t rows);

    bool empty() const {
        return members_.empty();
    }
    std::size_t rows() const {
        return tokens_.size();
    }
    bool has(const Sequence& sequence) const;
    const std::vector<Member>& members() const {
        return members_;
    }
    /// Borrows from this plan.
    StepInput input() const;

private:
    StepLane lane_;
    std::vector<Member> members_;
    std::vector<Token> tokens_;
    std::vector<Position> positions_;
    std::vector<RowClass> rowClass_;
    std::vector<std::uint32_t> rowStart_{0};
    std::vector<std::uint32_t> logitRows_;
    std::vector<StateRef> state_;
};

} // namespace alcuin::inference
