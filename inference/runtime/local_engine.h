#pragma once

#include <memory>

#include <alcuin/inference/text_engine.h>

#include "chat/chat_template.h"
#include "runtime/engine_core.h"
#include "runtime/loaded_model.h"

namespace alcuin::inference {

/// A model of this machine behind TextEngine.
class LocalEngine final : public TextEngine {
public:
    struct Parts {
        std::shared_ptr<EngineCore> core;
        std::shared_ptr<LoadedModel> model;
        /// The model's chat template, or why it has none that works; then every request is answered with that error.
        std::shared_ptr<const Result<chat::ChatTemplate>> chatTemplate;
        ModelInfo info; ///< vocabularyHash is filled in from the tokenizer
    };

    explicit LocalEngine(Parts parts);

    /// Errors: kInvalidArgument. What goes wrong later is an event of the handle: kTemplate, kContextFull, ...
    Result<RequestHandle> submit(GenerationRequest request) override;
    Result<PromptUsage> countTokens(const GenerationRequest& request) const override;
    Result<Embeddings> embed(std::span<const std::string> texts) override;
    const ModelInfo& modelInfo() const override;
    Capabilities capabilities() const override;
    EngineMetrics metrics() const override;
    std::shared_ptr<const Tokenizer> tokenizer() const override;

private:
    Parts parts_;
};

} // namespace alcuin::inference
