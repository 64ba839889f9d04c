#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <alcuin/inference/runtime.h>

#include "event_reader.h"
#include "runtime/local_engine.h"
#include "support/test_registry.h"
#include "toy_model.h"
#include "toy_tokenizer.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

GenerationRequest ask(const std::string& question) {
    GenerationRequest request;
    request.messages.emplace_back();
    request.messages[0].role = "user";
    request.messages[0].content = question;
    request.sampling.temperature = 0;
    request.maxTokens = 10;
    return request;
}

struct Engine {
    explicit Engine(const char* chatTemplate = "{% for m in messages %}{{ m.content }}{% endfor %}>",
                    ToyScript script = {}) {
        auto model = std::make_shared<LoadedModel>();
        model->pool = core->pool;
        model->model = std::make_unique<ToyModel>(std::move(script));
        model->tokenizer = std::make_shared<ToyTokenizer>();
        ModelInfo info;
        info.name = "Toy";
        local = std::make_unique<LocalEngine>(LocalEngine::Parts{
            core, std::move(model),
            std::make_shared<const Result<chat::ChatTemplate>>(chat::ChatTemplate::compile(chatTemplate)), info});
    }

    std::shared_ptr<EngineCore> core = std::make_shared<EngineCore>(std::make_shared<ThreadPool>(1));
    std::unique_ptr<LocalEngine> local;
};

} // namespace

class TestLocalEngine : public QObject {
    Q_OBJECT

private slots:
    void measuresEveryRequestAndTheModelAsAWhole() {
        Engine engine;
        for (int i = 0; i < 2; ++i) {
            auto handle = engine.local->submit(ask("Hello"));
            QVERIFY(handle);
            EventReader reader(std::move(*handle));
            const auto& finished = reader.readToEnd().finished;
            QVERIFY(finished);
            const auto tokens = finished->usage.completionTokens;
            QVERIFY(tokens > 1);
            const auto& gaps = finished->timings.betweenTokensMs;
            QCOMPARE(gaps.count, tokens - 1);
            QVERIFY(gaps.p50 <= gaps.p90 && gaps.p90 <= gaps.p99 && gaps.p99 <= gaps.max);
            // The gaps, cut to microseconds each, are the time from the first token to the last.
            const double apart = finished->timings.decodeMs - gaps.mean * static_cast<double>(gaps.count);
            QVERIFY(apart >= -1e-6 && apart <= 0.001 * static_cast<double>(tokens));
            const auto all = engine.local->metrics();
            QCOMPARE(all.betweenTokensMs.count, (tokens - 1) * (static_cast<std::size_t>(i) + 1));
            QCOMPARE(all.timeToFirstTokenMs.count, static_cast<std::uint64_t>(i) + 1);
            QCOMPARE(all.queueMs.count, static_cast<std::uint64_t>(i) + 1);
            QVERIFY(all.timeToFirstTokenMs.max >= all.queueMs.max);
            QVERIFY(all.work.stepMs > 0);
            QCOMPARE(all.batch.max, std::size_t{1}); // one after the other
            QCOMPARE(all.batch.mean, 1.0);
        }
    }

    void answers() {
        Engine engine;
        auto handle = engine.local->submit(ask("Hello"));
        QVERIFY(handle);
        EventReader reader(std::move(*handle));
        const auto& answer = reader.readToEnd();
        QVERIFY(answer.finished);
        QCOMPARE(answer.finished->usage.promptTokens, std::size_t(6));
        QCOMPARE(answer.text.size(), std::size_t(10));
    }

    void drawsAndReportsASeed() {
        Engine engine;
        auto request = ask("Hello");
        request.sampling.temperature = 1;
        std::vector<std::uint64_t> seeds;
        std::vector<std::string> texts;
        for (int i = 0; i < 2; ++i) {
            EventReader reader(std::move(*engine.local->submit(request)));
            seeds.push_back(reader.readToEnd().finished->usage.seed);
            texts.push_back(reader.answer().text);
        }
        QVERIFY(seeds[0] != seeds[1]);
        request.sampling.seed = seeds[0];
        EventReader again(std::move(*engine.local->submit(request)));
        QCOMPARE(again.readToEnd().text, texts[0]);
        QCOMPARE(again.answer().finished->usage.seed, seeds[0]);
    }

