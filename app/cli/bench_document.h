#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <alcuin/inference/runtime.h>

#include "cli/bench_progress.h"
#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

/// `alcuin bench --document N`: what a person who chats notices of a long document that is read meanwhile.
struct DocumentPlan {
    std::size_t tokens = 0;   ///< of the document
    std::size_t chats = 1;    ///< interactive answers at once
    std::size_t answer = 128; ///< tokens of one answer
    double targetMs = 100;    ///< between two tokens of an answer
    std::uint64_t seed = 1;
    bool quick = false; ///< without reading the document alone
    int threads = 0;
    inference::KvType kv = inference::KvType::kDefault;
};

/// Times are in milliseconds.
struct DocumentReport {
    std::string model;
    std::string device;
    std::size_t tokens = 0; ///< of the document's prompt, template included
    std::size_t chats = 0;
    double targetMs = 0;
    double aloneMs = 0;                   ///< reading it with nothing beside it; 0: not measured
    double besideMs = 0;                  ///< reading it beside the answers
    std::uint64_t answerTokens = 0;       ///< written meanwhile
    inference::Percentiles firstToken;    ///< of the answers
    inference::Percentiles betweenTokens; ///< of the answers
};

void declareDocumentOptions(CLI::App& command, DocumentPlan& plan);

/// The document is read alone and beside the answers, a text of its own each time, so that nothing is found again.
Outcome<DocumentReport> runDocumentBench(const std::filesystem::path& model, const DocumentPlan& plan,
                                         const BenchProgress& progress);

std::string toJson(const DocumentReport& report);
std::string toTable(const DocumentReport& report);

} // namespace alcuin::cli
