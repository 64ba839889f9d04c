#include "services/next_turn_reader.h"

#include <utility>

#include "services/background_answer.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/conversation_settings.h"
#include "services/model_service.h"
#include "services/prompt_counting.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"
#include "services/turn_store.h"
#include "services/work_thread.h"

namespace alcuin::app {

namespace {
/// Stands where the next question will: a template says of earlier answers only what a question follows. Its few tokens
/// are read in vain.
const char* const kAnyQuestion = "?";
} // namespace

NextTurnReader::NextTurnReader(ConversationService& conversations, ModelService& models, ChatService& chat,
                               const SettingsService& settings, QObject* parent)
    : QObject(parent)
    , m_conversations(conversations)
    , m_models(models)
    , m_chat(chat)
    , m_settings(settings)
    , m_counter(std::make_shared<PromptCounter>())
    , m_counting(std::make_unique<WorkThread>(QStringLiteral("next turn"))) {
    connect(&chat, &ChatService::finished, this, &NextTurnReader::takeFinished);
    connect(&chat, &ChatService::accepted, this, &NextTurnReader::giveUp);
    connect(&chat, &ChatService::regenerating, this, &NextTurnReader::giveUp);
    connect(&chat, &ChatService::continuing, this, &NextTurnReader::giveUp);
    connect(&chat, &ChatService::pathChanged, this, &NextTurnReader::giveUp);
    connect(&models, &ModelService::stateChanged, this, &NextTurnReader::giveUpAll);
}

NextTurnReader::~NextTurnReader() = default;

void NextTurnReader::takeFinished(const QUuid& conversation, const MessageView& answer) {
    giveUp(conversation);
    if (answer.state != MessageState::kComplete || !m_models.engine() ||
        m_settings.value(QStringLiteral("chat.readAhead")) == QLatin1String("no")) {
        return;
    }
    const auto number = ++m_number;
    m_wanted.insert(conversation, number);
    m_conversations.storageOf(conversation)
        .run(
            [conversation, unsaved = m_chat.settings().unsaved(conversation)](storage::Database& database) {
                return readDraftSource(database, conversation, {QLatin1String(kAnyQuestion)}, unsaved);
            },
            this,
            [this, conversation, number, reasoned = !answer.reasoning.isEmpty()](storage::Result<WishSource> source) {
                if (m_wanted.value(conversation) != number) {
                    return;
                }
                const bool seeded = source && source->input.parameters && source->input.parameters->seed;
                if (!source || !(reasoned || seeded)) {
                    giveUp(conversation); // what was written is how it goes on
                    return;
                }
                source->input.keepsState = !m_conversations.isTemporary(conversation);
                count(conversation, source->input);
            });
}

/// Goes on where there is room for a next turn at all.
void NextTurnReader::count(const QUuid& conversation, const PromptInput& input) {
    const auto engine = m_models.engine();
    if (!engine) {
        giveUp(conversation);
        return;
    }
    m_counting->run(
        [counter = m_counter, engine, input] { return counter->count(*engine, input); }, this,
        [this, conversation, engine, input,
         number = m_wanted.value(conversation)](const inference::Result<CountedPrompt>& counted) mutable {
            if (m_wanted.value(conversation) != number) {
                return;
            }
            if (!counted || counted->ledger.excess() > 0) {
                giveUp(conversation);
                return;
            }
            auto request = buildRequest(input, counted->place);
            request.maxTokens = 0;
            request.priority = inference::Priority::kBackground;
            auto handle = engine->submit(std::move(request));
            if (!handle) {
                giveUp(conversation);
                return;
            }
            auto* reading = new BackgroundAnswer(engine, std::move(*handle), this);
            m_reading.insert(conversation, reading);
            connect(reading, &BackgroundAnswer::written, this, [this, conversation] { giveUp(conversation); });
            connect(reading, &BackgroundAnswer::failed, this, [this, conversation] { giveUp(conversation); });
        });
}

/// Also where it is done.
void NextTurnReader::giveUp(const QUuid& conversation) {
    if (m_wanted.remove(conversation) == 0) {
        return;
    }
    if (auto* reading = m_reading.take(conversation)) {
        reading->deleteLater();
    }
    emit done(conversation);
}

void NextTurnReader::giveUpAll() {
    const auto conversations = m_wanted.keys();
    for (const auto& conversation : conversations) {
        giveUp(conversation);
    }
}

} // namespace alcuin::app
