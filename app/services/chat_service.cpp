#include "services/chat_service.h"

#include "services/answering.h"
#include "services/asking.h"
#include "services/conversation_service.h"
#include "services/conversation_settings.h"
#include "services/question_queue.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"
#include "services/turn_store.h"

namespace alcuin::app {

struct ChatService::Private {
    Private(StorageThread& storageThread, ModelService& models, ConversationService& conversationService)
        : storage(storageThread)
        , conversations(conversationService)
        , settings(conversations)
        , answering(conversations)
        , asking(conversations, models, answering, settings)
        , queue(conversations, asking, answering) {}

    void takeStored(ChatService& service, const Wish& wish, const QUuid& conversation,
                    const QList<MessageView>& path) const;

    StorageThread& storage;
    ConversationService& conversations;
    SettingsKeeper settings;
    Answering answering;
    Asking asking;
    QuestionQueue queue;
};

void ChatService::Private::takeStored(ChatService& service, const Wish& wish, const QUuid& conversation,
                                      const QList<MessageView>& path) const {
    if (wish.asksQuestion()) {
        emit service.accepted(conversation, path);
    } else if (wish.kind == Wish::Kind::kAnew) {
        emit service.regenerating(conversation, path);
    } else {
        emit service.continuing(conversation, path);
    }
}

ChatService::ChatService(StorageThread& storage, ModelService& models, ConversationService& conversations,
                         QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(storage, models, conversations)) {
    connect(&d->answering, &Answering::reading, this, &ChatService::reading);
    connect(&d->answering, &Answering::reasoningDelta, this, &ChatService::reasoningDelta);
    connect(&d->answering, &Answering::answerDelta, this, &ChatService::answerDelta);
    connect(&d->answering, &Answering::finished, this, &ChatService::finished);
    connect(&d->asking, &Asking::waitingForModel, this, &ChatService::waitingForModel);
    connect(&d->asking, &Asking::stored, this,
            [this](const Wish& wish, const QUuid& conversation, const QList<MessageView>& path) {
                d->takeStored(*this, wish, conversation, path);
            });
    // A question that waits is still stored and isn't put back into the composer.
    connect(&d->asking, &Asking::refused, this, [this](const Wish& wish, const Trouble& trouble) {
        emit rejected(wish.conversation, wish.queued.isNull() ? wish.question : Question(), trouble);
    });
    connect(&d->asking, &Asking::contextFull, this, [this](const Wish& wish, const ContextFull& full) {
        emit contextFull(wish.conversation, wish.queued.isNull() ? wish.question : Question(), full);
    });
    connect(&d->queue, &QuestionQueue::changed, this, &ChatService::queueChanged);
    connect(&d->queue, &QuestionQueue::takenBack, this, &ChatService::takenBack);
    connect(&d->queue, &QuestionQueue::appendFailed, this, &ChatService::rejected);
    connect(&d->settings, &SettingsKeeper::changed, this, &ChatService::settingsChanged);
}

ChatService::~ChatService() = default;

void ChatService::send(const QUuid& conversation, const Question& question) {
    Wish wish;
    wish.conversation = conversation;
    wish.question = question;
    d->asking.ask(wish);
}

void ChatService::edit(const QUuid& conversation, const QUuid& question, const Question& words) {
    Wish wish;
    wish.kind = Wish::Kind::kEdit;
    wish.conversation = conversation;
    wish.message = question;
    wish.question = words;
    d->asking.ask(wish);
}

void ChatService::regenerate(const QUuid& conversation, const QUuid& answer, const AnswerOptions& options) {
    Wish wish;
    wish.kind = Wish::Kind::kAnew;
    wish.conversation = conversation;
    wish.message = answer;
    wish.options = options;
    d->asking.ask(wish);
}

void ChatService::continueAnswer(const QUuid& conversation, const QUuid& answer) {
    Wish wish;
    wish.kind = Wish::Kind::kContinue;
    wish.conversation = conversation;
    wish.message = answer;
    d->asking.ask(wish);
}

void ChatService::askOnceMore(const QUuid& conversation) {
    d->asking.askOnceMore(conversation);
}

void ChatService::editAnswer(const QUuid& conversation, const QUuid& answer, const QString& text) {
    if (d->asking.isBusy(conversation)) {
        emit rejected(conversation, {}, Asking::busyTrouble());
        return;
    }
    d->conversations.storageOf(conversation)
        .run([id = toId(conversation), original = toId(answer), parts = toParts(Question(text))](
                 storage::Database& database) { return storeEditedAnswer(database, id, original, parts); },
             this,
             [this, conversation](const storage::Result<std::vector<storage::PathEntry>>& path) {
                 if (!path) {
                     emit rejected(conversation, {}, toTrouble(path.error()));
                     return;
                 }
                 emit pathChanged(conversation, toViews(*path));
                 d->conversations.refresh();
             });
}

void ChatService::enqueue(const QUuid& conversation, const Question& question) {
    d->queue.append(conversation, question);
}

QList<Queued> ChatService::queued(const QUuid& conversation) const {
    return d->queue.waiting(conversation);
}

void ChatService::takeBack(const QUuid& conversation, const QUuid& queued) {
    d->queue.takeBack(conversation, queued);
}

void ChatService::moveQueued(const QUuid& conversation, const QUuid& queued, int index) {
    d->queue.move(conversation, queued, index);
}

void ChatService::sendNextQueued(const QUuid& conversation) {
    d->queue.sendNext(conversation);
}

void ChatService::readSettings(const QUuid& conversation) {
    d->settings.read(conversation);
}

void ChatService::setSettings(const QUuid& conversation, const ConversationSettings& settings) {
    d->settings.set(conversation, settings);
}

const SettingsKeeper& ChatService::settings() const {
    return d->settings;
}

QUuid ChatService::beginTemporary() {
    return d->conversations.beginTemporary();
}

void ChatService::endTemporary(const QUuid& conversation) {
    stop(conversation);
    d->settings.forget(conversation);
    d->conversations.endTemporary(conversation);
}

void ChatService::stop(const QUuid& conversation) {
    d->answering.stop(conversation);
    d->asking.stop(conversation);
}

void ChatService::shutdown() {
    d->answering.interruptAll();
    d->storage.flushAndStop();
}

bool ChatService::isAnswering(const QUuid& conversation) const {
    return d->answering.isAnswering(conversation) || d->asking.isUnderWay(conversation);
}

std::optional<MessageView> ChatService::live(const QUuid& conversation) const {
    return d->answering.live(conversation);
}

} // namespace alcuin::app
