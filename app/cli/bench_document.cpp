#include "cli/bench_document.h"

#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "cli/bench_clients.h"
#include "cli/bench_requests.h"
#include "cli/bench_text.h"
#include "cli/bench_times.h"

namespace alcuin::cli {

namespace {

using inference::TextEngine;

constexpr double kMsPerMicrosecond = 0.001;
constexpr std::size_t kQuestionWords = 40;
/// The seeds of texts that must differ.
constexpr std::uint64_t kAlone = 1;
constexpr std::uint64_t kBeside = 2;
constexpr std::uint64_t kQuestions = 3;

inference::Result<inference::RequestHandle> submitDocument(TextEngine& engine, std::string words) {
    auto request = benchQuestion(std::move(words), 1);
    request.priority = inference::Priority::kBackground;
    return engine.submit(std::move(request));
}

class DocumentBench {
public:
    DocumentBench(TextEngine& engine, const DocumentPlan& plan)
        : m_engine(engine)
        , m_plan(plan)
        , m_chats(
              plan.chats, [this](std::size_t client, std::size_t number) { return ask(client, number); }, false) {}

    /// Milliseconds until the document's first token.
    Outcome<double> alone() {
        const auto text = textOfTokens(m_engine, m_plan.tokens, m_plan.seed * 4 + kAlone);
        if (!text) {
            return tl::unexpected(text.error());
        }
        auto document = submitDocument(m_engine, text->words);
        if (!document) {
            return failure(document.error());
        }
        const auto finished = waitForEnd(*document);
        if (!finished) {
            return tl::unexpected(finished.error());
        }
        return finished->timings.timeToFirstTokenMs;
    }

    /// The chats run already when the document comes.
    Outcome<void> beside(DocumentReport& report) {
        const auto text = textOfTokens(m_engine, m_plan.tokens, m_plan.seed * 4 + kBeside);
        if (!text) {
            return tl::unexpected(text.error());
        }
        for (std::size_t chat = 0; chat < m_plan.chats; ++chat) {
            if (auto started = m_chats.start(chat); !started) {
                return started;
            }
        }
        auto chatting = m_chats.serve(kNever, [this] { return m_chats.clientsServed() == m_plan.chats; });
        if (!chatting) {
            return chatting;
        }
        auto document = submitDocument(m_engine, text->words);
        if (!document) {
            return failure(document.error());
        }
        m_chats.times() = {};
        const auto finished = chatUntilRead(*document);
        if (!finished) {
            return tl::unexpected(finished.error());
        }
        const ClientTimes& times = m_chats.times();
        report.tokens = finished->usage.promptTokens;
        report.besideMs = finished->timings.timeToFirstTokenMs;
        report.answerTokens = times.tokens;
        report.firstToken = times.firstToken.percentiles(kMsPerMicrosecond);
        report.betweenTokens = times.betweenTokens.percentiles(kMsPerMicrosecond);
        return {};
    }

private:
    static constexpr auto kNever = BenchClients::TimePoint::max();

    Outcome<inference::Finished> chatUntilRead(inference::RequestHandle& document) {
        // The engine says itself when the document's first token was there; how soon it is seen here doesn't matter.
        constexpr auto kGlance = std::chrono::milliseconds(20);
        while (true) {
            if (auto served = m_chats.serve(BenchClients::Clock::now() + kGlance, [] { return false; }); !served) {
                return tl::unexpected(served.error());
            }
            for (const auto& event : document.drain()) {
                if (const auto* finished = std::get_if<inference::Finished>(&event)) {
                    return *finished;
                }
                if (const auto* error = std::get_if<inference::Error>(&event)) {
                    return failure(*error);
                }
            }
        }
    }

    inference::Result<std::optional<Asked>> ask(std::size_t client, std::size_t number) {
        BenchRandom random(m_plan.seed * 4 + kQuestions, client, number);
        auto handle = m_engine.submit(
            benchQuestion(randomWords(kQuestionWords, random), static_cast<std::int32_t>(m_plan.answer)));
        if (!handle) {
            return tl::unexpected(handle.error());
        }
        return Asked{std::move(*handle), m_plan.answer, m_plan.answer};
    }

