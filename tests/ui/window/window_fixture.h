#pragma once

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QListView>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <functional>
#include <memory>

#include <alcuin/storage/settings_store.h>

#include "chat/chat_page.h"
#include "chat/composer.h"
#include "chat/composer_edit.h"
#include "chat/transcript_view.h"
#include "services/attachment_reader.h"
#include "services/chat_service.h"
#include "services/compaction_service.h"
#include "services/conversation_service.h"
#include "services/exchange_service.h"
#include "services/ledger_service.h"
#include "services/library_service.h"
#include "services/model_service.h"
#include "services/purge.h"
#include "services/search_service.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"
#include "sidebar/sidebar.h"
#include "support/scripted_engine.h"
#include "support/scripted_loader.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "window/main_window.h"

namespace alcuin::tests {

/// A file of these bytes; where it is.
inline QString written(const QTemporaryDir& directory, const QString& name, const QByteArray& bytes) {
    QFile file(directory.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("can't write %s", qPrintable(file.fileName()));
    }
    return file.fileName();
}

/// The window over the real services, a database in a directory of its own and an engine that a test writes for.
class WindowFixture {
public:
    using MakeLoader = std::function<std::unique_ptr<app::ModelService::Loader>()>;

    explicit WindowFixture(bool withModel = true) {
        QDir().mkpath(modelDirectory());
        if (withModel) {
            addModel(QStringLiteral("tiny.gguf"));
        }
        start();
    }
    /// Over a model file and whatever `makeLoader` makes of it; `engine` is unused then.
    WindowFixture(const QString& model, MakeLoader makeLoader) : m_makeLoader(std::move(makeLoader)) {
        QDir().mkpath(modelDirectory());
        QVERIFY(QFile::link(model, modelDirectory() + QLatin1Char('/') + QFileInfo(model).fileName()));
        start();
    }
    ~WindowFixture() {
        end();
    }

    QString modelDirectory() const {
        return m_directory.filePath(QStringLiteral("models"));
    }
    void addModel(const QString& name) const {
        QFile file(modelDirectory() + QLatin1Char('/') + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("x");
    }

    /// As the composition root does it.
    void start() {
        auto opened = app::StorageThread::open(m_directory.filePath(QStringLiteral("data")));
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        storage = std::move(*opened);
        QHash<QString, QString> values;
        auto stored = storage->call([](storage::Database& database) { return storage::SettingsStore(database).all(); });
        QVERIFY(stored);
        for (const auto& [key, value] : *stored) {
            values.insert(QString::fromStdString(key), QString::fromStdString(value));
        }
        engine = std::make_shared<ScriptedEngine>();
        settings = std::make_unique<app::SettingsService>(*storage, values);
        conversations = std::make_unique<app::ConversationService>(*storage);
        std::unique_ptr<app::ModelService::Loader> loader;
        if (m_makeLoader) {
            loader = m_makeLoader();
        } else {
            auto scripted = std::make_unique<ScriptedLoader>(engine);
            scripted->beforeLoad = [this] {
                if (whileLoading) {
                    whileLoading();
                }
            };
            loader = std::move(scripted);
        }
        models = std::make_unique<app::ModelService>(std::move(loader), modelDirectory(), *settings);
        chat = std::make_unique<app::ChatService>(*storage, *models, *conversations);
        compactions = std::make_unique<app::CompactionService>(*conversations, *models, *chat);
        search = std::make_unique<app::SearchService>(*storage);
        exchange = std::make_unique<app::ExchangeService>(*storage);
        ledger = std::make_unique<app::LedgerService>(*conversations, *models, *chat, *compactions);
        attachments = std::make_unique<app::AttachmentReader>();
        library = std::make_unique<app::LibraryService>(*storage);
        theme = std::make_unique<ui::Theme>();
        ui::installTheme(*qApp, *theme);
        window =
            std::make_unique<ui::MainWindow>(ui::Services{*chat, *conversations, *models, *settings, *ledger,
                                                          *attachments, *library, *compactions, *exchange, *search},
                                             *theme);
        app::purgeDeleted(*storage, *conversations, *models);
        library->refresh();
        conversations->refresh();
        models->useLast();
        window->resize(1000, 700);
        window->show();
    }
    void end() {
        window->close();
        chat->shutdown();
        window.reset();
        QApplication::setStyle(QStringLiteral("Fusion")); // ours looks at the theme
        theme.reset();
        library.reset();
        attachments.reset();
        ledger.reset();
        exchange.reset();
        search.reset();
        compactions.reset();
        chat.reset();
        models.reset();
        conversations.reset();
        settings.reset();
        storage.reset();
    }
    void restart() {
        end();
        start();
    }

    bool waitUntilReady() const {
        return QTest::qWaitFor([this] { return models->state() == app::EngineState::kReady; });
    }
    ui::ChatPage& page() const {
        return window->page();
    }
    ui::Composer& composer() const {
        return page().composer();
    }
    ui::ComposerEdit& edit() const {
        return *composer().findChild<ui::ComposerEdit*>();
    }
    void type(const QString& text) const {
        QTest::keyClicks(&edit(), text);
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const {
        QTest::keyClick(&edit(), key, modifiers);
    }

    /// Types a question, sends it, and waits until the engine has it. Its number among the engine's requests.
    std::size_t ask(const QString& text) const {
        const std::size_t number = engine->requests().size();
        type(text);
        press(Qt::Key_Return);
        if (!QTest::qWaitFor([&] { return engine->requests().size() == number + 1; })) {
            qWarning("the question didn't reach the engine");
        }
        return number;
    }
    QStringList sidebarTitles() const {
        QStringList titles;
        const auto* model = window->sidebar().list()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            titles.push_back(model->index(row, 0).data().toString());
        }
        return titles;
    }
    bool waitUntilIdle() const {
        return QTest::qWaitFor([this] { return !chat->isAnswering(page().conversation()); });
    }
    /// Every turn that is stored on the active path of a conversation.
    QStringList storedTexts(const QUuid& conversation) const {
        QStringList texts;
        bool read = false;
        const auto connection =
            QObject::connect(conversations.get(), &app::ConversationService::opened, conversations.get(),
                             [&](const QUuid& opened, const QList<app::MessageView>& path) {
                                 if (opened == conversation && !read) {
                                     read = true;
                                     for (const auto& message : path) {
                                         texts.push_back(message.text);
                                     }
                                 }
                             });
        conversations->open(conversation);
        if (!QTest::qWaitFor([&] { return read; })) {
            qWarning("the conversation wasn't read");
        }
        QObject::disconnect(connection);
        return texts;
    }

    /// Called on the loading thread in the middle of a load; set while none is under way.
    std::function<void()> whileLoading;
    std::unique_ptr<app::StorageThread> storage;
    std::shared_ptr<ScriptedEngine> engine;
    std::unique_ptr<app::SettingsService> settings;
    std::unique_ptr<app::ConversationService> conversations;
    std::unique_ptr<app::ModelService> models;
    std::unique_ptr<app::ChatService> chat;
    std::unique_ptr<app::CompactionService> compactions;
    std::unique_ptr<app::ExchangeService> exchange;
    std::unique_ptr<app::SearchService> search;
    std::unique_ptr<app::LedgerService> ledger;
    std::unique_ptr<app::AttachmentReader> attachments;
    std::unique_ptr<app::LibraryService> library;
    std::unique_ptr<ui::Theme> theme;
    std::unique_ptr<ui::MainWindow> window;

private:
    MakeLoader m_makeLoader;
    QTemporaryDir m_directory;
};

} // namespace alcuin::tests
