#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <alcuin/inference/generation.h>
#include <alcuin/inference/tokenizer.h>

#include "event_reader.h"
#include "runtime/local_engine.h"
#include "toy_model.h"

namespace alcuin::tests {

/// What is asked, and what the model writes: exactly these bytes, in reasoning where a template opens one.
struct ScriptedTurn {
    std::string question;
    std::string reasoning;
    std::string answer;
};

struct ScriptedConversation {
    std::string name;
    std::string system; ///< empty: none
    std::vector<ScriptedTurn> turns;
    std::string variables{}; ///< the template's, JSON
};

/// One turn's bill in tokens.
struct TurnCount {
    std::size_t prompt = 0;
    std::size_t prefilled = 0; ///< by the engine's counter
    /// The longest beginning in common with what a turn before left behind, by ids and by the text that these spell:
    /// tokens that end before the first byte that differs, in both. The last token of a prompt is never among them.
    std::size_t sharedTokens = 0;
    std::size_t kept = 0;
    std::size_t added = 0;  ///< behind the last answer: the next question and what the template writes around it
    bool rewritten = false; ///< the text that the last turn left behind isn't the beginning of the prompt's

    /// What the template's rewriting costs: read again though it had been read or written before.
    std::size_t again() const {
        return prefilled - std::min(prefilled, added);
    }
};

/// A LocalEngine whose model writes what it is told, and the conversations held with it as the app holds them.
class TurnCounter {
public:
    TurnCounter(std::string chatTemplate, std::shared_ptr<const inference::Tokenizer> tokenizer, std::string end);
    ~TurnCounter();

    /// Holds a conversation, once. Where the template refuses, `trouble` says why.
    /// `reproducible`: what was written is no part of the state that counts.
    std::vector<TurnCount> hold(const ScriptedConversation& conversation, bool reproducible, std::string& trouble);

    /// From now on what the next turn begins with is read behind every answer, with some other question at its end.
    void readAhead();

private:
    struct Script;

    std::string readNextTurn(inference::GenerationRequest request);
    inference::GenerationRequest requestOf(const ScriptedConversation& conversation) const;
    std::vector<inference::Token> written(const ScriptedTurn& turn, bool opened) const;
    TurnCount count(const std::vector<inference::Token>& prompt, const std::string& lastAnswer) const;
    std::size_t tokensWithin(const std::vector<inference::Token>& tokens, std::size_t bytes) const;
    std::string spelled(const std::vector<inference::Token>& tokens) const;

    std::string source_;
    inference::chat::ChatTemplate template_;
    std::shared_ptr<const inference::Tokenizer> tokenizer_;
    inference::Token end_;
    std::shared_ptr<Script> script_;
    ToyModel* toy_ = nullptr;
    std::shared_ptr<inference::EngineCore> core_;
    std::unique_ptr<inference::LocalEngine> engine_;
    std::vector<std::vector<inference::Token>> states_; ///< what each turn left behind
    bool readsAhead_ = false;
};

} // namespace alcuin::tests
