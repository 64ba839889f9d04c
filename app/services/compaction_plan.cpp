#include "services/compaction_plan.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <utility>
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

/// What a message says, without the reasoning before it.
QString spoken(const storage::Message& message) {
    QString words;
    for (const auto& part : message.parts) {
        if (part.kind == storage::PartKind::kText) {
            words += QString::fromStdString(part.text);
        }
    }
    return words.trimmed();
}

/// That, and its files' names and texts.
QString wordsOf(const storage::Message& message) {
    QString words = spoken(message);
    for (const auto& part : message.parts) {
        if (part.kind == storage::PartKind::kAttachment) {
            words += QLatin1Char('\n') + QString::fromStdString(part.name) + QLatin1Char('\n') +
                     QString::fromStdString(part.text);
        }
    }
    return words;
}

} // namespace

qsizetype lengthOf(const PromptInput& input, const CompactionPlan& plan) {
    qsizetype length = 0;
    for (auto i = plan.begin; i < std::min(plan.covered, input.path.size()); ++i) {
        length += wordsOf(input.path[i].message).size();
    }
    return length;
}

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
    plan.begin = begin;
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
    return plan;
}

bool isSummaryOf(const PromptInput& input, const CompactionPlan& plan, const QString& text) {
    constexpr int kEnough = 3; ///< words; a short talk may have fewer
    QString talk;
    for (std::size_t i = 0; i < plan.next && i < input.path.size(); ++i) {
        talk += wordsOf(input.path[i].message) + QLatin1Char('\n');
    }
    if (input.summary) {
        talk += QString::fromStdString(input.summary->text);
    }
    const auto least = std::clamp(compareWords(talk, talk).all, 1, kEnough);
    const auto words = compareWords(text, talk, summaryQuestion().text);
    return words.common >= least && 2 * words.common >= words.all && !repeatsItself(text);
}

QList<TurnNote> turnsOf(const PromptInput& input, const CompactionPlan& plan) {
    QList<TurnNote> turns;
    TurnNote turn;
    for (std::size_t i = plan.begin; i < std::min(plan.covered, input.path.size()); ++i) {
        const auto& message = input.path[i].message;
        if (message.role == storage::Role::kAssistant) {
            turn.answered = spoken(message);
            turns.append(std::exchange(turn, {}));
            continue;
        }
        QStringList parts = {turn.asked, spoken(message)};
        for (const auto& part : message.parts) {
            if (part.kind == storage::PartKind::kAttachment) {
                parts.append(QStringLiteral("[%1]").arg(QString::fromStdString(part.name)));
            }
        }
        parts.removeAll(QString());
        turn.asked = parts.join(QLatin1Char(' '));
    }
    return turns;
}

Question noteQuestion(const TurnNote& turn, qsizetype mostCharacters) {
    const auto most = std::max<qsizetype>(1, mostCharacters);
    return Question(QStringLiteral("Question: %1\n\nAnswer: %2\n\nSummarize the question and the answer in one or two "
                                   "sentences, in their language.")
                        .arg(turn.asked.left(most), turn.answered.left(most)));
}

bool isNoteOf(const TurnNote& turn, const QString& text) {
    constexpr int kEnough = 2;
    const auto least = std::clamp(compareWords(turn.answered, turn.answered).all, 1, kEnough);
    const auto words = compareWords(text, turn.asked + QLatin1Char('\n') + turn.answered);
    return words.common >= least && 2 * words.common >= words.all && text.size() < turn.answered.size() &&
           !repeatsItself(text);
}

double charactersPerToken(const PromptInput& input, const Ledger& ledger) {
    constexpr double kUsual = 3; ///< where nothing was counted
    const auto tokens = tokensOf(input, ledger);
    double characters = 0;
    double counted = 0;
    for (std::size_t i = firstUncovered(input); i < input.path.size(); ++i) {
        characters += static_cast<double>(wordsOf(input.path[i].message).size());
        counted += static_cast<double>(tokens[i]);
    }
    return counted > 0 ? std::clamp(characters / counted, 1.0, 6.0) : kUsual;
}

} // namespace alcuin::app
