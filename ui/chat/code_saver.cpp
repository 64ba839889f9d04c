#include "chat/code_saver.h"
#include "widgets/dialog_room.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QStandardPaths>
#include <QThreadPool>

namespace alcuin::ui {

namespace {

/// Empty when the file is written; else why it isn't.
QString written(const QString& path, const QByteArray& bytes, bool replace) {
    if (!replace && QFileInfo::exists(path)) {
        return CodeSaver::tr("There is a file of that name already, and it was left as it is.");
    }
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) {
        return {};
    }
    return file.errorString();
}

} // namespace

CodeSaver::CodeSaver(QWidget* window) : QObject(window), m_window(window) {}

CodeSaver::~CodeSaver() = default;

void CodeSaver::ask(const QString& code, const QString& fileName) {
    if (m_folder.isEmpty()) {
        m_folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    }
    auto* dialog = new QFileDialog(m_window, tr("Save code"), m_folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // asks before a file is replaced
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(fileName);
    connect(dialog, &QFileDialog::fileSelected, this, [this, code](const QString& path) {
        m_folder = QFileInfo(path).absolutePath();
        write(path, code, true);
    });
    fitToScreen(*dialog);
    dialog->open();
}

void CodeSaver::write(const QString& path, const QString& code, bool replace) {
    QByteArray bytes = code.toUtf8();
    if (!bytes.endsWith('\n')) {
        bytes += '\n';
    }
    QThreadPool::globalInstance()->start([self = QPointer<CodeSaver>(this), path, bytes, replace] {
        const QString why = written(path, bytes, replace);
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, path, why] {
                if (!self) {
                    return;
                }
                if (why.isEmpty()) {
                    emit self->saved(path);
                } else {
                    emit self->failed(
                        {tr("%1 was not saved").arg(QFileInfo(path).fileName()), why, app::Trouble::Action::kNone});
                }
            },
            Qt::QueuedConnection);
    });
}

} // namespace alcuin::ui
