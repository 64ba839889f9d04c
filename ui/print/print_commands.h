#pragma once

#include <QObject>
#include <QPointer>

#include <functional>

#include "print/paper.h"
#include "services/chat_values.h"

class QProgressDialog;
class QWidget;

namespace alcuin::ui {

/// "Print" and "Save as PDF" for a window: the dialogs, and long conversations in the background.
class PrintCommands : public QObject {
    Q_OBJECT
public:
    /// `conversation` gives what is shown at the moment it is asked.
    PrintCommands(QWidget& window, std::function<PaperConversation()> conversation);

    void print();
    void savePdf();
    /// Writes the conversation that is shown; the outcome comes by saved() or failed().
    void writePdf(const QString& path);

signals:
    void saved(const QString& path);
    void failed(const app::Trouble& trouble);

private:
    class Job;
    void watch(Job* job, const QString& doing);

    QWidget& m_window;
    std::function<PaperConversation()> m_conversation;
};

/// A file's name out of a title, on every system.
QString fileNameOf(const QString& title);

} // namespace alcuin::ui
