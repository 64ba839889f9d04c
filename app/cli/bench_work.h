#pragma once

#include <cstddef>
#include <span>

#include "cli/bench_runner.h"
#include "models/model.h"

namespace alcuin::cli {

/// What one repetition of a test has to do at least, whatever computes it.
struct BenchWork {
    std::size_t tokens = 0;
    double bytes = 0;      ///< weights and state, each once a step
    double operations = 0; ///< multiplications and additions
};

struct BenchSteps {
    std::size_t decode = 0;  ///< steps of a decode test
    std::size_t maxRows = 0; ///< of a prompt in one step
};

BenchWork workOf(const BenchTest& test, const BenchSteps& steps, const inference::StepCost& cost,
                 std::span<const inference::StateGroup> state);

} // namespace alcuin::cli