    void senselessRequestsAreRefusedAtOnce() {
        Engine engine;
        auto request = ask("x");
        request.sampling.topP = 2;
        const auto refused = engine.local->submit(request);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::kInvalidArgument);
        QVERIFY(!engine.local->countTokens(request));
    }

    void troubleWithTheTemplateIsAnEvent() {
        Engine broken("{% if %}");
        QVERIFY(!broken.local->capabilities().chat);
        EventReader compile(std::move(*broken.local->submit(ask("x"))));
        QCOMPARE(compile.readToEnd().error->code, ErrorCode::kTemplate);

        Engine refusing("{{ raise_exception('Not you.') }}");
        QVERIFY(refusing.local->capabilities().chat);
        EventReader render(std::move(*refusing.local->submit(ask("x"))));
        QCOMPARE(render.readToEnd().error->code, ErrorCode::kTemplate);
        QVERIFY(render.answer().error->message.find("Not you.") != std::string::npos);
        QCOMPARE(refusing.local->countTokens(ask("x")).error().code, ErrorCode::kTemplate);
    }

    void countsTokensPerMessage() {
        Engine engine;
        auto request = ask("Hello");
        request.messages.push_back(request.messages[0]);
        const auto usage = engine.local->countTokens(request);
        QVERIFY(usage);
        QCOMPARE(usage->perMessage, (std::vector<std::size_t>{5, 5}));
        QCOMPARE(usage->templateTokens, std::size_t(1));
        QCOMPARE(usage->total, std::size_t(11));
        QCOMPARE(usage->contextLength, std::size_t(4096));
    }

    void saysWhatItIsAndCan() {
        Engine engine("{{ tools }}");
        QCOMPARE(engine.local->modelInfo().vocabularyHash, ToyTokenizer().vocabularyHash());
        QVERIFY(engine.local->capabilities().chat);
        QVERIFY(engine.local->capabilities().tools);
        QVERIFY(engine.local->capabilities().reasoning);
        QVERIFY(!engine.local->capabilities().embeddings);
        QCOMPARE(engine.local->metrics().device, std::string("toy"));
        QCOMPARE(engine.local->metrics().weightBytes, std::size_t(1000));
        const std::array<std::string, 1> texts{"x"};
        const auto refused = engine.local->embed(texts);
        QCOMPARE(refused.error().code, ErrorCode::kUnsupported);
    }

    void closingEndsRequestsInEveryStage() {
        for (int round = 0; round < 20; ++round) {
            std::vector<std::unique_ptr<EventReader>> readers;
            {
                Engine engine;
                for (int i = 0; i < 20; ++i) {
                    auto request = ask(std::string(200, 'x'));
                    request.maxTokens = -1;
                    readers.push_back(std::make_unique<EventReader>(std::move(*engine.local->submit(request))));
                }
            }
            for (auto& reader : readers) {
                reader->take();
                QCOMPARE(reader->answer().endings, 1);
                QVERIFY(reader->answer().finished);
                QCOMPARE(reader->answer().finished->reason, FinishReason::kCancelled);
            }
        }
    }

    void anEngineMayGoBeforeItsRequests() {
        Engine engine;
        auto handle = engine.local->submit(ask("Hello"));
        engine.local.reset();
        EventReader reader(std::move(*handle));
        QCOMPARE(reader.readToEnd().text.size(), std::size_t(10));
    }

    void aRuntimeChecksItsOptions() {
        QCOMPARE(Runtime::create({.threads = -1}).error().code, ErrorCode::kInvalidArgument);
        const auto runtime = Runtime::create({.threads = 1});
        QVERIFY(runtime);
        LoadSpec spec;
        spec.path = "/nonexistent/model.gguf";
        const auto missing = (*runtime)->load(spec, nullptr, {});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::kNotFound);
    }
};

ALCUIN_TEST(TestLocalEngine)
#include "tst_local_engine.moc"
