#include "cli/render_command.h"

#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <alcuin/inference/tokenizer.h>

#include "chat/chat_template.h"
#include "cli/model_choice.h"
#include "cli/standard_output.h"
#include "cli/text_input.h"
#include "formats/gguf.h"
#include "tokenizer/gguf_tokenizer.h"

namespace alcuin::cli {

namespace {

using Json = nlohmann::ordered_json;

/// A template's source and the tokens it may write.
struct Source {
    std::string text;
    std::string bosToken;
    std::string eosToken;
};

Outcome<Source> sourceOfModel(const std::filesystem::path& path) {
    const auto file = inference::GgufFile::openHeader(path);
    if (!file) {
        return failure(file.error());
    }
    const auto text = file->metadata().string("tokenizer.chat_template");
    if (!text) {
        return failure(
            fmt::format("{} brings no chat template. Name a file that holds one with --template.", path.string()));
    }
    const auto tokenizer = inference::tokenizerFromMetadata(file->metadata());
    if (!tokenizer) {
        return failure(tokenizer.error());
    }
    const auto piece = [&](inference::Token token) {
        return token < 0 ? std::string() : std::string((*tokenizer)->piece(token));
    };
    return Source{std::string(*text), piece((*tokenizer)->beginningOfText()), piece((*tokenizer)->endOfText())};
}

Outcome<Source> readSource(const RenderOptions& options, const std::filesystem::path& modelDirectory) {
    if (options.templateFile) {
        return readInput(*options.templateFile).map([](std::string text) { return Source{std::move(text), {}, {}}; });
    }
    return chooseModel(options.model.value_or(""), modelDirectory).and_then(sourceOfModel);
}

/// Takes one key out of the input if it is there; a value of another type is a failure.
template <typename T>
Outcome<void> take(Json& input, const char* key, Json::value_t type, T& value) {
    const auto found = input.find(key);
    if (found == input.end()) {
        return {};
    }
    if (found->type() != type) {
        return failure(fmt::format("\"{}\" in the input must be a JSON {}, but is {}.", key, Json(type).type_name(),
                                   found->type_name()));
    }
    value = found->template get<T>();
    input.erase(key);
    return {};
}

Outcome<inference::chat::TemplateInput> readTemplateInput(const std::string& text, const Source& source) {
    auto json = Json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("messages") || !json["messages"].is_array()) {
        return failure("The input must be a JSON object whose \"messages\" are an array.");
    }
    inference::chat::TemplateInput input;
    input.messages = std::move(json["messages"]);
    json.erase("messages");
    if (const auto tools = json.find("tools"); tools != json.end()) {
        input.tools = std::move(*tools);
        json.erase("tools");
    }
    input.bosToken = source.bosToken;
    input.eosToken = source.eosToken;
    input.addGenerationPrompt = false; // as Transformers has it
    const auto taken =
        take(json, "bos_token", Json::value_t::string, input.bosToken)
            .and_then([&] { return take(json, "eos_token", Json::value_t::string, input.eosToken); })
            .and_then(
                [&] { return take(json, "add_generation_prompt", Json::value_t::boolean, input.addGenerationPrompt); });
    if (!taken) {
        return tl::unexpected(taken.error());
    }
    input.variables = std::move(json);
    return input;
}

} // namespace

void declareRenderOptions(CLI::App& command, RenderOptions& options) {
    auto* source = command.add_option_group("Template");
    source->add_option("--template", options.templateFile, "A file that holds a chat template");
    source->add_option("-m,--model", options.model, "A model whose chat template to take");
    source->require_option(1);
    command
        .add_option("--input", options.input,
                    "A JSON file with messages, tools, add_generation_prompt, bos_token, eos_token and whatever else "
                    "the template reads; -: standard input")
        ->required();
}

Outcome<void> runRender(const RenderOptions& options, const std::filesystem::path& modelDirectory) {
    const auto source = readSource(options, modelDirectory);
    if (!source) {
        return tl::unexpected(source.error());
    }
    const auto text = readInput(options.input);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const auto input = readTemplateInput(*text, *source);
    if (!input) {
        return tl::unexpected(input.error());
    }
    const auto compiled = inference::chat::ChatTemplate::compile(source->text);
    if (!compiled) {
        return failure(compiled.error());
    }
    const auto rendered = compiled->render(*input);
    if (!rendered) {
        return failure(rendered.error());
    }
    return writeOut(rendered->text);
}

} // namespace alcuin::cli
