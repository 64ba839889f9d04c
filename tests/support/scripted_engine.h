#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <alcuin/inference/text_engine.h>

namespace alcuin::tests {

/// A TextEngine whose answers a test writes by hand, piece by piece, and which remembers what it was asked.
/// Threads: as TextEngine.
class ScriptedEngine : public inference::TextEngine {
public:
    ScriptedEngine();

    /// Requests so far, in order.
    std::vector<inference::GenerationRequest> requests() const;
    bool isCancelled(std::size_t request) const;

    /// Writes into the answer to a request. Tokens are made up: one per call.
    void write(std::size_t request, const std::string& text, inference::Channel channel = inference::Channel::kAnswer);
    void read(std::size_t request, std::size_t done, std::size_t total);
    void finish(std::size_t request, inference::FinishReason reason = inference::FinishReason::kStop);
    void fail(std::size_t request, inference::Error error);
    /// The next submit is refused with this.
    void refuseNext(inference::Error error);
    /// How much goes into it, in its tokens: a byte each, and three around every message. 2048 unless told.
    void setContextLength(std::size_t tokens);
    /// What the model's makers advise. Before it is loaded.
    void advise(const inference::SamplingParameters& sampling);
    /// As templates that know no system message do.
    void refuseSystemMessages();
    /// From now on every request is answered at once with this text, in pieces of one word.
    void answerEverythingWith(std::string text);

    inference::Result<inference::RequestHandle> submit(inference::GenerationRequest request) override;
    inference::Result<inference::PromptUsage> countTokens(const inference::GenerationRequest& request) const override;
    inference::Result<inference::Embeddings> embed(std::span<const std::string> texts) override;
    const inference::ModelInfo& modelInfo() const override;
    inference::Capabilities capabilities() const override;
    inference::EngineMetrics metrics() const override;

private:
    struct Request;
    std::shared_ptr<Request> at(std::size_t request) const;
    static void answer(Request& request, const std::string& text);

    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Request>> requests_;
    std::optional<inference::Error> refusal_;
    std::optional<std::string> standingAnswer_;
    std::size_t contextLength_ = 2048;
    bool refusesSystem_ = false;
    inference::ModelInfo info_;
};

} // namespace alcuin::tests
