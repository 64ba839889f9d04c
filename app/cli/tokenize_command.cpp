#include "cli/tokenize_command.h"

#include <string_view>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <alcuin/inference/tokenizer.h>

#include "cli/model_choice.h"
#include "cli/standard_output.h"
#include "cli/text_input.h"

namespace alcuin::cli {

namespace {

/// A piece on one line: control characters and backslashes are escaped.
std::string escaped(std::string_view piece) {
    constexpr unsigned char kFirstPrintable = 0x20;
    constexpr unsigned char kDelete = 0x7F;
    std::string text;
    for (const char c : piece) {
        switch (c) {
        case '\n':
            text += "\\n";
            break;
        case '\r':
            text += "\\r";
            break;
        case '\t':
            text += "\\t";
            break;
        case '\\':
            text += "\\\\";
            break;
        default:
            if (const auto byte = static_cast<unsigned char>(c); byte < kFirstPrintable || byte == kDelete) {
                text += fmt::format("\\x{:02X}", byte);
            } else {
                text += c;
            }
        }
    }
    return text;
}

} // namespace

void declareTokenizeOptions(CLI::App& command, TokenizeOptions& options) {
    command.add_option("-m,--model", options.model, "A model file, or the name of one in the model directory");
    auto* source = command.add_option_group("Text");
    source->add_option("-p,--prompt", options.text, "The text; -: read it from standard input");
    source->add_option("-f,--file", options.file, "The file whose exact bytes are the text");
    source->require_option(1);
    command.add_flag("--json", options.json, "Print an array of ids");
    command.add_flag("--bos", options.beginningOfText, "Begin with the beginning-of-text token");
    command.add_flag("--special", options.special, "Recognise special tokens in the text");
}

Outcome<void> runTokenize(const TokenizeOptions& options, const std::filesystem::path& modelDirectory) {
    const auto path = chooseModel(options.model, modelDirectory);
    if (!path) {
        return tl::unexpected(path.error());
    }
    const auto text = options.text && *options.text != "-" ? Outcome<std::string>(*options.text)
                                                           : readInput(options.file.value_or("-"));
    if (!text) {
        return tl::unexpected(text.error());
    }
    const auto tokenizer = inference::loadTokenizer(*path);
    if (!tokenizer) {
        return failure(tokenizer.error());
    }
    auto tokens = (*tokenizer)
                      ->encode(*text, options.special ? inference::SpecialTokens::kRecognised
                                                      : inference::SpecialTokens::kAsPlainText);
    if (options.beginningOfText) {
        const auto token = (*tokenizer)->beginningOfText();
        if (token < 0) {
            return failure(fmt::format("{} has no beginning-of-text token. Leave out --bos.", path->string()));
        }
        tokens.insert(tokens.begin(), token);
    }
    if (options.json) {
        return writeOut(nlohmann::json(tokens).dump() + "\n");
    }
    std::string lines;
    for (const auto token : tokens) {
        lines += fmt::format("{}\t{}\n", token, escaped((*tokenizer)->piece(token)));
    }
    return writeOut(lines);
}

} // namespace alcuin::cli
