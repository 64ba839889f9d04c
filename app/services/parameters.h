#pragma once

#include <QString>

#include <optional>
#include <string>

#include <alcuin/inference/generation.h>

#include "services/chat_values.h"

namespace alcuin::app {

inference::SamplingParameters toSampling(const Parameters& parameters);
/// As a model's makers advise, with our own defaults for the rest.
Parameters toParameters(const inference::SamplingParameters& advised);

/// Parameters as the JSON object that is kept with conversations and answers, and back. What an object doesn't name,
/// or names with a value out of its range, is as in the defaults. Empty or no object: none.
std::string toJson(const Parameters& parameters);
std::optional<Parameters> parametersFromJson(const std::string& json);

/// What differs from the defaults, in words: "temperature 0.2, seed 7". Empty: nothing does.
QString inWords(const Parameters& parameters);

} // namespace alcuin::app
