#include "runtime/local_engine.h"

#include <exception>
#include <new>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "runtime/parameters.h"
#include "runtime/prompt_builder.h"
#include "runtime/reasoning_splitter.h"

namespace alcuin::inference {

namespace {

std::uint64_t drawSeed() {
    std::random_device device;
    constexpr int kHalf = 32;
    return (static_cast<std::uint64_t>(device()) << kHalf) | device();
}

/// buildPrompt with a guard around it: it runs at a thread's entry and on untrusted input.
Result<Prompt> prepare(const Result<chat::ChatTemplate>& chatTemplate, const Tokenizer& tokenizer,
                       const GenerationRequest& request) {
    if (!chatTemplate) {
        return tl::unexpected(chatTemplate.error());
    }
    try {
        return buildPrompt(*chatTemplate, tokenizer, request);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::kOutOfMemory, "There wasn't enough memory to prepare this conversation.");
    } catch (const std::exception& error) {
        return fail(ErrorCode::kInternal, fmt::format("The conversation couldn't be prepared: {}.", error.what()));
    }
}

} // namespace

LocalEngine::LocalEngine(Parts parts) : parts_(std::move(parts)) {
    parts_.info.vocabularyHash = parts_.model->tokenizer->vocabularyHash();
}

Result<RequestHandle> LocalEngine::submit(GenerationRequest request) {
    if (auto checked = checkRequest(request); !checked) {
        return tl::unexpected(checked.error());
    }
    GenerationOptions options{.sampling = request.sampling,
                              .freshSeed = request.sampling.seed ? *request.sampling.seed : drawSeed(),
                              .maxTokens = request.maxTokens,
                              .stops = request.stop,
                              .reproducible = request.reproducible,
                              .snapshotOwner = request.snapshotOwner,
                              .pin = request.pin};
    auto& executor = parts_.core->executor;
    auto control = executor.add(parts_.model, std::move(options), request.priority);
    RequestHandle handle(control, control->mailbox());
    parts_.core->preparation.post([&executor, control, tokenizer = parts_.model->tokenizer,
                                   chatTemplate = parts_.chatTemplate, request = std::move(request)]() noexcept {
        if (!control->cancelled()) {
            executor.prepared(control, prepare(*chatTemplate, *tokenizer, request));
        }
    });
    return handle;
}

Result<PromptUsage> LocalEngine::countTokens(const GenerationRequest& request) const {
    if (auto checked = checkRequest(request); !checked) {
        return tl::unexpected(checked.error());
    }
    auto prompt = prepare(*parts_.chatTemplate, *parts_.model->tokenizer, request);
    if (!prompt) {
        return tl::unexpected(prompt.error());
    }
    prompt->usage.contextLength = parts_.model->model->contextLength();
    return std::move(prompt->usage);
}

Result<Embeddings> LocalEngine::embed(std::span<const std::string> /*texts*/) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{} writes text; it can't compute embeddings. Load an embedding model for that.",
                            parts_.info.name));
}

const ModelInfo& LocalEngine::modelInfo() const {
    return parts_.info;
}

Capabilities LocalEngine::capabilities() const {
    Capabilities result;
    result.chat = parts_.chatTemplate->has_value();
    result.reasoning = parts_.model->tokenizer->find(ReasoningSplitter::kOpenTag) >= 0;
    result.tools = result.chat && (*parts_.chatTemplate)->mentions("tools");
    return result;
}

std::shared_ptr<const Tokenizer> LocalEngine::tokenizer() const {
    return parts_.model->tokenizer;
}

EngineMetrics LocalEngine::metrics() const {
    const auto& counters = parts_.model->counters;
    EngineMetrics result;
    result.device = parts_.model->model->deviceDescription();
    result.weightBytes = parts_.model->model->weightBytes();
    result.stateBytes = counters.stateBytes;
    result.activeRequests = counters.active;
    result.queuedRequests = counters.queued;
    result.steps = counters.steps;
    result.prefillTokens = counters.prefillTokens;
    result.decodeTokens = counters.decodeTokens;
    parts_.model->measurements.fill(result);
    return result;
}

} // namespace alcuin::inference
