#include "application.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QTimer>

#include <spdlog/spdlog.h>

#include <alcuin/storage/settings_store.h>

#include <tl/expected.hpp>

#include "first_sight.h"
#include "opening.h"
#include "platform/directories.h"
#include "platform/log_bridge.h"
#include "platform/single_instance.h"
#include "platform/termination.h"
#include "platform/wake_log.h"
#include "services/attachment_reader.h"
#include "services/backup_service.h"
#include "services/chat_service.h"
#include "services/compaction_service.h"
#include "services/conversation_service.h"
#include "services/exchange_service.h"
#include "services/ledger_service.h"
#include "services/library_service.h"
#include "services/next_turn_reader.h"
#include "services/purge.h"
#include "services/record_conversion.h"
#include "services/search_service.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"
#include "services/title_writer.h"
#include "services/trouble.h"
#include "theme/desktop_appearance.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "window/main_window.h"

namespace alcuin::app {

namespace {

/// The program's name and id, which its .desktop file and its icons share.
void nameApplication() {
    QApplication::setApplicationName(QStringLiteral("alcuin"));
    QApplication::setApplicationDisplayName(QStringLiteral("Alcuin"));
    QApplication::setApplicationVersion(QStringLiteral(ALCUIN_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("org.alcuin.Alcuin"));
    QApplication::setWindowIcon(ui::makeApplicationIcon());
}

/// The theme, the style that draws it, and the desktop's wishes about both.
class Look {
public:
    explicit Look(QApplication& application) : m_systemPalette(QApplication::palette()) {
        // Without a portal, a dark system palette is all there is to go by.
        m_theme.setDesktopDark(m_systemPalette.color(QPalette::Window).lightnessF() < 0.5F);
        m_style = ui::installTheme(application, m_theme);
        QObject::connect(&m_desktop, &ui::DesktopAppearance::darkChanged, &m_theme, &ui::Theme::setDesktopDark);
        QObject::connect(&m_desktop, &ui::DesktopAppearance::highContrastChanged, &m_theme,
                         [this](bool on) { m_theme.setHighContrast(on, m_systemPalette); });
        QObject::connect(&m_desktop, &ui::DesktopAppearance::reducedMotionChanged, &m_theme,
                         [this](bool reduced) { m_style->setReducedMotion(reduced); });
        QTimer::singleShot(0, &m_desktop, &ui::DesktopAppearance::start);
    }
    ui::Theme& theme() {
        return m_theme;
    }

    /// As the person left it. Bad values count as none.
    void restore(const SettingsService& settings) {
        bool known = false;
        const int mode = settings.value(QStringLiteral("window.theme")).toInt(&known);
        if (known && mode >= 0 && mode <= static_cast<int>(ui::ThemeMode::kDark)) {
            m_theme.setMode(static_cast<ui::ThemeMode>(mode));
        }
        const double zoom = settings.value(QStringLiteral("window.zoom")).toDouble(&known);
        if (known) {
            m_theme.setZoom(zoom);
        }
    }

private:
    QPalette m_systemPalette;
    ui::Theme m_theme;
    ui::DesktopAppearance m_desktop;
    ui::AlcuinStyle* m_style = nullptr; ///< the application owns it
};

/// At level debug, says what the GUI thread wakes up for.
std::unique_ptr<WakeLog> logWaking() {
    if (!spdlog::default_logger()->should_log(spdlog::level::debug)) {
        return nullptr;
    }
    auto log = std::make_unique<WakeLog>();
    QObject::connect(log.get(), &WakeLog::woken, log.get(),
                     [](const QString& events) { spdlog::debug("woken for {}", events.toStdString()); });
    return log;
}

/// Says it, and ends with an error.
int showError(const Trouble& trouble, const QString& directory, Look& look) {
    showTrouble(trouble, directory, look.theme());
    return 1;
}

using Values = QHash<QString, QString>;

storage::Result<Values> readSettings(StorageThread& storage) {
    return storage.call([](storage::Database& database) -> storage::Result<Values> {
        auto stored = storage::SettingsStore(database).all();
        if (!stored) {
            return tl::unexpected(stored.error());
        }
        return toSettings(*stored);
    });
}

/// What can't be helped by waiting: another program in the directory that doesn't answer, or no way to write there.
Trouble troubleOf(SingleInstance::Outcome outcome, const QString& directory) {
    if (outcome == SingleInstance::Outcome::kUndelivered) {
        return {QApplication::translate("Application", "Alcuin is already running, but doesn't answer"),
                QApplication::translate("Application", "Another Alcuin uses %1. Wait a moment, or end it and start "
                                                       "again.")
                    .arg(directory),
                Trouble::Action::kNone};
    }
    return {QApplication::translate("Application", "Alcuin's folder can't be written"),
            QApplication::translate("Application", "Conversations are kept in %1, where nothing can be written. Give "
                                                   "yourself the right to write there, or start Alcuin with "
                                                   "--data-dir and another folder.")
                .arg(directory),
            Trouble::Action::kNone};
}

/// Everything behind the window, made in this order and ended in the opposite one.
int runServices(StorageThread& storage, Values values, const Directories& directories, const WindowOptions& options,
                std::unique_ptr<ModelService::Loader> loader, SingleInstance& instance, Look& look) {
    SettingsService settings(storage, std::move(values));
    look.restore(settings);
    ConversationService conversations(storage);
    ModelService models(std::move(loader), directories.models, settings);
    ChatService chat(storage, models, conversations);
    CompactionService compactions(conversations, models, chat);
    LedgerService ledger(conversations, models, chat, compactions);
    ExchangeService exchange(storage);
    AttachmentReader attachments;
    LibraryService library(storage);
    SearchService search(storage);
    BackupService backups(storage);
    const TitleWriter titles(conversations, models, chat, settings);
    const NextTurnReader nextTurns(conversations, models, chat, settings);
    {
        ui::MainWindow window(
            {chat, conversations, models, settings, ledger, attachments, library, compactions, exchange, search},
            look.theme());
        QObject::connect(&instance, &SingleInstance::activated, &window, &ui::MainWindow::bringForward);
        new FirstSight(window, conversations); // the window's own
        const TerminationSignals termination([] { QApplication::quit(); });
        purgeDeleted(storage, conversations, models);
        QObject::connect(&conversations, &ConversationService::purged, &search, &SearchService::keepInOrder);
        QObject::connect(&conversations, &ConversationService::purged, &backups, &BackupService::begin);
        QObject::connect(&backups, &BackupService::failed, &conversations, &ConversationService::failed);
        library.refresh();
        conversations.refresh();
        if (options.openFile.isEmpty()) {
            models.useLast();
        } else {
            models.refresh();
            window.openModelFile(options.openFile);
        }
        window.show();
        QApplication::exec();
        window.close();
        chat.shutdown(); // what was written of an answer is stored before anything goes away
    }
    return 0;
}

} // namespace

int runWindow(int& argc, char** argv, const WindowOptions& options, const MakeLoader& makeLoader) {
    const LogBridge bridge;
    QApplication application(argc, argv);
    nameApplication();
    Look look(application);
    const auto wakeLog = logWaking();
    const auto directories = Directories::locate(options.dataDirectory);
    if (const auto made = directories.make(); !made) {
        return showError({QApplication::translate("Application", "Alcuin's folder can't be made"), made.error(),
                          Trouble::Action::kNone},
                         {}, look);
    }
    SingleInstance instance(directories.data);
    const QString file = options.openFile.isEmpty() ? QString() : QFileInfo(options.openFile).absoluteFilePath();
    const auto outcome = instance.start(file);
    if (outcome == SingleInstance::Outcome::kDelivered) {
        return 0;
    }
    if (outcome != SingleInstance::Outcome::kFirst) {
        return showError(troubleOf(outcome, directories.data), directories.data, look);
    }
    const auto storage = openStorage(directories.data, look.theme());
    if (!storage) {
        return 1;
    }
    auto values = readSettings(*storage);
    if (!values) {
        return showError(toTrouble(values.error()), directories.data, look);
    }
    return runServices(*storage, std::move(*values), directories, options, makeLoader(directories.states), instance,
                       look);
}

} // namespace alcuin::app
