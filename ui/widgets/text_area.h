#pragma once

#include <QPlainTextEdit>

namespace alcuin::ui {

/// A field of several lines of plain text. Empty, its hint and its caret stand where the window's lines begin; filled,
/// its lines begin where the first letter that has a direction is read from.
class TextArea : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit TextArea(QWidget* parent = nullptr);

    /// What stands there while it is empty. Not Qt's own placeholder, which knows one side only.
    void setHint(const QString& hint);

protected:
    void changeEvent(QEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void direct();

    QString m_hint;
};

} // namespace alcuin::ui
