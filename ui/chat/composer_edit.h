#pragma once

#include <QPlainTextEdit>

namespace alcuin::ui {

/// The text field of the composer: grows with its text up to a limit, takes plain text only. Enter sends and
/// Shift+Enter breaks the line; while an input method is composing, keys are its own.
class ComposerEdit : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit ComposerEdit(QWidget* parent = nullptr);

    void setMaximumTextHeight(int pixels);
    /// Recomputes its height; after a change of font or width.
    void fitHeight();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void sendRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool canInsertFromMimeData(const QMimeData* source) const override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    int m_maximumHeight = 320;
    bool m_composing = false;
};

} // namespace alcuin::ui
