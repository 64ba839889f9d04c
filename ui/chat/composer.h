#pragma once

#include <QString>
#include <QTimer>

#include "services/chat_values.h"
#include "widgets/card.h"

class QPushButton;

namespace alcuin::ui {

class AttachmentStrip;
class ComposerEdit;
class IconButton;
class Label;

/// Where questions are written: a field that grows, the files that go along, and a button that sends or, while an
/// answer is written, stops it. It keeps what it holds until its owner takes it: a question that can't be stored is
/// never lost.
class Composer : public Card {
    Q_OBJECT
public:
    /// What the button does now, and the words beside it that say why not more.
    struct State {
        bool canSend = true;
        bool answering = false;
        bool canQueue = false; ///< while answering, sending lets the question wait
        QString status;
    };
    /// What is written instead of a new question.
    enum class Edit { kNone, kQuestion, kAnswer };

    explicit Composer(const Theme& theme, QWidget* parent = nullptr);

    QString text() const;
    app::Question question() const;
    /// Shows a draft; it isn't reported as changed.
    void setText(const QString& text);
    /// Takes out what was sent and leaves what was written since.
    void takeSent(const app::Question& sent);
    /// Puts a question before what stands there.
    void takeBack(const app::Question& question);
    void setState(const State& state);
    /// Nothing of this chat is kept: its outline is broken.
    void setTemporary(bool temporary);

    /// Writes another version of an earlier question, or of an answer, instead of a new question.
    void beginEdit(const app::Question& before, Edit edit = Edit::kQuestion);
    bool isEditing() const;
    Edit edit() const;
    /// Puts back what stood there before beginEdit.
    void endEdit();

    void setMaximumTextHeight(int pixels);
    void focusText();
    /// Reports a change at once that still waits for a pause in typing.
    void flushDraft();
    AttachmentStrip& attachments() const;
    ComposerEdit& field() const;

    static constexpr int kDraftDelayMs = 600;

signals:
    void sendRequested(const QString& text);
    void stopRequested();
    void draftChanged(const QString& text);
    /// Text or files are others now; told at once.
    void questionChanged();
    void editCancelled();
    void attachRequested();
    /// The person wants to choose among snippets and personas.
    void slashRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void buildLayout();
    void connectParts();
    void applyTheme();
    void refresh();
    void requestSend();
    bool hasContent() const;
    bool canSendNow() const;

    ComposerEdit* m_edit;
    AttachmentStrip* m_attachments;
    IconButton* m_attach;
    IconButton* m_slash;
    IconButton* m_queue;
    IconButton* m_button;
    Label* m_status;
    QPushButton* m_cancelEdit;
    QTimer m_draftTimer;
    State m_state;
    Edit m_editing = Edit::kNone;
    bool m_showingDraft = false;
    bool m_temporary = false;
    app::Question m_beforeEdit;
};

} // namespace alcuin::ui
