#pragma once

#include <QObject>
#include <QString>

#include <functional>

#include "services/chat_values.h"

class QWidget;

namespace alcuin::ui {

/// Keeps code in a file that the user names. The dialog asks before a file is replaced; the file is written whole or
/// not at all, on another thread.
class CodeSaver : public QObject {
    Q_OBJECT
public:
    explicit CodeSaver(QWidget* window);
    ~CodeSaver() override;

    /// Asks where, then writes; `fileName` is proposed.
    void ask(const QString& code, const QString& fileName);
    /// Replaces what is at `path`: whoever calls this has asked. `replace` false: a file that is there stays.
    void write(const QString& path, const QString& code, bool replace);

signals:
    void saved(const QString& path);
    void failed(const alcuin::app::Trouble& trouble);

private:
    QWidget* m_window;
    QString m_folder; ///< of the last file
};

} // namespace alcuin::ui
