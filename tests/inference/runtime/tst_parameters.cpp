#include <functional>
#include <limits>

#include "runtime/parameters.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

namespace {

GenerationRequest good() {
    GenerationRequest request;
    request.messages.push_back({.role = "user", .content = "hi", .reasoning = {}, .tokens = {}});
    return request;
}

} // namespace

class TestParameters : public QObject {
    Q_OBJECT

private slots:
    void defaultsAndEdgesAreAccepted() {
        QVERIFY(checkRequest(good()));
        auto request = good();
        request.sampling = {
            .temperature = 0, .topK = 0, .topP = 1, .minP = 0, .repetitionPenalty = 1, .penaltyWindow = 0, .seed = 0};
        request.maxTokens = 0;
        QVERIFY(checkRequest(request));
    }

    void everyParameterHasARange() {
        const auto nan = std::numeric_limits<float>::quiet_NaN();
        const auto infinite = std::numeric_limits<float>::infinity();
        const std::vector<std::function<void(GenerationRequest&)>> mistakes{
            [](auto& r) { r.messages.clear(); },
            [](auto& r) { r.messages[0].role.clear(); },
            [](auto& r) { r.sampling.temperature = -0.1F; },
            [&](auto& r) { r.sampling.temperature = nan; },
            [&](auto& r) { r.sampling.temperature = infinite; },
            [](auto& r) { r.sampling.topK = -1; },
            [](auto& r) { r.sampling.topP = 0; },
            [](auto& r) { r.sampling.topP = 1.1F; },
            [&](auto& r) { r.sampling.topP = nan; },
            [](auto& r) { r.sampling.minP = -0.1F; },
            [](auto& r) { r.sampling.minP = 1.5F; },
            [](auto& r) { r.sampling.repetitionPenalty = 0; },
            [&](auto& r) { r.sampling.repetitionPenalty = nan; },
            [](auto& r) { r.sampling.penaltyWindow = -1; },
            [](auto& r) { r.sampling.penaltyWindow = std::numeric_limits<std::int32_t>::max(); },
            [](auto& r) { r.maxTokens = -2; },
            [](auto& r) {
                r.stop = {"a", ""};
            },
            [](auto& r) { r.stop.assign(65, "x"); },
        };
        for (const auto& mistake : mistakes) {
            auto request = good();
            mistake(request);
            const auto result = checkRequest(request);
            QVERIFY(!result);
            QCOMPARE(result.error().code, ErrorCode::kInvalidArgument);
            QVERIFY(result.error().message.ends_with('.'));
        }
    }

    void theMessageNamesParameterValueAndRange() {
        auto request = good();
        request.sampling.topP = 1.5F;
        QCOMPARE(checkRequest(request).error().message,
                 std::string("Top-p is 1.5, but must be above 0 and at most 1."));
    }
};

ALCUIN_TEST(TestParameters)
#include "tst_parameters.moc"
