#include <QTemporaryDir>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <alcuin/inference/runtime.h>

#include "event_reader.h"
#include "messages.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

GenerationRequest ask(const std::string& question, float temperature, int maxTokens, std::uint64_t seed = 1) {
    GenerationRequest request;
    request.messages.push_back(message("user", question));
    request.sampling.temperature = temperature;
    request.sampling.seed = seed;
    request.maxTokens = maxTokens;
    return request;
}

std::shared_ptr<TextEngine> load(int threads, ComputeMode compute = ComputeMode::kFast,
                                 const std::filesystem::path& snapshots = {}) {
    const auto runtime = Runtime::create({.threads = threads, .snapshotDirectory = snapshots});
    LoadSpec spec;
    spec.compute = compute;
    spec.path = realModelPath().toStdString();
    auto engine = (*runtime)->load(spec, nullptr, {});
    return engine ? *engine : nullptr;
}

Answer answerOf(TextEngine& engine, const GenerationRequest& request) {
    EventReader reader(std::move(*engine.submit(request)));
    return reader.readToEnd();
}

constexpr const char* kFrance = "What is the capital of France?";

} // namespace

/// The whole engine on SmolLM2-135M-Instruct.
class TestRealModel : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
#ifdef __SANITIZE_THREAD__
        ALCUIN_SKIP("one token takes a second under ThreadSanitizer; the toy model stands for the real one there");
