#include "services/parameters.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <limits>

#include <nlohmann/json.hpp>

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::Parameters)
};

using Json = nlohmann::json;

void take(const Json& object, const char* key, double& value, double least, double most) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_number() && found->get<double>() >= least && found->get<double>() <= most) {
        value = found->get<double>();
    }
}

void take(const Json& object, const char* key, int& value, int least) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_integer()) {
        return;
    }
    const auto number = found->get<std::int64_t>();
    if (number >= least && number <= std::numeric_limits<int>::max()) {
        value = static_cast<int>(number);
    }
}

} // namespace

inference::SamplingParameters toSampling(const Parameters& parameters) {
    inference::SamplingParameters sampling;
    sampling.temperature = static_cast<float>(parameters.temperature);
    sampling.topK = parameters.topK;
    sampling.topP = static_cast<float>(parameters.topP);
    sampling.minP = static_cast<float>(parameters.minP);
    sampling.repetitionPenalty = static_cast<float>(parameters.repetitionPenalty);
    sampling.seed = parameters.seed;
    return sampling;
}

Parameters toParameters(const inference::SamplingParameters& advised) {
    // The decimal that was meant: 0.2, not the float that is nearest to it.
    const auto decimal = [](float value) { return QString::number(static_cast<double>(value), 'g', 6).toDouble(); };
    Parameters parameters;
    parameters.temperature = decimal(advised.temperature);
    parameters.topK = advised.topK;
    parameters.topP = decimal(advised.topP);
    parameters.minP = decimal(advised.minP);
    parameters.repetitionPenalty = decimal(advised.repetitionPenalty);
    return parameters;
}

std::string toJson(const Parameters& parameters) {
    Json object{{"temperature", parameters.temperature},
                {"top_k", parameters.topK},
                {"top_p", parameters.topP},
                {"min_p", parameters.minP},
                {"repetition_penalty", parameters.repetitionPenalty},
                {"max_tokens", parameters.maxTokens}};
    if (parameters.seed) {
        object["seed"] = *parameters.seed;
    }
    return object.dump();
}

std::optional<Parameters> parametersFromJson(const std::string& json) {
    const auto object = Json::parse(json, nullptr, false);
    if (!object.is_object() || object.empty()) {
        return std::nullopt;
    }
    constexpr double kMost = 100; ///< the engine's own limits
    constexpr double kLeast = 1e-6;
    Parameters parameters;
    take(object, "temperature", parameters.temperature, 0, kMost);
    take(object, "top_p", parameters.topP, kLeast, 1);
    take(object, "min_p", parameters.minP, 0, 1);
    take(object, "repetition_penalty", parameters.repetitionPenalty, kLeast, kMost);
    take(object, "top_k", parameters.topK, 0);
    take(object, "max_tokens", parameters.maxTokens, -1);
    if (const auto seed = object.find("seed"); seed != object.end() && seed->is_number_unsigned()) {
        parameters.seed = seed->get<quint64>();
    }
    return parameters;
}

QString inWords(const Parameters& parameters) {
    const Parameters usual;
    const QLocale locale;
    QStringList words;
    const auto say = [&](const QString& name, double value, double usually) {
        // As it is shown: older answers keep 0.7 as the nearest float.
        const QString shown = locale.toString(value, 'g', 4);
        if (shown != locale.toString(usually, 'g', 4)) {
            words << Words::tr("%1 %2", "a parameter and its value").arg(name, shown);
        }
    };
    say(Words::tr("temperature"), parameters.temperature, usual.temperature);
    say(Words::tr("top-k"), parameters.topK, usual.topK);
    say(Words::tr("top-p"), parameters.topP, usual.topP);
    say(Words::tr("min-p"), parameters.minP, usual.minP);
    say(Words::tr("repetition penalty"), parameters.repetitionPenalty, usual.repetitionPenalty);
    if (parameters.maxTokens >= 0) {
        words << Words::tr("tokens up to %1").arg(parameters.maxTokens);
    }
    if (parameters.seed) {
        words << Words::tr("seed %1").arg(*parameters.seed);
    }
    return words.join(QLatin1String(", "));
}

} // namespace alcuin::app
