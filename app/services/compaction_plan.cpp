#include "services/compaction_plan.h"

#include <QHash>

#include <algorithm>
#include <vector>

#include "services/record_conversion.h"
#include "services/title_words.h"

namespace alcuin::app {

namespace {

constexpr qint64 kQuestionTokens = 96; ///< the question for a summary and its template, generously

/// Tokens of each entry of the path.
std::vector<qint64> tokensOf(const PromptInput& input, const Ledger& ledger) {
    QHash<QUuid, qint64> byMessage;
    for (const auto& entry : ledger.entries) {
        byMessage[entry.message] += entry.tokens;
    }
    const auto messages = std::max<std::size_t>(1, input.path.size());
    const qint64 around = ledger.templateTokens / static_cast<qint64>(messages) + 1;
    std::vector<qint64> tokens;
    tokens.reserve(input.path.size());
    for (const auto& entry : input.path) {
        tokens.push_back(byMessage.value(toUuid(entry.message.id)) + around);
    }
    return tokens;
}

/// The first entry that no summary stands for yet.
std::size_t firstUncovered(const PromptInput& input) {
    for (std::size_t i = 0; input.summary && i < input.path.size(); ++i) {
        if (input.path[i].message.id == input.summary->lastMessage) {
            return i + 1;
        }
    }
    return 0;
}

} // namespace

Question summaryQuestion() {
    return Question(QStringLiteral(
        "Write a summary of our conversation so far, so that it can go on from the summary alone: what I want, what "
        "was said and decided, and the names, numbers, code and open questions that matter. Write only the summary, "
        "in the language of the conversation."));
}

qint64 summaryTokens(qint64 contextLength) {
    return std::clamp<qint64>(contextLength / 8, 64, 1024);
}

std::optional<CompactionPlan> planCompaction(const PromptInput& input, const Ledger& ledger) {
    const auto begin = firstUncovered(input);
    std::vector<std::size_t> ends; // behind each finished answer
    for (auto i = begin; i < input.path.size(); ++i) {
        const auto& message = input.path[i].message;
        if (message.role == storage::Role::kAssistant && message.state != storage::MessageState::kStreaming) {
            ends.push_back(i + 1);
        }
    }
    if (ends.empty()) {
        return std::nullopt;
    }
    const auto tokens = tokensOf(input, ledger);
    CompactionPlan plan;
    plan.covered = ends.back();
    if (ends.size() > 1) {
        qint64 tail = 0;
        for (auto i = ends[ends.size() - 2]; i < tokens.size(); ++i) {
            tail += tokens[i];
        }
        if (tail < ledger.contextLength / 4) {
            plan.covered = ends[ends.size() - 2];
        }
    }
    const qint64 room = ledger.contextLength - summaryTokens(ledger.contextLength) - kQuestionTokens;
    const qint64 summary = input.summary ? summaryTokens(ledger.contextLength) : 0;
    qint64 used = ledger.instructions + summary;
    std::size_t at = begin;
    for (const auto end : ends) {
        for (; at < end; ++at) {
            used += tokens[at];
        }
        if (used <= room && end <= plan.covered) {
            plan.next = end;
        }
    }
    return plan.next == 0 ? std::nullopt : std::optional(plan);
}

bool isSummaryOf(const PromptInput& input, const CompactionPlan& plan, const QString& text) {
    constexpr int kEnough = 3; ///< words; a short talk may have fewer
    QString talk;
    for (std::size_t i = 0; i < plan.next && i < input.path.size(); ++i) {
        const Question said = toQuestion(input.path[i].message.parts);
        talk += said.text + QLatin1Char('\n');
        for (const auto& file : said.attachments) {
            talk += file.name + QLatin1Char('\n') + file.text + QLatin1Char('\n');
        }
    }
    if (input.summary) {
        talk += QString::fromStdString(input.summary->text);
    }
    return wordsInCommon(text, talk) >= std::min(kEnough, std::max(1, wordsInCommon(talk, talk)));
}

} // namespace alcuin::app
