#include "services/parameters.h"
#include "support/test_registry.h"

using namespace alcuin::app;

class TstParameters : public QObject {
    Q_OBJECT
private slots:
    void theyComeBackFromJson();
    void whatMakesNoSenseIsAsUsual();
    void onlyWhatDiffersIsSaid();
    void theEngineGetsThem();
};

void TstParameters::theyComeBackFromJson() {
    Parameters parameters;
    parameters.temperature = 0.2;
    parameters.topK = 0;
    parameters.topP = 0.5;
    parameters.minP = 0;
    parameters.repetitionPenalty = 1.1;
    parameters.maxTokens = 300;
    parameters.seed = ~quint64(0);
    QCOMPARE(parametersFromJson(toJson(parameters)), std::optional(parameters));
    QCOMPARE(parametersFromJson(toJson({})), std::optional(Parameters{}));
}

void TstParameters::whatMakesNoSenseIsAsUsual() {
    QVERIFY(!parametersFromJson(""));
    QVERIFY(!parametersFromJson("{}"));
    QVERIFY(!parametersFromJson("[1]"));
    QVERIFY(!parametersFromJson("{\"temperature\":"));
    const auto odd = parametersFromJson(
        R"({"temperature":-1,"top_k":"x","top_p":0,"min_p":7,"max_tokens":99999999999,"seed":-3,"repetition_penalty":null})");
    QCOMPARE(odd, std::optional(Parameters{}));
}

void TstParameters::onlyWhatDiffersIsSaid() {
    QCOMPARE(inWords({}), QString());
    Parameters parameters;
    parameters.temperature = double(0.7F); // as earlier versions kept it
    QCOMPARE(inWords(parameters), QString());
    parameters.temperature = 0;
    parameters.seed = 7;
    QCOMPARE(inWords(parameters), QStringLiteral("temperature 0, seed 7"));
}

void TstParameters::theEngineGetsThem() {
    Parameters parameters;
    parameters.temperature = 0.25;
    parameters.topK = 3;
    parameters.seed = 9;
    const auto sampling = toSampling(parameters);
    QCOMPARE(sampling.temperature, 0.25F);
    QCOMPARE(sampling.topK, 3);
    QCOMPARE(sampling.seed, std::optional<std::uint64_t>(9));
    QCOMPARE(sampling.topP, alcuin::inference::SamplingParameters{}.topP);
    QCOMPARE(toSampling({}).temperature, alcuin::inference::SamplingParameters{}.temperature);
}

ALCUIN_TEST(TstParameters)
#include "tst_parameters.moc"
