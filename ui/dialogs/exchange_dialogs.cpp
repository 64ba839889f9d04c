#include "dialogs/exchange_dialogs.h"

#include <QDate>
#include <QDir>
#include <QFileDialog>
#include <QProgressDialog>
#include <QPushButton>
#include <QRegularExpression>
#include <QStandardPaths>

#include "services/exchange_service.h"
#include "widgets/dialog_room.h"
#include "widgets/message_dialog.h"

namespace alcuin::ui {

namespace {

using app::ExportFormat;

/// A file's name on every system, from a title.
QString fileNameOf(const QString& title) {
    static const QRegularExpression kUnfit(QStringLiteral("[\\x00-\\x1f<>:\"/\\\\|?*]+"));
    constexpr int kLongest = 80;
    QString name = QString(title).replace(kUnfit, QStringLiteral(" ")).simplified().left(kLongest).trimmed();
    constexpr QChar kEllipsis(0x2026); // of a title that was cut
    while (name.endsWith(QLatin1Char('.')) || name.endsWith(kEllipsis) || name.endsWith(QLatin1Char(' '))) {
        name.chop(1);
    }
    return name.isEmpty() ? ExchangeDialogs::tr("Conversation") : name;
}

struct Kind {
    ExportFormat format;
    QString filter;
    QString ending;
};

QList<Kind> kinds() {
    return {
        {ExportFormat::kMarkdown, ExchangeDialogs::tr("Markdown (*.md)"), QStringLiteral("md")},
        {ExportFormat::kHtml, ExchangeDialogs::tr("Web page (*.html)"), QStringLiteral("html")},
        {ExportFormat::kJson, ExchangeDialogs::tr("Alcuin's own, with all branches (*.json)"), QStringLiteral("json")}};
}

} // namespace

ExchangeDialogs::ExchangeDialogs(app::ExchangeService& exchange, const Theme& theme, QWidget& window)
    : QObject(&window), m_exchange(exchange), m_theme(theme), m_window(window) {
    connect(&exchange, &app::ExchangeService::finished, this, &ExchangeDialogs::finish);
    connect(&exchange, &app::ExchangeService::progress, this, [this](qint64 done, qint64 total) {
        if (m_progress != nullptr && total > 0) {
            constexpr int kSteps = 1000;
            m_progress->setMaximum(kSteps);
            m_progress->setValue(int(done * (kSteps - 1) / total)); // at its end it would go away by itself
        }
    });
}

void ExchangeDialogs::exportConversation(const QUuid& conversation, const QString& title) {
    choose({conversation}, fileNameOf(title), tr("Export this conversation"));
}

void ExchangeDialogs::exportAll() {
    choose({}, tr("Alcuin %1").arg(QDate::currentDate().toString(Qt::ISODate)), tr("Export all conversations"));
}

void ExchangeDialogs::choose(const QList<QUuid>& conversations, const QString& suggestion, const QString& caption) {
    const QDir documents(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    auto* dialog = new QFileDialog(&m_window, caption, documents.path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    QStringList filters;
    for (const auto& kind : kinds()) {
        filters.push_back(kind.filter);
    }
    if (conversations.isEmpty()) { // the one that can be read again comes first
        filters.move(filters.size() - 1, 0);
    }
    dialog->setNameFilters(filters);
    const auto kindOf = [](const QString& filter) {
        for (const auto& kind : kinds()) {
            if (kind.filter == filter) {
                return kind;
            }
        }
        return kinds().first();
    };
    dialog->setDefaultSuffix(kindOf(filters.first()).ending);
    dialog->selectFile(suggestion + QLatin1Char('.') + kindOf(filters.first()).ending);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, kindOf](const QString& filter) {
        const QFileInfo chosen(dialog->selectedFiles().value(0));
        dialog->setDefaultSuffix(kindOf(filter).ending);
        dialog->selectFile(chosen.completeBaseName() + QLatin1Char('.') + kindOf(filter).ending);
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, dialog, conversations, kindOf](const QString& path) {
        if (m_exchange.exportTo(path, kindOf(dialog->selectedNameFilter()).format, conversations)) {
            follow(tr("Exporting"));
        } else {
            refuse();
        }
    });
    fitToScreen(*dialog);
    dialog->open();
}

void ExchangeDialogs::importFiles() {
    auto* dialog = new QFileDialog(&m_window, tr("Import conversations"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters(
        {tr("Exports of Alcuin, ChatGPT, Open WebUI, LM Studio, Jan and GPT4All (*.json *.zip *.jsonl "
            "*.chat)"),
         tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, &ExchangeDialogs::importFrom);
    fitToScreen(*dialog);
    dialog->open();
}

void ExchangeDialogs::importFrom(const QStringList& paths) {
    if (m_exchange.importFrom(paths)) {
        follow(tr("Importing"));
    } else {
        refuse();
    }
}

void ExchangeDialogs::follow(const QString& words) {
    constexpr int kPatienceMs = 700;
    m_progress = new QProgressDialog(words, tr("Stop"), 0, 0, &m_window);
    m_progress->setAttribute(Qt::WA_DeleteOnClose);
    m_progress->setAutoClose(false);
    m_progress->setAutoReset(false);
    m_progress->setMinimumDuration(kPatienceMs);
    m_progress->setWindowModality(Qt::NonModal);
    connect(m_progress, &QProgressDialog::canceled, &m_exchange, &app::ExchangeService::cancel);
}

void ExchangeDialogs::finish(const app::ExchangeReport& report) {
    if (m_progress != nullptr) {
        m_progress->disconnect(&m_exchange);
        m_progress->close();
    }
    if (report.isImport) {
        emit imported(report.merged);
    }
    constexpr qsizetype kMostProblems = 50;
    QStringList more = report.problems.mid(0, kMostProblems);
    if (report.problems.size() > kMostProblems) {
        more.push_back(tr("And %Ln more like these.", nullptr, int(report.problems.size() - kMostProblems)));
    }
    if (!report.leftOut.isEmpty()) {
        more.push_back(tr("Left out: %1.").arg(report.leftOut.join(QStringLiteral(", "))));
    }
    if (report.files.size() == 1) {
        more.push_back(QDir::toNativeSeparators(report.files.first()));
    }
    say(report.isImport ? tr("Import") : tr("Export"), report.summary(), more, report.failed());
}

void ExchangeDialogs::refuse() {
    say(tr("Export or import"), tr("Another export or import is still under way. Wait until it is done, or stop it."),
        {}, false);
}

void ExchangeDialogs::say(const QString& title, const QString& text, const QStringList& more, bool failed) {
    const MessageDialog::Sign sign = failed ? MessageDialog::Sign{Icon::kWarning, &Colors::caution}
                                            : MessageDialog::Sign{Icon::kDetails, &Colors::ink2};
    auto* dialog = new MessageDialog(m_theme, title, text, more, sign, &m_window);
    dialog->addButton(tr("Close"), QDialogButtonBox::RejectRole, true);
    dialog->open();
}

} // namespace alcuin::ui
