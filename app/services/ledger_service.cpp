#include "services/ledger_service.h"

#include <utility>

#include "services/chat_service.h"
#include "services/compaction_service.h"
#include "services/conversation_service.h"
#include "services/conversation_settings.h"
#include "services/model_service.h"
#include "services/prompt_counting.h"
#include "services/storage_thread.h"
#include "services/turn_store.h"
#include "services/work_thread.h"

namespace alcuin::app {

namespace {
constexpr int kDelayMs = 200; ///< typing changes the draft more often than the bar need move
} // namespace

LedgerService::LedgerService(ConversationService& conversations, ModelService& models, ChatService& chat,
                             CompactionService& compactions, QObject* parent)
    : QObject(parent)
    , m_conversations(conversations)
    , m_models(models)
    , m_chat(chat)
    , m_counter(std::make_shared<PromptCounter>())
    , m_counting(std::make_unique<WorkThread>(QStringLiteral("ledger"))) {
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &LedgerService::read);
    connect(&models, &ModelService::stateChanged, this, &LedgerService::refresh);
    const auto follow = [this](const QUuid& conversation) {
        if (conversation == m_conversation) {
            refresh();
        }
    };
    connect(&chat, &ChatService::accepted, this, follow);
    connect(&chat, &ChatService::regenerating, this, follow);
    connect(&chat, &ChatService::continuing, this, follow);
    connect(&chat, &ChatService::pathChanged, this, follow);
    connect(&chat, &ChatService::settingsChanged, this, follow);
    connect(&chat, &ChatService::finished, this, follow);
    connect(&conversations, &ConversationService::opened, this, follow);
    connect(&compactions, &CompactionService::compactionsChanged, this, follow);
}

LedgerService::~LedgerService() = default;

void LedgerService::watch(const QUuid& conversation, const Question& draft) {
    const bool other = !m_watching || conversation != m_conversation;
    if (!other && draft == m_draft) {
        return;
    }
    m_watching = true;
    m_conversation = conversation;
    m_draft = draft;
    ++m_number;
    if (other || !m_delay.isActive()) {
        m_delay.start(); // of a conversation that is being opened the turns are read first
    }
}

void LedgerService::refresh() {
    if (m_watching && !m_delay.isActive()) {
        m_delay.start();
    }
}

void LedgerService::read() {
    if (std::exchange(m_busy, true)) {
        m_again = true;
        return;
    }
    m_again = false;
    m_conversations.storageOf(m_conversation)
        .run([conversation = m_conversation, draft = m_draft, unsaved = m_chat.settings().unsaved(m_conversation)](
                 storage::Database& database) { return readDraftSource(database, conversation, draft, unsaved); },
             this,
             [this, number = m_number](const storage::Result<WishSource>& source) {
                 if (source && number == m_number) {
                     count(source->input);
                     return;
                 }
                 // Deleted meanwhile, or stale: what is watched now is counted anew.
                 m_busy = false;
                 if (m_again || number != m_number) {
                     read();
                 }
             });
}

void LedgerService::count(const PromptInput& input) {
    m_counting->run(
        [counter = m_counter, engine = m_models.engine(), input]() -> Ledger {
            if (engine) {
                if (const auto counted = counter->count(*engine, input)) {
                    return counted->ledger;
                }
            }
            return estimatePrompt(input);
        },
        this, [this, number = m_number](const Ledger& ledger) { take(number, ledger); });
}

void LedgerService::take(quint64 number, const Ledger& ledger) {
    m_busy = false;
    if (number == m_number) {
        emit ledgerChanged(m_conversation, ledger);
    }
    if (m_again || number != m_number) {
        read();
    }
}

} // namespace alcuin::app
