#include "services/title_writer.h"

#include <alcuin/storage/conversation_store.h>

#include <optional>
#include <utility>

#include "services/background_answer.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/model_service.h"
#include "services/prompt_counting.h"
#include "services/record_conversion.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"
#include "services/title_words.h"
#include "services/turn_store.h"
#include "services/work_thread.h"

namespace alcuin::app {

using storage::ConversationStore;

namespace {
constexpr int kTitleTokens = 32;
constexpr int kReasonedTitleTokens = 512; ///< for a model that thinks first, though it is asked not to
} // namespace

/// A conversation whose title is being written.
struct TitleWriter::Talk {
    QUuid conversation;
    std::string title; ///< as it stands: the question's first words
    PromptInput input;
    QString question;
    QString answer;
    InstructionsPlace place = InstructionsPlace::kSystemMessage;
    std::shared_ptr<inference::TextEngine> engine;
};

TitleWriter::TitleWriter(ConversationService& conversations, ModelService& models, ChatService& chat,
                         const SettingsService& settings, QObject* parent)
    : QObject(parent)
    , m_conversations(conversations)
    , m_models(models)
    , m_settings(settings)
    , m_counter(std::make_shared<PromptCounter>())
    , m_counting(std::make_unique<WorkThread>(QStringLiteral("titles"))) {
    connect(&chat, &ChatService::finished, this, &TitleWriter::takeFinished);
}

TitleWriter::~TitleWriter() = default;

void TitleWriter::takeFinished(const QUuid& conversation, const MessageView& answer) {
    const bool wanted = m_settings.value(QStringLiteral("chat.writeTitles")) != QLatin1String("no");
    if (wanted && !m_conversations.isTemporary(conversation) && answer.state == MessageState::kComplete &&
        !answer.text.trimmed().isEmpty() && !m_writing.contains(conversation)) {
        read(conversation);
    }
}

/// Goes on where the conversation has one question and one answer, and nobody chose its title.
void TitleWriter::read(const QUuid& conversation) {
    const auto job = [conversation](storage::Database& database) -> storage::Result<std::optional<Talk>> {
        ConversationStore store(database);
        const auto found = store.find(toId(conversation));
        if (!found) {
            return tl::unexpected(found.error());
        }
        if (found->titleSource != storage::TitleSource::kAutomatic) {
            return std::nullopt;
        }
        auto source = readDraftSource(database, conversation, Question(titleQuestion()));
        if (!source) {
            return tl::unexpected(source.error());
        }
        const auto& path = source->input.path;
        if (path.size() != 2 || path.back().siblings.size() > 1 || path.front().siblings.size() > 1) {
            return std::nullopt;
        }
        Talk talk;
        talk.conversation = conversation;
        talk.title = found->title;
        talk.question = toView(path.front()).text;
        talk.answer = toView(path.back()).text;
        talk.input = std::move(source->input);
        return talk;
    };
    m_conversations.storageOf(conversation)
        .run(job, this, [this, conversation](storage::Result<std::optional<Talk>> talk) {
            auto shared = std::make_shared<Talk>();
            shared->conversation = conversation;
            shared->engine = m_models.engine();
            if (!talk || !*talk || !shared->engine) {
                end(shared, {});
                return;
            }
            auto engine = std::move(shared->engine);
            *shared = std::move(**talk);
            shared->engine = std::move(engine);
            count(shared);
        });
}

void TitleWriter::count(const std::shared_ptr<Talk>& talk) {
    m_counting->run(
        [counter = m_counter, engine = talk->engine, input = talk->input] { return counter->count(*engine, input); },
        this,
        [this, talk](const inference::Result<CountedPrompt>& counted) {
            if (!counted || counted->ledger.excess() > 0) {
                end(talk, {});
                return;
            }
            talk->place = counted->place;
            write(talk);
        });
}

void TitleWriter::write(const std::shared_ptr<Talk>& talk) {
    const bool reasons = talk->engine->capabilities().reasoning;
    talk->input.keepsState = false;
    auto& parameters = talk->input.parameters.emplace();
    parameters.temperature = 0;
    parameters.maxTokens = reasons ? kReasonedTitleTokens : kTitleTokens;
    auto request = buildRequest(talk->input, talk->place);
    request.priority = inference::Priority::kBackground;
    if (reasons) {
        request.templateVariablesJson = R"({"enable_thinking":false})";
    }
    auto handle = talk->engine->submit(std::move(request));
    if (!handle) {
        end(talk, {});
        return;
    }
    auto* answer = new BackgroundAnswer(talk->engine, std::move(*handle), this);
    m_writing.insert(talk->conversation, answer);
    connect(answer, &BackgroundAnswer::written, this, [this, talk](const QString& text) { take(talk, text); });
    connect(answer, &BackgroundAnswer::failed, this, [this, talk] { end(talk, {}); });
}

/// Gives the title if nobody gave another meanwhile.
void TitleWriter::take(const std::shared_ptr<Talk>& talk, const QString& written) {
    const QString title = titleFrom(written, talk->question, talk->answer);
    if (title.isEmpty()) {
        end(talk, {});
        return;
    }
    m_conversations.storageOf(talk->conversation)
        .run(
            [id = toId(talk->conversation), before = talk->title,
             words = title.toStdString()](storage::Database& database) -> storage::Result<bool> {
                ConversationStore store(database);
                const auto found = store.find(id);
                if (!found) {
                    return tl::unexpected(found.error());
                }
                if (found->titleSource != storage::TitleSource::kAutomatic || found->title != before) {
                    return false;
                }
                return store.rename(id, words, storage::TitleSource::kAutomatic).map([] { return true; });
            },
            this,
            [this, talk, title](const storage::Result<bool>& renamed) {
                const bool given = renamed && *renamed;
                if (given) {
                    m_conversations.refresh();
                }
                end(talk, given ? title : QString());
            });
}

void TitleWriter::end(const std::shared_ptr<Talk>& talk, const QString& title) {
    if (auto* answer = m_writing.take(talk->conversation)) {
        answer->deleteLater();
    }
    emit done(talk->conversation, title);
}

} // namespace alcuin::app
