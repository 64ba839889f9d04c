#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <alcuin/inference/error.h>
#include <alcuin/inference/tokenizer.h>

#include "chat/value.h"

namespace alcuin::inference::chat {

/// What a template is rendered with. Every string value in `messages[i]` has origin 1 + i; every string in `tools`
/// and `variables` has origin kOtherOrigin, but for bos_token and eos_token, which are trusted. So is a message's role
/// if it is one of the usual names (system, developer, user, assistant, tool, ipython, function, model): templates
/// build tokens around it, '<|' + role + '|>'. Numbers, brackets and keys have their input's origin as texts have.
struct TemplateInput {
    static constexpr std::uint32_t kOtherOrigin = 0xFFFFFFFFU;
    nlohmann::ordered_json messages = nlohmann::ordered_json::array();
    nlohmann::ordered_json tools;     ///< null: the template sees none
    nlohmann::ordered_json variables; ///< an object of further globals; null: none
    std::string bosToken;
    std::string eosToken;
    bool addGenerationPrompt = true;
};

struct TemplateLimits {
    std::size_t steps = 1'000'000;
    std::size_t depth = 64;
    std::size_t outputBytes = 8U << 20U;
    std::chrono::milliseconds time{2000};
};

/// Local broken-down time for strftime_now; injected so that a test can hold the clock.
using Clock = std::function<std::chrono::system_clock::time_point()>;

/// A chat template in the Jinja language as Transformers sets it up: trim_blocks, lstrip_blocks, loop controls,
/// `tojson` without HTML escapes, raise_exception, strftime_now; sandboxed.
/// No template is recognised by name or text, and what isn't supported is an error that names its line.
/// Immutable. Threads: reentrant.
class ChatTemplate {
public:
    /// Errors: kTemplate, with the line.
    static Result<ChatTemplate> compile(std::string_view source);

    /// Errors: kTemplate (what raise_exception said, an undefined value used, a limit passed), with the line.
    Result<ProvenText> render(const TemplateInput& input, const TemplateLimits& limits = {},
                              const Clock& clock = std::chrono::system_clock::now) const;

    /// Whether the template reads a global of this name ("tools", "enable_thinking").
    bool mentions(std::string_view global) const;

    ChatTemplate(ChatTemplate&&) noexcept;
    ChatTemplate& operator=(ChatTemplate&&) noexcept;
    ~ChatTemplate();

private:
    struct Program;
    explicit ChatTemplate(std::shared_ptr<const Program> program);
    std::shared_ptr<const Program> program_;
};

} // namespace alcuin::inference::chat
