#include "chat/chat_template.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include <fmt/format.h>

#include "chat/jinja/evaluator.h"
#include "chat/jinja/parser.h"

namespace alcuin::inference::chat {

namespace {

using jinja::Budget;
using jinja::Value;

/// JSON as the template sees it: every text, number and container in it has this origin.
Value fromJson(Budget& budget, const nlohmann::ordered_json& json, std::uint32_t origin) {
    const Budget::Descent descent(budget);
    switch (json.type()) {
    case nlohmann::json::value_t::boolean:
        return Value::boolean(json.get<bool>(), origin);
    case nlohmann::json::value_t::number_integer:
        return Value::integer(json.get<std::int64_t>(), origin);
    case nlohmann::json::value_t::number_unsigned: {
        const auto number = json.get<std::uint64_t>();
        constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return number > kMax ? Value::big(number, origin) : Value::integer(static_cast<std::int64_t>(number), origin);
    }
    case nlohmann::json::value_t::number_float:
        return Value::real(json.get<double>(), origin);
    case nlohmann::json::value_t::string:
        return jinja::string(budget, json.get_ref<const std::string&>(), origin);
    case nlohmann::json::value_t::array: {
        std::vector<Value> items;
        items.reserve(json.size());
        for (const auto& item : json) {
            items.push_back(fromJson(budget, item, origin));
        }
        return jinja::list(budget, std::move(items), origin);
    }
    case nlohmann::json::value_t::object: {
        auto object = std::make_shared<jinja::Dict>();
        for (const auto& [key, value] : json.items()) {
            object->set(jinja::string(budget, key, origin), fromJson(budget, value, origin));
        }
        return jinja::dict(budget, std::move(object), origin);
    }
    default:
        return Value::none();
    }
}

/// A role by one of the usual names is the program's own word, never a user's: templates build tokens around it.
bool isTrustedRole(const nlohmann::ordered_json& role) {
    static constexpr std::array<std::string_view, 8> kRoles = {"system", "developer", "user",     "assistant",
                                                               "tool",   "ipython",   "function", "model"};
    return role.is_string() &&
           std::find(kRoles.begin(), kRoles.end(), role.get_ref<const std::string&>()) != kRoles.end();
}

Value messageFrom(Budget& budget, const nlohmann::ordered_json& message, std::uint32_t origin) {
    if (!message.is_object()) {
        return fromJson(budget, message, origin);
    }
    auto object = std::make_shared<jinja::Dict>();
    for (const auto& [key, value] : message.items()) {
        const bool isTrusted = key == "role" && isTrustedRole(value);
        object->set(jinja::string(budget, key, origin),
                    fromJson(budget, value, isTrusted ? TextRun::kTrusted : origin));
    }
    return jinja::dict(budget, std::move(object), origin);
}

Value messagesFrom(Budget& budget, const nlohmann::ordered_json& messages) {
    if (!messages.is_array()) {
        jinja::raise("the messages must be an array");
    }
    std::vector<Value> items;
    items.reserve(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        items.push_back(messageFrom(budget, messages[i], static_cast<std::uint32_t>(1 + i)));
    }
    return jinja::list(budget, std::move(items), TemplateInput::kOtherOrigin);
}

jinja::Evaluator::Globals globalsFrom(Budget& budget, const TemplateInput& input) {
    constexpr auto kOther = TemplateInput::kOtherOrigin;
    jinja::Evaluator::Globals globals;
    jinja::addBuiltins(globals);
    globals.emplace_back("documents", Value::none());
    globals.emplace_back("bos_token", jinja::string(budget, input.bosToken));
    globals.emplace_back("eos_token", jinja::string(budget, input.eosToken));
    if (!input.variables.is_null() && !input.variables.is_object()) {
        jinja::raise("the template's variables must be an object");
    }
    for (const auto& [name, value] : input.variables.items()) {
        const bool isTrusted = name == "bos_token" || name == "eos_token";
        globals.emplace_back(name, fromJson(budget, value, isTrusted ? TextRun::kTrusted : kOther));
    }
    globals.emplace_back("messages", messagesFrom(budget, input.messages));
    globals.emplace_back("tools", fromJson(budget, input.tools, kOther));
    globals.emplace_back("add_generation_prompt", Value::boolean(input.addGenerationPrompt));
    return globals;
}

tl::unexpected<Error> templateError(const jinja::Failure& failure, int line) {
    const int at = failure.line != 0 ? failure.line : line;
    return fail(ErrorCode::kTemplate, at > 0
                                          ? fmt::format("The chat template failed in line {}: {}.", at, failure.message)
                                          : fmt::format("The chat template failed: {}.", failure.message));
}

} // namespace

struct ChatTemplate::Program {
    std::shared_ptr<const jinja::Program> program;
};

ChatTemplate::ChatTemplate(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

Result<ChatTemplate> ChatTemplate::compile(std::string_view source) {
    try {
        return ChatTemplate(std::make_shared<const Program>(Program{jinja::Parser::parse(source)}));
    } catch (const jinja::Failure& failure) {
        return templateError(failure, 0);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::kOutOfMemory, "There isn't enough memory to read the chat template.");
    }
}

Result<ProvenText> ChatTemplate::render(const TemplateInput& input, const TemplateLimits& limits,
                                        const Clock& clock) const {
    Budget budget(limits);
    int line = 0;
    try {
        const auto globals = globalsFrom(budget, input);
        jinja::Evaluator evaluator(*program_->program, budget, clock, globals);
        jinja::TextBuilder output(budget);
        try {
            evaluator.render(output);
        } catch (const jinja::Failure&) {
            line = evaluator.line();
            throw;
        }
        return output.finishProven();
    } catch (const jinja::Failure& failure) {
        return templateError(failure, line);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::kOutOfMemory, "There isn't enough memory to apply the chat template.");
    }
}

bool ChatTemplate::mentions(std::string_view global) const {
    return program_->program->loaded.contains(global);
}

} // namespace alcuin::inference::chat
