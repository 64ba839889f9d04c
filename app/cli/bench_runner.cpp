#include "cli/bench_runner.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>

#include "backends/cpu/limits.h"
#include "base/thread_pool.h"
#include "cli/bench_work.h"
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
constexpr double kTera = 1e12;

/// Runs one step of `rows` tokens for each of the states, commits it, and returns the seconds it took.
Outcome<double> step(Model& model, const std::vector<StateRef>& states, std::size_t rows, RowClass rowClass,
                     bool wantsLogits) {
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
        if (wantsLogits) {
            logitRows.push_back(rowStart.back() - 1);
        }
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
        state->commit(rows, rowClass);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// One row of the table while it is being measured.
struct Case {
    BenchTest test;
    std::vector<double> seconds{}; ///< per repetition, of all its tokens
};

std::vector<Case> casesOf(const BenchPlan& plan) {
    std::vector<Case> cases;
    for (const std::size_t depth : plan.depths) {
        for (const std::size_t rows : plan.prefillRows) {
            if (rows == 0) {
                continue; // none is asked for
            }
            cases.push_back({{.test = "prefill", .rows = rows, .sequences = 1, .depth = depth}});
        }
        for (const std::size_t sequences : plan.sequences) {
            if (sequences == 0) {
                continue;
            }
            cases.push_back({{.test = "decode", .rows = sequences, .sequences = sequences, .depth = depth}});
        }
    }
    return cases;
}

std::string inWords(const BenchTest& test) {
    const std::string what = test.isPrefill() ? fmt::format("prefill of {}", test.rows)
                                              : fmt::format("decode of {} at once", test.sequences);
    return fmt::format("{} at depth {}", what, test.depth);
}

class Bench {
public:
    Bench(Model& model, const BenchPlan& plan, const BenchProgress& progress)
        : m_model(model), m_plan(plan), m_progress(progress), m_cases(casesOf(plan)) {}

    /// Leaves out what doesn't fit, and makes the sequences of every depth: the first is read, on from the one before;
    /// the others are copies of it in memory of their own.
    Outcome<void> prepare() {
        leaveOut([this](const BenchTest& test) -> std::string {
            if (test.depth + tokensOf(test) <= m_model.contextLength()) {
                return {};
            }
            return fmt::format("the context ends at {} tokens", m_model.contextLength());
        });
        std::map<std::size_t, std::size_t> sequences; // of each depth
        for (const Case& each : m_cases) {
            auto& count = sequences[each.test.depth];
            count = std::max(count, each.test.sequences);
        }
        const SequenceState* shallower = nullptr;
        for (const auto& [depth, count] : sequences) {
            auto first = readUpTo(depth, shallower);
            if (!first) {
                return tl::unexpected(first.error());
            }
            shallower = first->get();
            m_states[depth].push_back(std::move(*first));
            if (auto copied = copyFirst(m_states[depth], depth, count); !copied) {
                return copied;
            }
        }
        leaveOut([this](const BenchTest& test) { return reserveFor(test); });
        return {};
    }

    std::vector<Case>& cases() {
        return m_cases;
    }
    std::vector<BenchLeftOut> leftOut() && {
        return std::move(m_leftOut);
    }

    /// Seconds that one repetition takes.
    Outcome<double> measure(const BenchTest& test) {
        const auto states = statesOf(test);
        const RowClass rowClass = test.isPrefill() ? RowClass::kPrefill : RowClass::kDecode;
        double seconds = 0;
        std::size_t left = tokensOf(test);
        while (left > 0) {
            const std::size_t rows = test.isPrefill() ? std::min(left, m_model.maxRows()) : 1;
            left -= rows;
            const auto took = step(m_model, states, rows, rowClass, !test.isPrefill() || left == 0);
            if (!took) {
                return took;
            }
            seconds += *took;
        }
        for (const StateRef state : states) {
            state->truncate(test.depth);
        }
        return seconds;
    }

private:
    /// Of each sequence, behind its depth.
    std::size_t tokensOf(const BenchTest& test) const {
        return test.isPrefill() ? test.rows : m_plan.decodeSteps;
    }

    /// Every test for which `whyNot` has an answer.
    template <typename WhyNot>
    void leaveOut(const WhyNot& whyNot) {
        std::vector<Case> kept;
        for (Case& each : m_cases) {
            if (std::string why = whyNot(each.test); !why.empty()) {
                m_leftOut.push_back({each.test, std::move(why)});
            } else {
                kept.push_back(std::move(each));
            }
        }
        m_cases = std::move(kept);
    }

    /// A sequence of `depth` tokens that continues a shorter one.
    Outcome<std::unique_ptr<SequenceState>> readUpTo(std::size_t depth, const SequenceState* shorter) {
        auto state = shorter == nullptr ? m_model.createState() : shorter->fork(shorter->length());
        if (!state) {
            return failure(state.error());
        }
        while ((*state)->length() < depth) {
            m_progress(fmt::format("reading up to depth {}: {}", depth, (*state)->length()));
            const std::size_t rows = std::min(depth - (*state)->length(), m_model.maxRows());
            if (const auto took = step(m_model, {state->get()}, rows, RowClass::kPrefill, false); !took) {
                return tl::unexpected(took.error());
            }
        }
        return std::move(*state);
    }

    /// As many sequences as there is memory for, up to `count`.
    Outcome<void> copyFirst(std::vector<std::unique_ptr<SequenceState>>& states, std::size_t depth, std::size_t count) {
        m_progress(fmt::format("copying the state of depth {}", depth));
        while (states.size() < count) {
            auto state = states.front()->fork(depth);
            if (!state) {
                return failure(state.error());
            }
            // Sequences that share pages would be read out of a cache.
            if (auto copied = (*state)->unshare(); !copied) {
                return copied.error().code == inference::ErrorCode::kOutOfMemory ? Outcome<void>{}
                                                                                 : failure(copied.error());
            }
            states.push_back(std::move(*state));
        }
        return {};
    }

    /// Takes the memory of a test once and gives it back; says why if it isn't there.
    std::string reserveFor(const BenchTest& test) {
        if (m_states.at(test.depth).size() < test.sequences) {
            return "there is no memory for the state of so many sequences";
        }
        std::string why;
        const auto states = statesOf(test);
        for (const StateRef state : states) {
            if (const auto reserved = state->reserve(tokensOf(test)); !reserved && why.empty()) {
                why = "there is no memory for its state";
            }
        }
        for (const StateRef state : states) {
            state->truncate(test.depth);
        }
        return why;
    }

    std::vector<StateRef> statesOf(const BenchTest& test) const {
        std::vector<StateRef> states;
        for (std::size_t i = 0; i < test.sequences; ++i) {
            states.push_back(m_states.at(test.depth)[i].get());
        }
        return states;
    }

    Model& m_model;
    const BenchPlan& m_plan;
    const BenchProgress& m_progress;
    std::vector<Case> m_cases;
    std::vector<BenchLeftOut> m_leftOut;
    std::map<std::size_t, std::vector<std::unique_ptr<SequenceState>>> m_states; ///< by depth
};

/// What speeds are held against.
struct Limits {
    inference::cpu::ReadBandwidth memory;
    inference::cpu::MatrixPeak matrix;
};

Outcome<Limits> limitsOf(inference::ThreadPool& pool, const Model& model) {
    auto memory = inference::cpu::ReadBandwidth::create(pool);
    if (!memory) {
        return failure(memory.error());
    }
    auto matrix = inference::cpu::MatrixPeak::create(pool, model.prefillUnit());
    if (!matrix) {
        return failure(matrix.error());
    }
    return Limits{std::move(*memory), std::move(*matrix)};
}

/// All rounds of all cases and of the limits. The first round warms caches and pages and isn't counted; prompts of
/// several steps are left out of it, as all but their first step are warm anyway.
Outcome<void> measureRounds(Bench& bench, Limits& limits, const BenchPlan& plan, std::size_t maxRows,
                            const BenchProgress& progress) {
    for (std::size_t round = 0; round <= plan.repetitions; ++round) {
        for (Case& each : bench.cases()) {
            if (round == 0 && each.test.isPrefill() && each.test.rows > maxRows) {
                continue;
            }
            progress(round == 0 ? fmt::format("warming up: {}", inWords(each.test))
                                : fmt::format("round {} of {}: {}", round, plan.repetitions, inWords(each.test)));
            const auto seconds = bench.measure(each.test);
            if (!seconds) {
                return tl::unexpected(seconds.error());
            }
            if (round > 0) {
                each.seconds.push_back(*seconds);
            }
        }
        if (round > 0) {
            limits.memory.measure();
            limits.matrix.measure();
        }
    }
    return {};
}

BenchResult resultOf(Case& measured, const BenchWork& work, const Limits& limits) {
    std::ranges::sort(measured.seconds);
    const double seconds = measured.seconds[measured.seconds.size() / 2];
    const double bytes = work.bytes / seconds;
    const double operations = work.operations / seconds;
    return {.test = measured.test,
            .tokensPerSecond = static_cast<double>(work.tokens) / seconds,
            .gbps = bytes / kGiga,
            .tflops = operations / kTera,
            .fraction = measured.test.isPrefill() ? operations / limits.matrix.operationsPerSecond()
                                                  : bytes / limits.memory.bytesPerSecond()};
}

} // namespace

