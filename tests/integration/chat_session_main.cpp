#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

#include <alcuin/storage/conversation_store.h>

#include "engines/local_loader.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

void say(const QString& line) {
    std::fprintf(stdout, "%s\n", qPrintable(line));
    std::fflush(stdout);
}

} // namespace

/// The program without its window, for a test to kill: asks one question and says on standard output when it was
/// acknowledged ("accepted ID"), each piece of the answer ("delta BYTES-SO-FAR") and the end ("finished").
int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addOptions({{"data-dir", "", "directory"}, {"model", "", "file"}, {"ask", "", "text"}});
    parser.process(application);

    auto storage = StorageThread::open(parser.value("data-dir"));
    if (!storage) {
        say("failed " + QString::fromStdString(storage.error().message));
        return 1;
    }
    SettingsService settings(**storage, {});
    ModelService models(std::make_unique<LocalLoader>(), parser.value("data-dir"), settings);
    ConversationService conversations(**storage);
    ChatService chat(**storage, models, conversations);

    QObject::connect(&models, &ModelService::stateChanged, &application, [&](EngineState state) {
        if (state == EngineState::kReady) {
            chat.send({}, parser.value("ask"));
        } else if (state == EngineState::kFailed) {
            say("failed " + models.trouble().title + ' ' + models.trouble().text);
            QCoreApplication::exit(1);
        }
    });
    QObject::connect(&chat, &ChatService::accepted, &application,
                     [](const QUuid& conversation) { say("accepted " + conversation.toString(QUuid::WithoutBraces)); });
    qsizetype written = 0;
    QObject::connect(&chat, &ChatService::answerDelta, &application,
                     [&](const QUuid&, const QUuid&, const QString& text) {
                         written += text.toUtf8().size();
                         say("delta " + QString::number(written));
                     });
    QObject::connect(&chat, &ChatService::finished, &application, [] {
        say("finished");
        QCoreApplication::quit();
    });
    models.use(parser.value("model"));
    const int code = QCoreApplication::exec();
    chat.shutdown();
    return code;
}
