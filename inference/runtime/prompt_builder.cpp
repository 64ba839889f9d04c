#include "runtime/prompt_builder.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "runtime/reasoning_splitter.h"
#include "runtime/token_splice.h"
#include "tokenizer/utf8.h"

namespace alcuin::inference {

namespace {

using Json = nlohmann::ordered_json;

std::string repaired(const std::string& text) {
    return validUtf8Prefix(text) == text.size() ? text : RepairedText(text).text();
}

std::string pieceOrNothing(const Tokenizer& tokenizer, Token token) {
    return token < 0 ? std::string() : std::string(tokenizer.piece(token));
}

/// Parses an optional JSON argument that must be of one type.
Result<Json> parseArgument(const std::string& text, Json::value_t type, const char* name) {
    if (text.empty()) {
        return Json();
    }
    auto value = Json::parse(text, nullptr, false);
    if (value.is_discarded() || value.type() != type) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} must be a JSON {}.", name, type == Json::value_t::array ? "array" : "object"));
    }
    return value;
}

Result<chat::TemplateInput> templateInput(const GenerationRequest& request, const Tokenizer& tokenizer) {
    chat::TemplateInput input;
    auto tools = parseArgument(request.toolsJson, Json::value_t::array, "The list of tools");
    if (!tools) {
        return tl::unexpected(tools.error());
    }
    auto variables = parseArgument(request.templateVariablesJson, Json::value_t::object, "The template's variables");
    if (!variables) {
        return tl::unexpected(variables.error());
    }
    for (const auto& message : request.messages) {
        Json value{{"role", repaired(message.role)}, {"content", repaired(message.content)}};
        if (!message.reasoning.empty()) {
            value["reasoning_content"] = repaired(message.reasoning);
        }
        input.messages.push_back(std::move(value));
    }
    input.tools = std::move(*tools);
    input.variables = std::move(*variables);
    input.bosToken = pieceOrNothing(tokenizer, tokenizer.beginningOfText());
    input.eosToken = pieceOrNothing(tokenizer, tokenizer.endOfText());
    input.addGenerationPrompt = request.addGenerationPrompt;
    return input;
}

std::optional<std::size_t> messageOf(const TextRun& run, const GenerationRequest& request) {
    if (run.origin == TextRun::kTrusted || run.origin > request.messages.size()) {
        return std::nullopt;
    }
    return run.origin - 1;
}

std::string_view textOf(const chat::ProvenText& rendered, const TextRun& run) {
    return std::string_view(rendered.text).substr(run.begin, run.end - run.begin);
}

/// A template's strings know the message they came from, not whether they were its role: the first of several runs
/// that reads like the role is taken for it.
std::vector<bool> findRoleRuns(const chat::ProvenText& rendered, const GenerationRequest& request) {
    std::vector<bool> isRole(rendered.runs.size(), false);
    std::vector<std::optional<std::size_t>> first(request.messages.size());
    for (std::size_t i = 0; i < rendered.runs.size(); ++i) {
        const auto message = messageOf(rendered.runs[i], request);
        if (!message) {
            continue;
        }
        const auto& role = request.messages[*message].role;
        const auto& content = request.messages[*message].content;
        if (!first[*message]) {
            first[*message] = i;
            isRole[i] = textOf(rendered, rendered.runs[i]) == role && content != role;
        } else if (textOf(rendered, rendered.runs[*first[*message]]) == role) {
            isRole[*first[*message]] = true;
        }
    }
    return isRole;
}

/// Cuts the text off where the last message's own text ends.
Result<void> cutAfterLastMessage(chat::ProvenText& rendered, const GenerationRequest& request) {
    const auto origin = static_cast<std::uint32_t>(request.messages.size());
    const auto last = std::find_if(rendered.runs.rbegin(), rendered.runs.rend(),
                                   [&](const TextRun& run) { return run.origin == origin; });
    if (last == rendered.runs.rend()) {
        return fail(ErrorCode::kTemplate, "The model's chat template leaves out the message that is to be continued.");
    }
    rendered.runs.erase(last.base(), rendered.runs.end());
    rendered.text.resize(rendered.runs.back().end);
    return {};
}

/// Whether the text after the last question, the beginning of the answer, opens a reasoning and doesn't close it.
bool endsInReasoning(const chat::ProvenText& rendered, const GenerationRequest& request) {
    const auto lastOrigin = static_cast<std::uint32_t>(request.messages.size());
    const bool continues = !request.addGenerationPrompt && request.messages.back().role == "assistant";
    std::size_t begin = 0;
    for (const auto& run : rendered.runs) {
        if (run.origin != TextRun::kTrusted && !(continues && run.origin == lastOrigin)) {
            begin = run.end;
        }
    }
    const auto tail = std::string_view(rendered.text).substr(begin);
    const auto open = tail.rfind(ReasoningSplitter::kOpenTag);
    const auto close = tail.rfind(ReasoningSplitter::kCloseTag);
    return open != std::string_view::npos && (close == std::string_view::npos || close < open);
}

