#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

struct SynthCommandOptions {
    std::string like;
    std::optional<std::string> type;
    std::optional<std::string> vocabulary;
    std::string output;
    std::uint64_t seed = 1;
    int threads = 0;
    bool pure = false;
    bool force = false;
};

void declareSynthOptions(CLI::App& command, SynthCommandOptions& options);

/// `alcuin synth`: a model file of random weights with the shapes of a real one.
Outcome<void> runSynth(const SynthCommandOptions& options);

} // namespace alcuin::cli