#endif
        if (realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        m_engine = load(2);
        QVERIFY(m_engine);
    }

    void cleanupTestCase() {
        m_engine.reset();
    }

    void knowsTheCapitalOfFrance() {
        const auto exact = load(2, ComputeMode::kF32);
        const auto answer = answerOf(*exact, ask(kFrance, 0, 50));
        QCOMPARE(answer.text, std::string("The capital of France is Paris."));
        QCOMPARE(answer.finished->reason, FinishReason::kStop);
        QCOMPARE(answer.finished->usage.vocabularyHash, exact->modelInfo().vocabularyHash);
        QVERIFY(exact->modelInfo().vocabularyHash != 0);
        QVERIFY(exact->capabilities().chat);
    }

    void theSecondTurnKnowsTheFirst() {
        const auto exact = load(2, ComputeMode::kF32);
        const auto first = answerOf(*exact, ask(kFrance, 0, 50));
        auto request = ask(kFrance, 0, 40);
        auto reply = message("assistant", first.text);
        reply.tokens = first.tokens;
        reply.vocabularyHash = first.finished->usage.vocabularyHash;
        request.messages.push_back(reply);
        request.messages.push_back(message("user", "What did I ask you about?"));
        const auto second = answerOf(*exact, request);
        QVERIFY2(second.text.find("France") != std::string::npos, second.text.c_str());
        const auto usage = exact->countTokens(request);
        QCOMPARE(usage->perMessage[1], first.tokens.size() - 1); // without its end
    }

    void theNextTurnPrefillsOnlyWhatIsNew() {
        const auto engine = load(2);
        GenerationRequest request;
        request.sampling.temperature = 0;
        request.maxTokens = 60;
        std::size_t inState = 0;
        std::size_t read = 0;
        for (const char* question :
             {kFrance, "Write a Python function that adds two numbers.", "What is the largest city there?"}) {
            request.messages.push_back(message("user", question));
            const auto answer = answerOf(*engine, request);
            QVERIFY(answer.finished);
            const auto& usage = answer.finished->usage;
            const auto prefilled = engine->metrics().prefillTokens - read;
            read += prefilled;
            QCOMPARE(prefilled, usage.promptTokens - inState);
            qInfo("prompt %zu, prefilled %zu, written %zu", usage.promptTokens, static_cast<std::size_t>(prefilled),
                  usage.completionTokens);
            inState = usage.promptTokens + usage.completionTokens - 1; // the last token was never read
            request.messages.push_back(message("assistant", answer.text));
            request.messages.back().tokens = answer.tokens;
            request.messages.back().vocabularyHash = usage.vocabularyHash;
        }
    }

    void theSameSeedGivesTheSameTokensAloneTogetherAndWithOtherThreads() {
        const auto oneThread = load(1);
        std::vector<Answer> alone;
        for (std::uint64_t i = 0; i < 3; ++i) {
            alone.push_back(answerOf(*oneThread, ask("Tell me a story about number " + std::to_string(i), 1, 30, i)));
            QCOMPARE(alone.back().tokens.size(), std::size_t(30));
        }
        std::vector<std::unique_ptr<EventReader>> together;
        for (std::uint64_t i = 0; i < 3; ++i) {
            auto request = ask("Tell me a story about number " + std::to_string(i), 1, 30, i);
            together.push_back(std::make_unique<EventReader>(std::move(*m_engine->submit(request))));
        }
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(together[i]->readToEnd().tokens, alone[i].tokens);
        }
    }

    /// The second turn of a conversation, asked to be reproducible: by an engine that never saw the first, by one that
    /// has it in memory, among others, and by one that gets it back from disk.
    void aReproducibleTurnIsTheSameWhereverItsBeginningComesFrom() {
        const QTemporaryDir temporary;
        const std::filesystem::path states = std::filesystem::path(temporary.path().toStdString()) / "states";
        std::string notes = "Here are my notes.";
        for (int i = 0; i < 60; ++i) {
            notes += fmt::format(" On day {} I walked {} km.", i, i * i % 17);
        }
        auto first = ask(notes + " Summarise them.", 1, 40, 3);
        first.snapshotOwner = "conversation";
        Answer answer;
        GenerationRequest second = first;
        second.reproducible = true;
        second.messages.push_back(message("assistant", ""));
        second.messages.push_back(message("user", "And on which day did I walk most?"));
        {
            const auto engine = load(2, ComputeMode::kFast, states);
            answer = answerOf(*engine, first);
            QCOMPARE(answer.tokens.size(), std::size_t(40));
            second.messages[1].content = answer.text;
            second.messages[1].tokens = answer.tokens;
            second.messages[1].vocabularyHash = answer.finished->usage.vocabularyHash;
            const Answer warm = answerOf(*engine, second);
            QVERIFY(warm.finished->usage.cachedTokens > 500);
            QCOMPARE(warm.tokens, answerOf(*m_engine, second).tokens);

            std::vector<std::unique_ptr<EventReader>> others;
            for (std::uint64_t i = 0; i < 4; ++i) {
                others.push_back(std::make_unique<EventReader>(
                    std::move(*engine->submit(ask("Count to " + std::to_string(i + 20), 1, 60, i)))));
            }
            QCOMPARE(answerOf(*engine, second).tokens, warm.tokens);
            for (auto& other : others) {
                other->readToEnd();
            }
            answer = warm;
        }
        const auto reopened = load(1, ComputeMode::kFast, states);
        const Answer again = answerOf(*reopened, second);
        QVERIFY(again.finished->usage.restoredTokens >= 512);
        QCOMPARE(again.tokens, answer.tokens);
    }

    void randomCancelsAllEndOnce() {
        const auto before = answerOf(*m_engine, ask(kFrance, 0, 20));
        std::mt19937 random(3);
        const std::string longText = [] {
            std::string text;
            for (int i = 0; i < 300; ++i) {
                text += "Word number " + std::to_string(i) + ". ";
            }
            return text;
        }();
        for (int i = 0; i < 40; ++i) {
            auto handle = m_engine->submit(ask(i % 2 == 0 ? longText : "Tell me a story.", 0.7F, 200));
            QVERIFY(handle);
            EventReader reader(std::move(*handle));
            for (auto spin = random() % 40'000; spin > 0; --spin) {
                std::this_thread::yield();
            }
            reader.handle().cancel();
            QCOMPARE(reader.readToEnd().endings, 1);
            QVERIFY(reader.answer().finished);
        }
        QCOMPARE(answerOf(*m_engine, ask(kFrance, 0, 20)).tokens, before.tokens);
    }

    void loadingCanBeCancelled() {
        const auto runtime = Runtime::create({.threads = 1});
        LoadSpec spec;
        spec.path = realModelPath().toStdString();
        std::stop_source stop;
        std::atomic<int> calls{0};
        const auto engine = (*runtime)->load(
            spec,
            [&](const LoadProgress& at) {
                ++calls;
                if (at.bytesDone > 0) {
                    stop.request_stop();
                }
            },
            stop.get_token());
        QVERIFY(!engine);
        QCOMPARE(engine.error().code, ErrorCode::kCancelled);
        QVERIFY(calls.load() > 0);
    }

    void aSecondModelLoadsWhileTheFirstAnswers() {
        const auto runtime = Runtime::create({.threads = 2});
        LoadSpec spec;
        spec.path = realModelPath().toStdString();
        const auto first = (*runtime)->load(spec, nullptr, {});
        QVERIFY(first);
        const auto expected = answerOf(**first, ask("Tell me a story.", 0, 60));
        EventReader reader(std::move(*(*first)->submit(ask("Tell me a story.", 0, 60))));
        const auto second = (*runtime)->load(spec, nullptr, {});
        QVERIFY(second);
        QCOMPARE(answerOf(**second, ask("Tell me a story.", 0, 60)).text, expected.text);
        QCOMPARE(reader.readToEnd().text, expected.text);
    }

private:
    std::shared_ptr<TextEngine> m_engine;
};

ALCUIN_TEST(TestRealModel)
#include "tst_real_model.moc"
