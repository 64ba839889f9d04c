#pragma once

#include <QtTest/QTest>

#include <memory>
#include <utility>

#include "engines/local_loader.h"
#include "platform/directories.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/model_service.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"
#include "support/real_model.h"

namespace alcuin::tests {

inline constexpr int kLoadMs = 60'000;
inline constexpr int kAnswerMs = 240'000; ///< for a sanitizer's build on a busy machine

/// The program without its window, from its start to its end. What goes wrong in it ends the test.
class Program {
public:
    explicit Program(const app::Directories& directories)
        : storage(std::move(*app::StorageThread::open(directories.data)))
        , settings(*storage, {})
        , models(std::make_unique<app::LocalLoader>(keepingStatesIn(directories)), directories.models, settings)
        , conversations(*storage)
        , chat(*storage, models, conversations) {
        QObject::connect(&conversations, &app::ConversationService::failed,
                         [](const app::Trouble& trouble) { qFatal("%s", qPrintable(trouble.title + trouble.text)); });
    }
    ~Program() {
        chat.shutdown();
    }

    /// Loads the real model.
    void load() {
        models.use(realModelPath());
        if (!QTest::qWaitFor([this] { return models.state() == app::EngineState::kReady; }, kLoadMs)) {
            qFatal("the model didn't load");
        }
    }

    std::unique_ptr<app::StorageThread> storage;
    app::SettingsService settings;
    app::ModelService models;
    app::ConversationService conversations;
    app::ChatService chat;

private:
    static inference::RuntimeOptions keepingStatesIn(const app::Directories& directories) {
        inference::RuntimeOptions options;
        options.snapshotDirectory = directories.states.toStdString();
        return options;
    }
};

} // namespace alcuin::tests
