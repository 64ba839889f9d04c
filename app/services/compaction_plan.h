#pragma once

#include <cstddef>
#include <optional>

#include "services/chat_values.h"
#include "services/request_builder.h"
#include "services/summary_text.h"

namespace alcuin::app {

/// What is asked for a summary with.
Question summaryQuestion();

/// How many tokens a summary may have: an eighth of the context, between 64 and 1024.
qint64 summaryTokens(qint64 contextLength);

/// How many entries of the path a summary is to stand for, and how many of those can be read at once together with the
/// summary before them.
struct CompactionPlan {
    std::size_t begin = 0; ///< the first entry that no summary stands for yet
    std::size_t covered = 0;
    std::size_t next = 0; ///< at most `covered`; 0: not even the first turn can be read at once
};

/// Covers all but the last question and its answer where these are less than a quarter of the context, else all. Both
/// numbers end with an answer. None: there is no answer to cover. `ledger` is that of `input` without a draft.
std::optional<CompactionPlan> planCompaction(const PromptInput& input, const Ledger& ledger);

/// Whether a text can stand for the entries up to the plan's next one: it has words in common with them (or with the
/// summary before them), at least half of its own, and doesn't go round in circles. Small models write anything when
/// they didn't understand what they were asked.
bool isSummaryOf(const PromptInput& input, const CompactionPlan& plan, const QString& text);

/// Characters of the entries that the plan covers, files too.
qsizetype lengthOf(const PromptInput& input, const CompactionPlan& plan);

/// Each question and its answer among the entries that the plan covers, in full.
QList<TurnNote> turnsOf(const PromptInput& input, const CompactionPlan& plan);

/// What is asked for a sentence or two about one turn with: the shape that SmolLM2-135M answered best, of six. Each
/// text is cut to so many characters at most.
Question noteQuestion(const TurnNote& turn, qsizetype mostCharacters);

/// Whether a text says something of a turn, and more briefly than it does.
bool isNoteOf(const TurnNote& turn, const QString& text);

/// How many characters of these turns the model reads as one token, on average; between 1 and 6.
double charactersPerToken(const PromptInput& input, const Ledger& ledger);

} // namespace alcuin::app
