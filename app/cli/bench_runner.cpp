#include "cli/bench_runner.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>

#include "base/memory_bandwidth.h"
#include "base/thread_pool.h"
#include "formats/gguf.h"
#include "models/model.h"

namespace alcuin::cli {

namespace {

using inference::Model;
using inference::Position;
using inference::RowClass;
using inference::SequenceState;
using inference::StateRef;
using inference::Token;

constexpr double kGiga = 1e9;

/// Runs one step of `rows` tokens for each of the states, commits it, and returns the seconds it took.
Outcome<double> step(Model& model, const std::vector<StateRef>& states, std::size_t rows, RowClass rowClass) {
    std::vector<Token> tokens;
    std::vector<Position> positions;
    std::vector<std::uint32_t> rowStart{0};
    std::vector<std::uint32_t> logitRows;
    for (const StateRef state : states) {
        for (std::size_t row = 0; row < rows; ++row) {
            const auto at = state->length() + row;
            const auto position = static_cast<std::int32_t>(at);
            // Any tokens do; different ones, so that no row of the embedding is read twice in a row.
            tokens.push_back(static_cast<Token>((at * 7919 + 11) % model.vocabularySize()));
            positions.push_back({position, position, position});
        }
        rowStart.push_back(static_cast<std::uint32_t>(tokens.size()));
        logitRows.push_back(rowStart.back() - 1);
    }
    const std::vector<RowClass> classes(tokens.size(), rowClass);
    const auto begin = std::chrono::steady_clock::now();
    auto cursor = model.begin({tokens, positions, classes, rowStart, logitRows, states, {}});
    if (!cursor) {
        return failure(cursor.error());
    }
    for (;;) {
        const auto done = (*cursor)->advance();
        if (!done) {
            return failure(done.error());
        }
        if (*done) {
            break;
        }
    }
    for (const StateRef state : states) {
        state->commit(rows);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// One row of the table while it is being measured.
struct Test {
    BenchResult result;
    std::vector<double> seconds; ///< per repetition, of all its tokens
    std::size_t tokens = 0;      ///< per repetition
    std::size_t steps = 1;
};

std::vector<Test> testsOf(const BenchPlan& plan) {
    std::vector<Test> tests;
    for (const std::size_t depth : plan.depths) {
        for (const std::size_t rows : plan.prefillRows) {
            tests.push_back({{.test = "prefill", .rows = rows, .sequences = 1, .depth = depth}, {}, rows, 1});
        }
        for (const std::size_t sequences : plan.sequences) {
            tests.push_back({{.test = "decode", .rows = sequences, .sequences = sequences, .depth = depth},
                             {},
                             sequences * plan.decodeSteps,
                             plan.decodeSteps});
        }
    }
    return tests;
}

class Bench {
public:
    Bench(Model& model, const BenchPlan& plan) : m_model(model), m_plan(plan) {}

    /// Makes the sequences of every depth and reads what stands before what is measured.
    Outcome<void> fill() {
        const std::size_t count = std::max<std::size_t>(1, *std::ranges::max_element(m_plan.sequences));
        for (const std::size_t depth : m_plan.depths) {
            auto& states = m_states[depth];
            while (states.size() < count) {
                auto state = m_model.createState();
                if (!state) {
                    return failure(state.error());
                }
                states.push_back(std::move(*state));
                if (auto read = readUpTo(*states.back(), depth); !read) {
                    return read;
                }
            }
        }
        return {};
    }

    Outcome<void> measureOnce(Test& test) {
        std::vector<StateRef> states;
        for (std::size_t i = 0; i < test.result.sequences; ++i) {
            states.push_back(m_states.at(test.result.depth)[i].get());
        }
        const bool prefill = test.result.test == "prefill";
        double seconds = 0;
        std::size_t left = prefill ? test.result.rows : test.steps;
        while (left > 0) {
            const std::size_t rows = prefill ? std::min(left, m_model.maxRows()) : 1;
            const auto took = step(m_model, states, rows, prefill ? RowClass::kPrefill : RowClass::kDecode);
            if (!took) {
                return tl::unexpected(took.error());
            }
            seconds += *took;
            left -= rows;
        }
        test.seconds.push_back(seconds);
        for (const StateRef state : states) {
            state->truncate(test.result.depth);
        }
        return {};
    }

private:
    Outcome<void> readUpTo(SequenceState& state, std::size_t depth) {
        while (state.length() < depth) {
            const std::size_t rows = std::min(depth - state.length(), m_model.maxRows());
            if (const auto took = step(m_model, {&state}, rows, RowClass::kPrefill); !took) {
                return tl::unexpected(took.error());
            }
        }
        return {};
    }

    Model& m_model;
    const BenchPlan& m_plan;
    std::map<std::size_t, std::vector<std::unique_ptr<SequenceState>>> m_states; ///< by depth
};

void summarise(Test& test, const Model& model, double readBandwidth) {
    std::ranges::sort(test.seconds);
    const double median = test.seconds[test.seconds.size() / 2];
    BenchResult& result = test.result;
    result.tokensPerSecond = static_cast<double>(test.tokens) / median;
    if (result.test != "decode") {
        return;
    }
    std::size_t stateBytesPerToken = 0;
    for (const auto& group : model.stateGroups()) {
        stateBytesPerToken += group.bytesPerToken;
    }
    const double bytesPerStep =
        static_cast<double>(model.weightBytesPerStep() + stateBytesPerToken * result.depth * result.sequences);
    const double rate = bytesPerStep * static_cast<double>(test.steps) / median;
    result.gbps = rate / kGiga;
    result.fraction = rate / readBandwidth;
}

} // namespace

Outcome<BenchReport> runBench(const std::filesystem::path& path, const BenchPlan& plan) {
    inference::ThreadPool pool(plan.threads);
    const auto file = inference::GgufFile::open(path);
    if (!file) {
        return failure(file.error());
    }
    auto before = inference::measureReadBandwidth(pool);
    if (!before) {
        return failure(before.error());
    }
    inference::ModelOptions options;
    options.contextLength =
        *std::ranges::max_element(plan.depths) + *std::ranges::max_element(plan.prefillRows) + plan.decodeSteps;
    const auto model = inference::loadModel(*file, options, pool, {}, {});
    if (!model) {
        return failure(model.error());
    }
    Bench bench(**model, plan);
    if (auto filled = bench.fill(); !filled) {
        return tl::unexpected(filled.error());
    }
    auto tests = testsOf(plan);
    for (std::size_t repetition = 0; repetition < plan.repetitions + 1; ++repetition) {
        for (Test& test : tests) {
            if (auto measured = bench.measureOnce(test); !measured) {
                return tl::unexpected(measured.error());
            }
            if (repetition == 0) {
                test.seconds.clear(); // the first one warms caches and pages
            }
        }
    }
    const auto after = inference::measureReadBandwidth(pool);
    const double readBandwidth = after ? std::max(*before, *after) : *before;

    BenchReport report{
        path.filename().string(), (*model)->deviceDescription(), (*model)->weightBytes(), readBandwidth / kGiga, {}};
    for (Test& test : tests) {
        summarise(test, **model, readBandwidth);
        report.results.push_back(test.result);
    }
    return report;
}

} // namespace alcuin::cli
