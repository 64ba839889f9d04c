#include "chat/compaction_keeper.h"

#include <algorithm>
#include <utility>

#include "chat/desk/context_full_card.h"
#include "chat/desk/desk.h"
#include "chat/transcript_view.h"
#include "services/compaction_service.h"

namespace alcuin::ui {

namespace {
constexpr int kFewestTurns = 4; ///< two questions and their answers: below, there is nothing earlier to sum up
}

CompactionKeeper::CompactionKeeper(const Services& services, TranscriptView& transcript, Desk& desk, QObject* parent)
    : QObject(parent), m_services(services), m_transcript(transcript), m_desk(desk) {
    auto& compactions = services.compactions;
    connect(&desk, &Desk::compactionRequested, this, &CompactionKeeper::compact);
    connect(&compactions, &app::CompactionService::compactionsChanged, this,
            [this](const QUuid& conversation, const QList<app::CompactionView>& all) {
                if (conversation == m_conversation) {
                    m_compactions = all;
                    refresh();
                }
            });
    connect(&compactions, &app::CompactionService::compacted, this, [this](const QUuid& conversation) {
        if (conversation == m_conversation) {
            refresh();
            if (std::exchange(m_askAfter, false)) {
                emit roomMade();
            }
        }
    });
    connect(&compactions, &app::CompactionService::failed, this,
            [this](const QUuid& conversation, const app::Trouble& trouble) {
                if (conversation == m_conversation) {
                    m_askAfter = false;
                    refresh();
                    emit failed(trouble);
                }
            });
    connect(&transcript, &TranscriptView::summaryRequested, this, [this](const QUuid& lastMessage) {
        if (const auto* shown = activeAt(lastMessage)) {
            const bool written = !shown->modelName.isEmpty();
            emit summaryShown(written ? tr("Summary of the turns above") : tr("First sentences of the turns above"),
                              written ? tr("Written by %1").arg(shown->modelName) : tr("Taken without a model"),
                              shown->summary);
        }
    });
    connect(&transcript, &TranscriptView::undoSummaryRequested, this, [this](const QUuid& lastMessage) {
        if (const auto* undone = activeAt(lastMessage)) {
            m_services.compactions.setCompaction(m_conversation, undone->id, false);
        }
    });
}

void CompactionKeeper::setConversation(const QUuid& conversation) {
    m_conversation = conversation;
    m_compactions.clear();
    m_turns = 0;
    m_askAfter = false;
    refresh();
}

void CompactionKeeper::setTurns(int turns, bool answering) {
    m_turns = turns;
    m_answering = answering;
    refresh();
}

/// What the card says has no room is asked afterwards; the message that it is about or answers anew, if it is one.
QUuid CompactionKeeper::takeUnfit() {
    const auto& card = m_desk.fullCard();
    m_askAfter = card.isVisibleTo(&m_desk);
    return m_askAfter ? card.message() : QUuid();
}

void CompactionKeeper::compact() {
    m_services.compactions.compact(m_conversation, takeUnfit());
    refresh();
}

void CompactionKeeper::keepFirstSentences() {
    m_services.compactions.keepFirstSentences(m_conversation, takeUnfit());
    refresh();
}

const app::CompactionView* CompactionKeeper::activeAt(const QUuid& lastMessage) const {
    const auto found = std::find_if(m_compactions.cbegin(), m_compactions.cend(), [&](const auto& compaction) {
        return compaction.active && compaction.lastMessage == lastMessage;
    });
    return found == m_compactions.cend() ? nullptr : &*found;
}

void CompactionKeeper::refresh() {
    QHash<QUuid, Summarised> marked;
    for (const auto& compaction : m_compactions) {
        if (compaction.active) {
            marked.insert(compaction.lastMessage,
                          compaction.modelName.isEmpty() ? Summarised::kFirstSentences : Summarised::kByModel);
        }
    }
    m_transcript.setSummarised(marked);
    const bool underWay = !m_conversation.isNull() && m_services.compactions.isCompacting(m_conversation);
    m_desk.setCompaction(underWay                                  ? LedgerPopover::Compaction::kUnderWay
                         : m_turns >= kFewestTurns && !m_answering ? LedgerPopover::Compaction::kPossible
                                                                   : LedgerPopover::Compaction::kImpossible);
}

} // namespace alcuin::ui