    TextEngine& m_engine;
    const DocumentPlan& m_plan;
    BenchClients m_chats;
};

} // namespace

void declareDocumentOptions(CLI::App& command, DocumentPlan& plan) {
    constexpr const char* kGroup = "A document beside chats";
    command.add_option("--document", plan.tokens, "Read a document of so many tokens while answers are written")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
        ->group(kGroup);
    command.add_option("--chats", plan.chats, "Answers that are written at once meanwhile")
        ->check(CLI::Range(std::size_t{1}, std::size_t{64}))
        ->capture_default_str()
        ->group(kGroup);
    command.add_option("--target-ms", plan.targetMs, "What steps are cut for: the time between an answer's tokens")
        ->check(CLI::Range(1.0, 10'000.0))
        ->capture_default_str()
        ->group(kGroup);
}

Outcome<DocumentReport> runDocumentBench(const std::filesystem::path& path, const DocumentPlan& plan,
                                         const BenchProgress& progress) {
    progress("loading the model");
    const auto runtime = inference::Runtime::create({.threads = plan.threads, .targetTokenMs = plan.targetMs});
    if (!runtime) {
        return failure(runtime.error());
    }
    const auto engine = (*runtime)->load({.path = path, .kv = plan.kv}, {}, {});
    if (!engine) {
        return failure(engine.error());
    }
    DocumentReport report;
    report.model = path.filename().string();
    report.device = (*engine)->metrics().device;
    report.chats = plan.chats;
    report.targetMs = plan.targetMs;
    DocumentBench bench(**engine, plan);
    if (!plan.quick) {
        progress("reading the document alone");
        const auto alone = bench.alone();
        if (!alone) {
            return tl::unexpected(alone.error());
        }
        report.aloneMs = *alone;
    }
    progress("reading the document beside answers");
    if (auto beside = bench.beside(report); !beside) {
        return tl::unexpected(beside.error());
    }
    return report;
}

std::string toJson(const DocumentReport& report) {
    nlohmann::ordered_json json{{"model", report.model},
                                {"device", report.device},
                                {"document_tokens", report.tokens},
                                {"chats", report.chats},
                                {"target_ms", report.targetMs},
                                {"beside_ms", report.besideMs},
                                {"answer_tokens", report.answerTokens},
                                {"ttft_ms", toJson(report.firstToken)},
                                {"token_ms", toJson(report.betweenTokens)}};
    if (report.aloneMs > 0) {
        json["alone_ms"] = report.aloneMs;
        json["beside_to_alone"] = report.besideMs / report.aloneMs;
    }
    return printed(json);
}

std::string toTable(const DocumentReport& report) {
    const auto perSecond = [&](double ms) { return static_cast<double>(report.tokens) * 1000 / ms; };
    std::string text = fmt::format("{}; {}\na document of {} tokens", report.model, report.device, report.tokens);
    if (report.aloneMs > 0) {
        text +=
            fmt::format(", read alone: {:.1f} s, {:.0f} tokens/s\n", report.aloneMs / 1000, perSecond(report.aloneMs));
        text += fmt::format("beside {} that answer: {:.1f} s, {:.0f} tokens/s: {:.2f} times as long\n", report.chats,
                            report.besideMs / 1000, perSecond(report.besideMs), report.besideMs / report.aloneMs);
    } else {
        text += fmt::format(", beside {} that answer: {:.1f} s, {:.0f} tokens/s\n", report.chats,
                            report.besideMs / 1000, perSecond(report.besideMs));
    }
    const auto& gaps = report.betweenTokens;
    const auto& first = report.firstToken;
    text += fmt::format(
        "meanwhile {} tokens of answers; ms between two: p50 {}, p90 {}, p99 {}, max {} (target: {:.0f} at "
        "p99)\nms until an answer's first: p50 {}, p90 {}, max {}\n",
        report.answerTokens, shown(gaps.p50, gaps), shown(gaps.p90, gaps), shown(gaps.p99, gaps), shown(gaps.max, gaps),
        report.targetMs, shown(first.p50, first), shown(first.p90, first), shown(first.max, first));
    return text;
}

} // namespace alcuin::cli
