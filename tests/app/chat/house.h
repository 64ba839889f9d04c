#pragma once

#include <QSignalSpy>
#include <QTemporaryDir>

#include <memory>
#include <mutex>
#include <utility>

#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"
#include "support/scripted_loader.h"

namespace alcuin::tests {

using namespace alcuin::app;

/// A whole program but for its window, on a directory of its own.
struct House {
    explicit House(const QString& directory)
        : storage(std::move(*StorageThread::open(directory)))
        , settings(*storage, {})
        , models(makeLoader(), directory, settings)
        , conversations(*storage)
        , chat(*storage, models, conversations) {
        QSignalSpy ready(&models, &ModelService::stateChanged);
        models.use(directory + QStringLiteral("/scripted.gguf"));
        while (models.state() != EngineState::kReady) {
            if (!ready.wait()) {
                qFatal("the scripted model didn't load");
            }
        }
    }

    ~House() {
        letLoad();
    }

    /// Loads wait from now on until letLoad().
    void holdLoading() {
        loading.lock();
        held = true;
    }
    void letLoad() {
        if (std::exchange(held, false)) {
            loading.unlock();
        }
    }

    std::unique_ptr<ModelService::Loader> makeLoader() {
        auto loader = std::make_unique<ScriptedLoader>(engine);
        loader->beforeLoad = [this] { const std::lock_guard wait(loading); };
        return loader;
    }

    /// Sends and waits until it is stored; the conversation's id.
    QUuid ask(const QUuid& conversation, const Question& text) {
        QSignalSpy accepted(&chat, &ChatService::accepted);
        const auto before = engine->requests().size();
        chat.send(conversation, text);
        if (!accepted.wait()) {
            qFatal("the question wasn't accepted");
        }
        if (engine->requests().size() != before + 1) {
            qFatal("the engine wasn't asked");
        }
        return accepted.at(0).at(0).toUuid();
    }

    /// Lets the engine finish its last request and waits until the answer is stored.
    MessageView finish(inference::FinishReason reason = inference::FinishReason::kStop) {
        QSignalSpy finished(&chat, &ChatService::finished);
        engine->finish(engine->requests().size() - 1, reason);
        if (finished.isEmpty() && !finished.wait()) {
            qFatal("the answer didn't finish");
        }
        return finished.at(0).at(1).value<MessageView>();
    }

    /// Lets an answer go on and waits until it does.
    void goOn(const QUuid& conversation, const QUuid& answer) {
        QSignalSpy continuing(&chat, &ChatService::continuing);
        chat.continueAnswer(conversation, answer);
        if (!continuing.wait()) {
            qFatal("the answer didn't go on");
        }
    }
    /// Has a question answered once more and waits until it is asked.
    void askAgain(const QUuid& conversation, const QUuid& answer, const AnswerOptions& options = {}) {
        QSignalSpy regenerating(&chat, &ChatService::regenerating);
        chat.regenerate(conversation, answer, options);
        if (!regenerating.wait()) {
            qFatal("the question wasn't asked again");
        }
    }

    QList<MessageView> path(const QUuid& conversation) {
        QSignalSpy opened(&conversations, &ConversationService::opened);
        conversations.open(conversation);
        if (!opened.wait()) {
            qFatal("the conversation didn't open");
        }
        return opened.at(0).at(1).value<QList<MessageView>>();
    }

    std::mutex loading; ///< held by the test while loads shall wait
    bool held = false;
    std::shared_ptr<ScriptedEngine> engine = std::make_shared<ScriptedEngine>();
    std::unique_ptr<StorageThread> storage;
    SettingsService settings;
    ModelService models;
    ConversationService conversations;
    ChatService chat;
};

inline QStringList texts(const QList<MessageView>& path) {
    QStringList all;
    for (const auto& message : path) {
        all << message.text;
    }
    return all;
}

} // namespace alcuin::tests
