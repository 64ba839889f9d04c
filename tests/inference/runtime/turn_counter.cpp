#include "turn_counter.h"

#include <algorithm>
#include <utility>

#include <QtGlobal>

#include "messages.h"
#include "runtime/prompt_builder.h"
#include "tokenizer/byte_alphabet.h"

namespace alcuin::tests {

using inference::GenerationRequest;
using inference::Message;

using inference::Token;

namespace {

inference::chat::ChatTemplate compiled(const std::string& source) {
    auto made = inference::chat::ChatTemplate::compile(source);
    if (!made) {
        qFatal("the template was refused: %s", made.error().message.c_str());
    }
    return std::move(*made);
}

} // namespace

/// What the model writes after the prompt that it is given next. Changed only while no request runs.
struct TurnCounter::Script {
    std::size_t promptLength = 0;
    std::vector<Token> answer;

    Token next(std::span<const ToyState::Row> history) const {
        const auto at = history.size() - promptLength;
        return at < answer.size() ? answer[at] : answer.back();
    }
};

TurnCounter::TurnCounter(std::string chatTemplate, std::shared_ptr<const inference::Tokenizer> tokenizer,
                         std::string end)
    : source_(std::move(chatTemplate))
    , template_(compiled(source_))
    , tokenizer_(std::move(tokenizer))
    , end_(tokenizer_->find(end))
    , script_(std::make_shared<Script>())
    , core_(std::make_shared<inference::EngineCore>(std::make_shared<inference::ThreadPool>(1))) {
    auto model = std::make_shared<inference::LoadedModel>();
    auto toy = std::make_unique<ToyModel>(
        ToyScript{.contextLength = 32'768,
                  .maxRows = 512,
                  .piecesPerStep = 1,
                  .vocabulary = tokenizer_->vocabularySize() + 1,
                  .next = [script = script_](std::span<const ToyState::Row> rows) { return script->next(rows); }});
    toy_ = toy.get();
    model->pool = core_->pool;
    model->model = std::move(toy);
    model->tokenizer = tokenizer_;
    const auto& pages = toy_->pagePool();
    model->cache = std::make_unique<inference::PrefixCache>(pages, inference::chainRoot({}), pages->maxPages() / 2);
    inference::ModelInfo info;
    info.name = "Toy";
    engine_ = std::make_unique<inference::LocalEngine>(inference::LocalEngine::Parts{
        core_, std::move(model),
        std::make_shared<const inference::Result<inference::chat::ChatTemplate>>(compiled(source_)), info});
}

TurnCounter::~TurnCounter() = default;

std::vector<TurnCount> TurnCounter::hold(const ScriptedConversation& conversation, bool reproducible,
                                         std::string& trouble) {
    std::vector<TurnCount> counts;
    auto request = requestOf(conversation);
    request.reproducible = reproducible;
    std::string lastAnswer;
    for (const auto& turn : conversation.turns) {
        request.messages.push_back(message("user", turn.question));
        const auto prompt = inference::buildPrompt(template_, *tokenizer_, request);
        if (!prompt) {
            trouble = prompt.error().message;
            return counts;
        }
        script_->promptLength = prompt->tokens.size();
        script_->answer = written(turn, prompt->startsInReasoning);
        auto counted = count(prompt->tokens, lastAnswer);

        const auto before = engine_->metrics().prefillTokens;
        EventReader reader(std::move(*engine_->submit(request)));
        const auto& answer = reader.readToEnd();
        if (!answer.finished || answer.tokens != script_->answer || toy_->misuses != 0) {
            trouble = answer.error ? answer.error->message : "the answer isn't the one that was scripted";
            return counts;
        }
        counted.prefilled = engine_->metrics().prefillTokens - before;
        if (answer.finished->usage.cachedTokens + counted.prefilled != counted.prompt) {
            trouble = "what was prefilled and what was found aren't the prompt";
            return counts;
        }
        counts.push_back(counted);

        auto state = prompt->tokens;
        if (!reproducible) {
            state.insert(state.end(), answer.tokens.begin(), answer.tokens.end() - 1);
        }
        states_.push_back(std::move(state));
        auto reply = message("assistant", answer.text);
        reply.reasoning = answer.reasoning;
        reply.tokens = answer.tokens;
        reply.vocabularyHash = answer.finished->usage.vocabularyHash;
        request.messages.push_back(std::move(reply));
        lastAnswer = answer.text;
        if (readsAhead_) {
            trouble = readNextTurn(request);
            if (!trouble.empty()) {
                return counts;
            }
        }
    }
    return counts;
}

void TurnCounter::readAhead() {
    readsAhead_ = true;
}

/// What went wrong; empty: nothing.
std::string TurnCounter::readNextTurn(GenerationRequest request) {
    request.messages.push_back(message("user", "?"));
    request.maxTokens = 0;
    request.priority = inference::Priority::kBackground;
    const auto prompt = inference::buildPrompt(template_, *tokenizer_, request);
    if (!prompt) {
        return prompt.error().message;
    }
    EventReader reader(std::move(*engine_->submit(request)));
    const auto& end = reader.readToEnd();
    if (!end.finished || !end.tokens.empty()) {
        return end.error ? end.error->message : "something was written where nothing was asked for";
    }
    states_.push_back(prompt->tokens);
    return {};
}

GenerationRequest TurnCounter::requestOf(const ScriptedConversation& conversation) const {
    GenerationRequest request;
    if (!conversation.system.empty()) {
        request.messages.push_back(message("system", conversation.system));
    }
    request.templateVariablesJson = conversation.variables;
    request.sampling.temperature = 0;
    return request;
}

/// The ids of an answer, as a model writes them: now and then a word in other pieces than the tokenizer would cut. Not
/// the line feeds around reasoning: where a template keeps it they are its own text, and the tokenizer cuts that.
std::vector<Token> TurnCounter::written(const ScriptedTurn& turn, bool opened) const {
    std::string text;
    std::vector<inference::TextRun> runs;
    const auto write = [&](const std::string& part, bool special) {
        runs.push_back({text.size(), text.size() + part.size(), special ? inference::TextRun::kTrusted : 1U});
        text += part;
    };
    const bool thinks = source_.find("<think>") != std::string::npos && !turn.reasoning.empty();
    if (thinks && !opened) {
        write("<think>", true);
        write("\n", false);
    }
    if (thinks || opened) {
        write((thinks ? turn.reasoning : "Well.") + "\n", false);
        write("</think>", true);
        write("\n\n", false);
    }
    write(turn.answer, false);
    std::vector<Token> tokens;
    std::size_t at = 0;
    for (const auto token : tokenizer_->encode(text, runs)) {
        constexpr std::size_t kEvery = 5;
        const auto bytes = tokenizer_->bytes(token);
        const bool ownToken =
            bytes == "<think>" || bytes == "</think>" || bytes.find_first_not_of('\n') == std::string_view::npos;
        if (ownToken || ++at % kEvery != 0) {
            tokens.push_back(token);
            continue;
        }
        for (const char byte : bytes) {
            tokens.push_back(tokenizer_->find(inference::spellByte(static_cast<std::uint8_t>(byte))));
        }
    }
    tokens.push_back(end_);
    return tokens;
}

TurnCount TurnCounter::count(const std::vector<Token>& prompt, const std::string& lastAnswer) const {
    TurnCount counted;
    counted.prompt = prompt.size();
    const auto text = spelled(prompt);
    std::size_t behind = 0; // where what is new begins
    for (const auto& state : states_) {
        const auto theirs = spelled(state);
        const auto common = static_cast<std::size_t>(std::ranges::mismatch(text, theirs).in1 - text.begin());
        const auto shared = static_cast<std::size_t>(std::ranges::mismatch(prompt, state).in1 - prompt.begin());
        const auto kept = std::min(tokensWithin(prompt, common), tokensWithin(state, common));
        counted.sharedTokens = std::max(counted.sharedTokens, std::min(shared, prompt.size() - 1));
        counted.kept = std::max(counted.kept, std::min(kept, prompt.size() - 1));
        counted.rewritten = common < theirs.size();
        behind = theirs.size();
    }
    if (const auto found = text.rfind(lastAnswer); counted.rewritten && found != std::string::npos) {
        behind = found + lastAnswer.size();
    }
    counted.added = prompt.size() - tokensWithin(prompt, behind);
    return counted;
}

/// How many tokens end within the first `bytes` of what they spell.
std::size_t TurnCounter::tokensWithin(const std::vector<Token>& tokens, std::size_t bytes) const {
    std::size_t at = 0;
    std::size_t count = 0;
    for (const auto token : tokens) {
        at += spelled({token}).size();
        if (at > bytes) {
            break;
        }
        ++count;
    }
    return count;
}

std::string TurnCounter::spelled(const std::vector<Token>& tokens) const {
    std::string text;
    for (const auto token : tokens) {
        text += tokenizer_->isControl(token) ? tokenizer_->piece(token) : tokenizer_->bytes(token);
    }
    return text;
}

} // namespace alcuin::tests
