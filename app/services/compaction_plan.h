#pragma once

#include <cstddef>
#include <optional>

#include "services/chat_values.h"
#include "services/request_builder.h"

namespace alcuin::app {

/// What is asked for a summary with.
Question summaryQuestion();

/// How many tokens a summary may have: an eighth of the context, between 64 and 1024.
qint64 summaryTokens(qint64 contextLength);

/// How many entries of the path a summary is to stand for, and how many of those can be read at once together with the
/// summary before them.
struct CompactionPlan {
    std::size_t covered = 0;
    std::size_t next = 0; ///< at most `covered`
};

/// Covers all but the last question and its answer where these are less than a quarter of the context, else all. Both
/// numbers end with an answer. None: there is no answer to cover, or the first turn alone can't be read at once.
/// `ledger` is that of `input` without a draft.
std::optional<CompactionPlan> planCompaction(const PromptInput& input, const Ledger& ledger);

/// Whether a text can stand for the entries up to the plan's next one: it has words in common with them (or with the
/// summary before them). Small models write anything when they didn't understand what they were asked.
bool isSummaryOf(const PromptInput& input, const CompactionPlan& plan, const QString& text);

} // namespace alcuin::app
