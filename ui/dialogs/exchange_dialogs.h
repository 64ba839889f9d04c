#pragma once

#include <QList>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QUuid>

class QProgressDialog;
class QWidget;

namespace alcuin::app {
class ExchangeService;
struct ExchangeReport;
} // namespace alcuin::app

namespace alcuin::ui {

class Theme;

/// Asks where conversations go to or come from, shows how far that is, and says what came of it. Nothing here blocks:
/// one goes on chatting meanwhile.
class ExchangeDialogs : public QObject {
    Q_OBJECT
public:
    ExchangeDialogs(app::ExchangeService& exchange, const Theme& theme, QWidget& window);

    /// One conversation into a file of the chosen kind; `title` suggests its name.
    void exportConversation(const QUuid& conversation, const QString& title);
    /// All of them, in one file of our own or as many pages in a folder.
    void exportAll();
    void importFiles();
    void importFrom(const QStringList& paths);

signals:
    /// Conversations may have been added; to those of `grown`, which were there, messages came.
    void imported(const QList<QUuid>& grown);

private:
    void choose(const QList<QUuid>& conversations, const QString& suggestion, const QString& caption);
    void follow(const QString& words);
    void finish(const app::ExchangeReport& report);
    void refuse();
    void say(const QString& title, const QString& text, const QStringList& more, bool failed);

    app::ExchangeService& m_exchange;
    const Theme& m_theme;
    QWidget& m_window;
    QPointer<QProgressDialog> m_progress;
};

} // namespace alcuin::ui
