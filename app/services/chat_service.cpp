#include "services/chat_service.h"

#include "services/answering.h"
#include "services/asking.h"
#include "services/conversation_service.h"
#include "services/storage_thread.h"

namespace alcuin::app {

struct ChatService::Private {
    Private(StorageThread& storageThread, ModelService& models, ConversationService& conversations)
        : storage(storageThread), answering(conversations), asking(conversations, models, answering) {}

    void takeStored(ChatService& service, const Wish& wish, const QUuid& conversation,
                    const QList<MessageView>& path) const;

    StorageThread& storage;
    Answering answering;
    Asking asking;
};

void ChatService::Private::takeStored(ChatService& service, const Wish& wish, const QUuid& conversation,
                                      const QList<MessageView>& path) const {
    if (wish.kind == Wish::Kind::kAnew) {
        emit service.regenerating(conversation, path);
    } else {
        emit service.accepted(conversation, path);
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
    connect(&d->asking, &Asking::refused, this, [this](const Wish& wish, const Trouble& trouble) {
        emit rejected(wish.conversation, wish.question, trouble);
    });
    connect(&d->asking, &Asking::contextFull, this, [this](const Wish& wish, const ContextFull& full) {
        emit contextFull(wish.conversation, wish.question, full);
    });
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
