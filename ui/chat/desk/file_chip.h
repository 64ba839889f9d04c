#pragma once

#include <QAbstractButton>

#include "services/chat_values.h"

namespace alcuin::ui {

class IconButton;
class Theme;

/// One file that goes along with a question: pressing it shows its text, its cross (or Delete) removes it.
class FileChip : public QAbstractButton {
    Q_OBJECT
public:
    FileChip(const app::Attachment& attachment, const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    static QString sizeWords(qint64 bytes);

signals:
    void removeRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QString words() const;

    const Theme& m_theme;
    QString m_name;
    QString m_size;
    IconButton* m_remove;
};

} // namespace alcuin::ui
