#pragma once

#include <QByteArray>
#include <QHash>

#include <alcuin/inference/error.h>
#include <alcuin/inference/text_engine.h>

#include "services/chat_values.h"
#include "services/request_builder.h"

namespace alcuin::app {

/// What a prompt costs, and where its template takes instructions.
struct CountedPrompt {
    Ledger ledger;
    InstructionsPlace place = InstructionsPlace::kSystemMessage;
};

/// How many tokens an answer should find room for: its own limit, or an eighth of the context up to 512.
qint64 answerReserve(const Parameters& parameters, qint64 contextLength);

/// Counts prompts of one engine at a time. Files, instructions and summaries are counted once each and remembered.
/// Threads: one at a time.
class PromptCounter {
public:
    /// Counts with the engine, which may take as long as tokenising does. A draft without words is counted as none.
    /// Errors: those of TextEngine::countTokens; instructions that a template refuses as a system message are moved
    /// into the first question before that is one.
    inference::Result<CountedPrompt> count(const inference::TextEngine& engine, const PromptInput& input);

private:
    qint64 countSection(const inference::TextEngine& engine, const PromptSection& section);

    QHash<QByteArray, qint64> m_sections; ///< by checksum of the text
    quint64 m_vocabulary = 0;
};

/// The same from the texts' lengths alone, where no engine is there to ask.
Ledger estimatePrompt(const PromptInput& input);

} // namespace alcuin::app
