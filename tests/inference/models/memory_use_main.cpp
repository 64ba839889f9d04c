#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "models/memory_plan.h"
#include "models/model.h"
#include "step_runner.h"
#include "tokenizer/gguf_tokenizer.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

/// A figure of /proc/self/status, in bytes.
unsigned long long status(const std::string& key) {
    std::ifstream file("/proc/self/status");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with(key + ":")) {
            return std::stoull(line.substr(key.size() + 1)) * 1024;
        }
    }
    throw std::runtime_error("no " + key + " in /proc/self/status");
}

/// Bytes of huge pages that the process has.
unsigned long long hugeBytes() {
    std::ifstream file("/proc/self/smaps");
    std::string line;
    unsigned long long sum = 0;
    while (std::getline(file, line)) {
        if (line.starts_with("AnonHugePages:")) {
            sum += std::stoull(line.substr(14)) * 1024;
        }
    }
    return sum;
}

/// Reads prompts in all sequences until their contexts are full but for one token, then writes that one together.
void fill(Model& model, std::vector<std::unique_ptr<SequenceState>>& states, std::size_t context) {
    std::vector<Part> last;
    for (auto& state : states) {
        while (state->length() + 1 < context) {
            const std::size_t rows = std::min(model.maxRows(), context - 1 - state->length());
            std::vector<Token> tokens(rows);
            for (std::size_t i = 0; i < rows; ++i) {
                tokens[i] = static_cast<Token>((state->length() + i) * 7919 % model.vocabularySize());
            }
            runStep(model, {{state.get(), std::move(tokens), RowClass::kPrefill, false}});
        }
        last.push_back({state.get(), {1}, RowClass::kDecode, false});
    }
    runStep(model, last, StepLane::kAnswer);
}

} // namespace

/// memory_use FILE CONTEXT SEQUENCES: prints what was reckoned, what the process's peak grew by, and how much of it
/// lies in huge pages, in bytes.
int main(int argc, char** argv) {
    if (argc != 4) {
        return 2;
    }
    const std::size_t context = std::strtoull(argv[2], nullptr, 10);
    const std::size_t sequences = std::strtoull(argv[3], nullptr, 10);
    try {
        const auto before = status("VmRSS");
        ThreadPool pool(0);
        const auto file = expectValue(GgufFile::open(argv[1]));
        MemoryRequest request;
        request.contextLength = context;
        request.sequences = sequences;
        request.threads = pool.threads();
        const MemoryPlan plan = expectValue(planMemory(file, request));
        const auto tokenizer = expectValue(tokenizerFromMetadata(file.metadata()));
        const auto model = expectValue(loadModel(file, {.contextLength = context}, pool, {}, {}));
        std::vector<std::unique_ptr<SequenceState>> states;
        for (std::size_t i = 0; i < sequences; ++i) {
            states.push_back(expectValue(model->createState()));
        }
        fill(*model, states, context);
        std::printf("%llu %llu %llu %llu\n", static_cast<unsigned long long>(plan.total()), status("VmHWM") - before,
                    hugeBytes(), static_cast<unsigned long long>(plan.weights + plan.state));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