/// Puts the ids of a rendered conversation together, piece by piece, and counts whose they are.
class PromptWriter {
public:
    PromptWriter(const chat::ProvenText& rendered, const Tokenizer& tokenizer, const GenerationRequest& request)
        : rendered_(rendered), tokenizer_(tokenizer), request_(request), isRole_(findRoleRuns(rendered, request)) {
        prompt_.usage.perMessage.assign(request.messages.size(), 0);
    }

    Prompt write() {
        std::size_t begin = 0;
        for (std::size_t i = 0; i < rendered_.runs.size(); ++i) {
            if (const auto splice = generatedTokensOf(i)) {
                const auto run = rendered_.runs[i].begin;
                encode(begin, run + splice->begin);
                append(splice->tokens);
                prompt_.usage.perMessage[*messageOf(rendered_.runs[i], request_)] += splice->tokens.size();
                begin = run + splice->end;
            }
        }
        encode(begin, rendered_.text.size());
        addBeginningOfText();
        finishUsage();
        return std::move(prompt_);
    }

private:
    /// The ids that stand for a run, or for most of it, if it is an answer of the model's that is unchanged.
    std::optional<TokenSplice> generatedTokensOf(std::size_t run) const {
        const auto index = messageOf(rendered_.runs[run], request_);
        if (!index || isRole_[run]) {
            return std::nullopt;
        }
        const auto& message = request_.messages[*index];
        if (message.role != "assistant" || message.tokens.empty() ||
            message.vocabularyHash != tokenizer_.vocabularyHash()) {
            return std::nullopt;
        }
        return spliceOf(message.tokens, textOf(rendered_, rendered_.runs[run]), tokenizer_);
    }

    void append(std::span<const Token> tokens) {
        prompt_.tokens.insert(prompt_.tokens.end(), tokens.begin(), tokens.end());
    }

    /// Tokenises the bytes [begin, end) of the text in one pass.
    void encode(std::size_t begin, std::size_t end) {
        std::vector<TextRun> own;
        const auto& all = rendered_.runs;
        const auto first =
            std::ranges::find_if(all, [begin](const TextRun& run) { return run.end > begin; }) - all.begin();
        for (auto i = static_cast<std::size_t>(first); i < all.size() && all[i].begin < end; ++i) {
            own.push_back({std::max(all[i].begin, begin) - begin, std::min(all[i].end, end) - begin, all[i].origin});
        }
        if (!own.empty()) {
            const auto tokens = tokenizer_.encode(std::string_view(rendered_.text).substr(begin, end - begin), own);
            count(tokens, own, static_cast<std::size_t>(first));
            append(tokens);
        }
    }

    /// Gives each token to the message inside whose text it begins.
    void count(std::span<const Token> tokens, std::span<const TextRun> runs, std::size_t firstRun) {
        std::size_t at = 0;
        std::size_t run = 0;
        for (const auto token : tokens) {
            while (run + 1 < runs.size() && at >= runs[run].end) {
                ++run;
            }
            if (const auto message = messageOf(runs[run], request_); message && !isRole_[firstRun + run]) {
                ++prompt_.usage.perMessage[*message];
            }
            at += (tokenizer_.isControl(token) ? tokenizer_.piece(token) : tokenizer_.bytes(token)).size();
        }
    }

    void addBeginningOfText() {
        const auto bos = tokenizer_.beginningOfText();
        if (tokenizer_.addsBeginningOfText() && bos >= 0 && (prompt_.tokens.empty() || prompt_.tokens[0] != bos)) {
            prompt_.tokens.insert(prompt_.tokens.begin(), bos);
        }
    }

    void finishUsage() {
        auto& usage = prompt_.usage;
        usage.total = prompt_.tokens.size();
        usage.templateTokens = usage.total;
        for (const auto count : usage.perMessage) {
            usage.templateTokens -= count;
        }
    }

    const chat::ProvenText& rendered_;
    const Tokenizer& tokenizer_;
    const GenerationRequest& request_;
    std::vector<bool> isRole_;
    Prompt prompt_;
};

} // namespace

Result<Prompt> buildPrompt(const chat::ChatTemplate& chatTemplate, const Tokenizer& tokenizer,
                           const GenerationRequest& request) {
    const auto input = templateInput(request, tokenizer);
    if (!input) {
        return tl::unexpected(input.error());
    }
    auto rendered = chatTemplate.render(*input);
    if (!rendered) {
        return tl::unexpected(rendered.error());
    }
    if (!request.addGenerationPrompt && request.messages.back().role == "assistant") {
        if (auto cut = cutAfterLastMessage(*rendered, request); !cut) {
            return tl::unexpected(cut.error());
        }
    }
    auto prompt = PromptWriter(*rendered, tokenizer, request).write();
    prompt.startsInReasoning = endsInReasoning(*rendered, request);
    return prompt;
}

} // namespace alcuin::inference
