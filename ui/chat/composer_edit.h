#pragma once

#include <QStringList>
#include <QTextCursor>

#include <optional>

#include "widgets/text_area.h"

namespace alcuin::ui {

/// The text field of the composer: grows with its text up to a limit, takes plain text only; files and pictures that
/// are pasted are reported. Enter sends and Shift+Enter breaks the line; while an input method is composing, keys are
/// its own. A "/" typed on an empty line begins a choice: what follows it is reported until it is ended.
class ComposerEdit : public TextArea {
    Q_OBJECT
public:
    explicit ComposerEdit(QWidget* parent = nullptr);

    void setMaximumTextHeight(int pixels);
    /// Recomputes its height; after a change of font or width.
    void fitHeight();

    /// The words after the "/" that was typed; none: nothing is being chosen.
    std::optional<QString> slashWords() const;
    /// The "/" is a "/" from now on.
    void endSlash();
    /// Puts text where the "/" and its words stand, or where the cursor is.
    void insertChosen(const QString& text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void sendRequested();
    void filesPasted(const QStringList& paths);
    void picturePasted();
    /// Whenever slashWords() may have changed.
    void slashChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool canInsertFromMimeData(const QMimeData* source) const override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    int m_maximumHeight = 320;
    bool m_composing = false;
    QTextCursor m_slash; ///< right behind the "/"; null: none
};

} // namespace alcuin::ui
