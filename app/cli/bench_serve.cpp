#include "cli/bench_serve.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/thread_pool.h"
#include "cli/bench_clients.h"
#include "formats/gguf.h"
#include "models/model.h"
#include "runtime/engine_core.h"
#include "runtime/loaded_model.h"
#include "tokenizer/gguf_tokenizer.h"

namespace alcuin::cli {

namespace {

using inference::EngineCore;
using inference::LoadedModel;
using Clock = BenchClients::Clock;

constexpr double kMsPerMicrosecond = 0.001;
/// Between two clients' first requests, while they come in.
constexpr auto kStagger = std::chrono::milliseconds(100);

/// A model under an executor of its own. Prompts are tokens, and answers end where they are told to: the public engine
/// has neither.
struct Served {
    std::shared_ptr<EngineCore> core;
    std::shared_ptr<LoadedModel> model;
};

Outcome<Served> load(const std::filesystem::path& path, const ServePlan& plan) {
    const auto file = inference::GgufFile::open(path);
    if (!file) {
        return failure(file.error());
    }
    auto tokenizer = inference::tokenizerFromMetadata(file->metadata());
    if (!tokenizer) {
        return failure(tokenizer.error());
    }
    Served served;
    served.core = std::make_shared<EngineCore>(std::make_shared<inference::ThreadPool>(plan.threads));
    auto model = inference::loadModel(*file, {.kv = plan.kv}, *served.core->pool, {}, {});
    if (!model) {
        return failure(model.error());
    }
    served.model = std::make_shared<LoadedModel>();
    served.model->pool = served.core->pool;
    served.model->model = std::move(*model);
    served.model->tokenizer = std::move(*tokenizer);
    return served;
}

inference::RequestHandle submit(const Served& served, BenchRequest request, const ServePlan& plan, std::uint64_t seed) {
    inference::GenerationOptions options;
    options.freshSeed = seed;
    options.maxTokens = static_cast<std::int32_t>(request.outputTokens);
    options.ignoreEndOfGeneration = true;
    auto control = served.core->executor.add(served.model, std::move(options), plan.priority);
    inference::RequestHandle handle(control, control->mailbox());
    inference::Prompt prompt;
    prompt.tokens = std::move(request.prompt);
    served.core->executor.prepared(control, std::move(prompt));
    return handle;
}

double windowSeconds(const ServePlan& plan, std::size_t clients) {
    if (plan.seconds > 0) {
        return plan.seconds;
    }
    // The more clients the longer one answer takes, and the longer it takes until every kind of step was seen.
    constexpr double kBase = 30;
    constexpr double kPerClient = 2;
    constexpr double kMost = 90;
    constexpr double kQuickPart = 0.1;
    return std::min(kBase + kPerClient * static_cast<double>(clients), kMost) * (plan.quick ? kQuickPart : 1);
}

/// One number of clients, from the first request to the last.
class ServeRun {
public:
    ServeRun(const Served& served, const ServePlan& plan, std::size_t clients)
        : m_served(served)
        , m_plan(plan)
        , m_count(clients)
        , m_requests(plan.prompt, plan.output, plan.seed, served.model->tokenizer->vocabularySize(),
                     plan.requests > 0 ? 0 : clients)
        , m_clients(
              clients, [this](std::size_t client, std::size_t number) { return ask(client, number); }, true) {}

    Outcome<ServeResult> run() {
        const bool counted = m_plan.requests > 0;
        if (counted) {
            beginWindow();
        }
        if (auto started = startAll(); !started) {
            return tl::unexpected(started.error());
        }
        if (!counted) {
            auto warm = m_clients.serve(kNever, [this] { return m_clients.clientsServed() == m_count; });
            if (!warm) {
                return tl::unexpected(warm.error());
            }
            beginWindow();
        }
        const auto length = std::chrono::duration<double>(windowSeconds(m_plan, m_count));
        const auto end = counted ? kNever : m_begin + std::chrono::duration_cast<Clock::duration>(length);
        if (auto measured = m_clients.serve(end, [] { return false; }); !measured) {
            return tl::unexpected(measured.error());
        }
        const ServeResult result = resultNow();
        m_clients.stop();
        return result;
    }

private:
    static constexpr auto kNever = Clock::time_point::max();

    Outcome<void> startAll() {
        for (std::size_t client = 0; client < m_count; ++client) {
            if (auto started = m_clients.start(client); !started) {
                return started;
            }
            if (auto served = m_clients.serve(Clock::now() + kStagger, [] { return false; }); !served) {
                return served;
            }
        }
        return {};
    }

    inference::Result<std::optional<Asked>> ask(std::size_t client, std::size_t number) {
        if (m_plan.requests > 0 && number >= m_plan.requests) {
            return std::nullopt;
        }
        auto request = m_requests.make(client, number);
        const std::size_t tokens = request.outputTokens;
        const std::size_t whole = request.wholeOutput;
        return Asked{submit(m_served, std::move(request), m_plan, m_plan.seed + client), tokens, whole};
    }

    void beginWindow() {
        m_served.model->measurements.reset();
        m_begin = Clock::now();
        m_clients.times() = {};
        m_clients.times().begin = m_begin;
    }

    ServeResult resultNow() {
        const double seconds = std::chrono::duration<double>(Clock::now() - m_begin).count();
        inference::EngineMetrics metrics;
        m_served.model->measurements.fill(metrics);
        const ClientTimes& times = m_clients.times();
        return {.clients = m_count,
                .seconds = seconds,
                .requestsPerSecond = times.answers / seconds,
                .tokensPerSecond = static_cast<double>(times.tokens) / seconds,
                .finished = times.finished,
                .firstToken = times.firstToken.percentiles(kMsPerMicrosecond),
                .betweenTokens = times.betweenTokens.percentiles(kMsPerMicrosecond),
                .batch = metrics.batch};
    }

    const Served& m_served;
    const ServePlan& m_plan;
    std::size_t m_count;
    BenchRequests m_requests;
    BenchClients m_clients;
    Clock::time_point m_begin{};
};

} // namespace

Outcome<ServeReport> runServeBench(const std::filesystem::path& path, const ServePlan& plan,
                                   const BenchProgress& progress) {
    progress("loading the model");
    const auto served = load(path, plan);
    if (!served) {
        return tl::unexpected(served.error());
    }
    const std::size_t vocabulary = served->model->tokenizer->vocabularySize();
    ServeReport report{
        .model = path.filename().string(),
        .device = served->model->model->deviceDescription(),
        .vocabulary = vocabulary,
        .seed = plan.seed,
        .priority = plan.priority,
        .first = BenchRequests(plan.prompt, plan.output, plan.seed, vocabulary, 0).make(0, 0),
        .results = {},
    };
    for (const std::size_t clients : plan.clients) {
        progress(fmt::format("{} clients", clients));
        auto result = ServeRun(*served, plan, clients).run();
        if (!result) {
            return tl::unexpected(result.error());
        }
        report.results.push_back(*result);
    }
    return report;
}

} // namespace alcuin::cli
