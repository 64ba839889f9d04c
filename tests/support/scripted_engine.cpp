#include "scripted_engine.h"

#include <atomic>
#include <utility>

namespace alcuin::tests {

using namespace alcuin::inference;

namespace {
constexpr std::uint64_t kVocabularyHash = 0x5C819;
constexpr std::size_t kTokensPerMessage = 3;
} // namespace

struct ScriptedEngine::Request : RequestControl {
    GenerationRequest asked;
    std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
    std::atomic<bool> cancelled{false};
    std::atomic<std::size_t> written{0};
    std::size_t contextLength = 0;

    void cancel() override {
        if (!cancelled.exchange(true)) {
            finish(FinishReason::kCancelled);
        }
    }
    void pause() override {}
    void resume() override {}
    void setPriority(Priority) override {}

    void finish(FinishReason reason) {
        Finished finished;
        finished.reason = reason;
        finished.usage.completionTokens = written;
        finished.usage.promptTokens = asked.messages.size();
        finished.usage.contextLength = contextLength;
        finished.usage.seed = asked.sampling.seed.value_or(1);
        finished.usage.vocabularyHash = kVocabularyHash;
        finished.timings = {
            .queueMs = 1, .prefillMs = 10, .timeToFirstTokenMs = 12, .decodeMs = 100, .betweenTokensMs = {}};
        mailbox->post(finished);
    }
};

ScriptedEngine::ScriptedEngine() {
    info_.name = "Scripted";
    info_.architecture = "scripted";
    info_.quantization = "none";
    info_.contextLength = contextLength_;
    info_.vocabularyHash = kVocabularyHash;
    info_.hasChatTemplate = true;
}

std::shared_ptr<ScriptedEngine::Request> ScriptedEngine::at(std::size_t request) const {
    const std::lock_guard lock(mutex_);
    return requests_.at(request);
}

std::vector<GenerationRequest> ScriptedEngine::requests() const {
    const std::lock_guard lock(mutex_);
    std::vector<GenerationRequest> asked;
    for (const auto& request : requests_) {
        asked.push_back(request->asked);
    }
    return asked;
}

bool ScriptedEngine::isCancelled(std::size_t request) const {
    return at(request)->cancelled;
}

void ScriptedEngine::write(std::size_t request, const std::string& text, Channel channel) {
    const auto target = at(request);
    TextDelta delta;
    delta.channel = channel;
    delta.text = text;
    delta.tokens = {static_cast<Token>(100 + target->written++)};
    target->mailbox->post(std::move(delta));
}

void ScriptedEngine::read(std::size_t request, std::size_t done, std::size_t total) {
    at(request)->mailbox->post(Progress{done, total});
}

void ScriptedEngine::finish(std::size_t request, FinishReason reason) {
    at(request)->finish(reason);
}

void ScriptedEngine::fail(std::size_t request, Error error) {
    at(request)->mailbox->post(std::move(error));
}

void ScriptedEngine::refuseNext(Error error) {
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(error);
}

void ScriptedEngine::answerEverythingWith(std::string text) {
    const std::lock_guard lock(mutex_);
    standingAnswer_ = std::move(text);
}

void ScriptedEngine::answer(Request& request, const std::string& text) {
    std::size_t begin = 0;
    while (begin < text.size()) {
        auto end = text.find(' ', begin);
        end = end == std::string::npos ? text.size() : end + 1;
        TextDelta delta;
        delta.text = text.substr(begin, end - begin);
        delta.tokens = {static_cast<Token>(100 + request.written++)};
        request.mailbox->post(std::move(delta));
        begin = end;
    }
    request.finish(FinishReason::kStop);
}

Result<RequestHandle> ScriptedEngine::submit(GenerationRequest request) {
    const auto accepted = std::make_shared<Request>();
    accepted->asked = std::move(request);
    std::optional<std::string> text;
    {
        const std::lock_guard lock(mutex_);
        if (refusal_) {
            return tl::unexpected(*std::exchange(refusal_, std::nullopt));
        }
        accepted->contextLength = contextLength_;
        requests_.push_back(accepted);
        text = standingAnswer_;
    }
    if (text) {
        answer(*accepted, *text);
    }
    return RequestHandle(accepted, accepted->mailbox);
}

void ScriptedEngine::setContextLength(std::size_t tokens) {
    const std::lock_guard lock(mutex_);
    contextLength_ = tokens;
}

void ScriptedEngine::refuseSystemMessages() {
    const std::lock_guard lock(mutex_);
    refusesSystem_ = true;
}

Result<PromptUsage> ScriptedEngine::countTokens(const GenerationRequest& request) const {
    const std::lock_guard lock(mutex_);
    PromptUsage usage;
    for (const auto& message : request.messages) {
        if (refusesSystem_ && message.role == "system") {
            return tl::unexpected(Error{ErrorCode::kTemplate, "System role not supported"});
        }
        usage.perMessage.push_back(message.content.size());
        usage.templateTokens += kTokensPerMessage;
        usage.total += message.content.size() + kTokensPerMessage;
    }
    usage.contextLength = contextLength_;
    return usage;
}

Result<Embeddings> ScriptedEngine::embed(std::span<const std::string>) {
    return tl::unexpected(Error{ErrorCode::kUnsupported, "The scripted engine makes no embeddings."});
}

void ScriptedEngine::advise(const SamplingParameters& sampling) {
    info_.sampling = sampling;
}

const ModelInfo& ScriptedEngine::modelInfo() const {
    return info_;
}

Capabilities ScriptedEngine::capabilities() const {
    Capabilities capabilities;
    capabilities.chat = true;
    return capabilities;
}

EngineMetrics ScriptedEngine::metrics() const {
    return {};
}

} // namespace alcuin::tests
