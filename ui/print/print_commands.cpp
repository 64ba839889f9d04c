#include "print/print_commands.h"

#include "print/conversation_printer.h"
#include "print/print_dialog.h"
#include "widgets/dialog_room.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QPageLayout>
#include <QPdfWriter>
#include <QProgressDialog>
#include <QSaveFile>
#include <QStandardPaths>

#include <memory>

namespace alcuin::ui {

namespace {

constexpr double kMarginMm = 18;
constexpr int kResolution = 1200; ///< of the PDF's own coordinates
constexpr int kShownAfterMs = 800;

QMarginsF margins() {
    return {kMarginMm, kMarginMm, kMarginMm, kMarginMm};
}

/// Letter where people use it, A4 elsewhere.
QPageSize usualPage() {
    return QPageSize(QLocale::system().measurementSystem() == QLocale::ImperialUSSystem ? QPageSize::Letter
                                                                                        : QPageSize::A4);
}

} // namespace

QString fileNameOf(const QString& title) {
    constexpr qsizetype kLongest = 80;
    QString name;
    for (const QChar c : title.simplified().left(kLongest)) {
        name += c.category() == QChar::Other_Control || QStringView(u"\\/:*?\"<>|").contains(c) ? QChar(u'-') : c;
    }
    constexpr QChar kEllipsis(0x2026); // of a title that was cut
    while (name.endsWith(u'.') || name.endsWith(u' ') || name.endsWith(kEllipsis)) {
        name.chop(1);
    }
    while (name.startsWith(u'.')) {
        name.remove(0, 1);
    }
    return name.isEmpty() ? PrintCommands::tr("Conversation") : name;
}

/// One conversation on its way to a device. A file appears under its name only when it is whole.
class PrintCommands::Job : public QObject {
public:
    explicit Job(QObject* parent) : QObject(parent) {}

    std::unique_ptr<QSaveFile> file;
    std::unique_ptr<QPdfWriter> writer;
    std::function<void()> release; ///< of a printer
    std::unique_ptr<ConversationPrinter> printer;
};

PrintCommands::PrintCommands(QWidget& window, std::function<PaperConversation()> conversation)
    : QObject(&window), m_window(window), m_conversation(std::move(conversation)) {}

void PrintCommands::watch(Job* job, const QString& doing) {
    auto* progress = new QProgressDialog(doing, tr("Cancel"), 0, 0, &m_window);
    progress->setWindowModality(Qt::NonModal);
    progress->setAutoClose(false);
    progress->setAutoReset(false);
    progress->setMinimumDuration(kShownAfterMs);
    progress->setAttribute(Qt::WA_DeleteOnClose);
    connect(job->printer.get(), &ConversationPrinter::progressed, progress, [progress](int done, int total) {
        progress->setMaximum(total);
        progress->setValue(done);
    });
    connect(progress, &QProgressDialog::canceled, job->printer.get(), &ConversationPrinter::cancel);
    connect(job->printer.get(), &ConversationPrinter::finished, progress, [progress] {
        progress->disconnect();
        progress->deleteLater();
    });
    job->printer->start();
}

void PrintCommands::print() {
    if (!canPrint()) {
        return;
    }
    const PaperConversation conversation = m_conversation();
    askForPrinter(&m_window, conversation.title, margins(),
                  [this, conversation](QPagedPaintDevice& device, std::function<void()> release) {
                      auto* job = new Job(this);
                      job->release = std::move(release);
                      job->printer = std::make_unique<ConversationPrinter>(conversation, device);
                      connect(job->printer.get(), &ConversationPrinter::finished, job, [this, job](bool ok) {
                          if (!ok) {
                              emit failed({tr("The conversation was not printed"),
                                           tr("The printer took no pages, or printing was cancelled."),
                                           app::Trouble::Action::kNone});
                          }
                          job->deleteLater();
                      });
                      watch(job, tr("Printing"));
                  });
}

void PrintCommands::savePdf() {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const QString name = fileNameOf(m_conversation().title) + QStringLiteral(".pdf");
    auto* dialog = new QFileDialog(&m_window, tr("Save as PDF"), folder, tr("PDF (*.pdf)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("pdf"));
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, &PrintCommands::writePdf);
    fitToScreen(*dialog);
    dialog->open();
}

void PrintCommands::writePdf(const QString& path) {
    auto* job = new Job(this);
    job->file = std::make_unique<QSaveFile>(path);
    if (!job->file->open(QIODevice::WriteOnly)) {
        emit failed({tr("%1 can't be written").arg(QFileInfo(path).fileName()), job->file->errorString(),
                     app::Trouble::Action::kNone});
        job->deleteLater();
        return;
    }
    const PaperConversation conversation = m_conversation();
    job->writer = std::make_unique<QPdfWriter>(job->file.get());
    job->writer->setResolution(kResolution);
    job->writer->setTitle(conversation.title);
    job->writer->setCreator(QStringLiteral("Alcuin"));
    job->writer->setPageLayout(QPageLayout(usualPage(), QPageLayout::Portrait, margins(), QPageLayout::Millimeter));
    job->printer = std::make_unique<ConversationPrinter>(conversation, *job->writer);
    connect(job->printer.get(), &ConversationPrinter::finished, job, [this, job, path](bool ok) {
        job->writer.reset();
        if (!ok) {
            job->file->cancelWriting();
        }
        if (ok && job->file->commit()) {
            emit saved(path);
        } else {
            emit failed({tr("%1 was not saved").arg(QFileInfo(path).fileName()),
                         ok ? job->file->errorString() : tr("Saving was cancelled, or the disk is full."),
                         app::Trouble::Action::kNone});
        }
        job->deleteLater();
    });
    watch(job, tr("Saving the PDF"));
}

} // namespace alcuin::ui
