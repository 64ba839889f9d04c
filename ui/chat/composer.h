#pragma once

#include <QString>
#include <QTimer>

#include "widgets/card.h"

class QPushButton;

namespace alcuin::ui {

class ComposerEdit;
class IconButton;
class Label;

/// Where questions are written: a field that grows, and a button that sends or, while an answer is written, stops it.
/// It keeps its text until its owner takes it: a question that can't be stored is never lost.
class Composer : public Card {
    Q_OBJECT
public:
    /// What the button does now, and the words beside it that say why not more.
    struct State {
        bool canSend = true;
        bool answering = false;
        QString status;
    };

    explicit Composer(const Theme& theme, QWidget* parent = nullptr);

    QString text() const;
    /// Shows a draft; it isn't reported as changed.
    void setText(const QString& text);
    /// Takes out what was sent and leaves what was written since.
    void takeSent(const QString& sent);
    void setState(const State& state);

    /// Writes another version of an earlier question instead of a new one.
    void beginEdit(const QString& question);
    bool isEditing() const;
    /// Puts back what stood there before beginEdit.
    void endEdit();

    void setMaximumTextHeight(int pixels);
    void focusText();
    /// Reports a change at once that still waits for a pause in typing.
    void flushDraft();

    static constexpr int kDraftDelayMs = 600;

signals:
    void sendRequested(const QString& text);
    void stopRequested();
    void draftChanged(const QString& text);
    void editCancelled();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void applyTheme();
    void refresh();
    void requestSend();

    ComposerEdit* m_edit;
    IconButton* m_button;
    Label* m_status;
    QPushButton* m_cancelEdit;
    QTimer m_draftTimer;
    State m_state;
    bool m_editing = false;
    bool m_showingDraft = false;
    QString m_beforeEdit;
};

} // namespace alcuin::ui