Outcome<BenchReport> runBench(const std::filesystem::path& path, const BenchPlan& plan, const BenchProgress& progress) {
    if (casesOf(plan).empty()) {
        return failure("There is nothing to measure: neither prompts nor sequences were asked for.", kWrongUsage);
    }
    inference::ThreadPool pool(plan.threads);
    const auto file = inference::GgufFile::open(path);
    if (!file) {
        return failure(file.error());
    }
    progress("loading the model");
    const auto model = inference::loadModel(*file, {.kv = plan.kv}, pool, {}, {});
    if (!model) {
        return failure(model.error());
    }
    auto limits = limitsOf(pool, **model);
    if (!limits) {
        return tl::unexpected(limits.error());
    }
    Bench bench(**model, plan, progress);
    if (auto prepared = bench.prepare(); !prepared) {
        return tl::unexpected(prepared.error());
    }
    if (auto measured = measureRounds(bench, *limits, plan, (*model)->maxRows(), progress); !measured) {
        return tl::unexpected(measured.error());
    }
    BenchReport report{.model = path.filename().string(),
                       .device = (*model)->deviceDescription(),
                       .weightBytes = (*model)->weightBytes(),
                       .readGbps = limits->memory.bytesPerSecond() / kGiga,
                       .matrixTops = limits->matrix.operationsPerSecond() / kTera,
                       .matrixUnit = std::string(limits->matrix.unit()),
                       .results = {},
                       .leftOut = std::move(bench).leftOut()};
    for (Case& each : bench.cases()) {
        const BenchWork work =
            workOf(each.test, {plan.decodeSteps, (*model)->maxRows()}, (*model)->stepCost(), (*model)->stateGroups());
        report.results.push_back(resultOf(each, work, *limits));
    }
    return report;
}

} // namespace alcuin::cli
