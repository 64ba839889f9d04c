#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <alcuin/inference/error.h>
#include <alcuin/inference/generation.h>
#include <alcuin/inference/mailbox.h>
#include <alcuin/inference/metrics.h>
#include <alcuin/inference/model_info.h>
#include <alcuin/inference/tokenizer.h>

namespace alcuin::inference {

/// An engine's side of one request. Threads: every function may be called from any thread and returns at once.
class RequestControl {
public:
    virtual ~RequestControl() = default;
    virtual void cancel() = 0;
    virtual void pause() = 0;
    virtual void resume() = 0;
    virtual void setPriority(Priority priority) = 0;
};

/// A request under way. Destroying the handle cancels it.
class RequestHandle {
public:
    RequestHandle(std::shared_ptr<RequestControl> control, std::shared_ptr<Mailbox> mailbox);
    RequestHandle(RequestHandle&&) noexcept = default;
    RequestHandle& operator=(RequestHandle&& other) noexcept;
    ~RequestHandle();

    void cancel();
    void pause();
    void resume();
    void setPriority(Priority priority);

    /// Calls `wake` once, from an engine thread, when the mailbox turns non-empty; it must not block.
    void onReady(std::function<void()> wake);
    /// Everything since the last call; adjacent text of one channel is one event, so a slow reader costs nothing.
    std::vector<Event> drain();

private:
    std::shared_ptr<RequestControl> control_;
    std::shared_ptr<Mailbox> mailbox_;
};

/// Vectors of unit length, [texts, E] row-major.
struct Embeddings {
    std::size_t dimension = 0;
    std::vector<float> values;
};

/// One loaded model, ready to answer. Local, remote and scripted engines are the same to their callers.
/// It is stateless for them: a request carries its messages, the engine finds by itself what it already has.
/// Threads: every function may be called from any thread and returns at once, embed and countTokens excepted.
class TextEngine {
public:
    virtual ~TextEngine() = default;
    virtual Result<RequestHandle> submit(GenerationRequest request) = 0;
    virtual Result<PromptUsage> countTokens(const GenerationRequest& request) const = 0;
    virtual Result<Embeddings> embed(std::span<const std::string> texts) = 0;
    virtual const ModelInfo& modelInfo() const = 0;
    virtual Capabilities capabilities() const = 0;
    virtual EngineMetrics metrics() const = 0;
    /// How the model cuts text into tokens; null where that isn't known on this machine.
    virtual std::shared_ptr<const Tokenizer> tokenizer() const {
        return nullptr;
    }
};

} // namespace alcuin::inference
