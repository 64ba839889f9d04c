#pragma once

#include <QList>
#include <QStringList>
#include <QUuid>
#include <QWidget>

#include <optional>

#include "services.h"
#include "services/chat_values.h"

class QStackedWidget;

namespace alcuin::ui {

class ChatHeader;
class CompactionKeeper;
class Composer;
class ConversationPanel;
class Desk;
class FirstRunPage;
class IconButton;
class NoticeCard;
class PageNotices;
class PanelKeeper;
class TemporaryChats;
class TemporaryStrip;
class Theme;
class TranscriptView;
class TurnActions;
class UndoBar;
class WelcomePage;

/// One conversation: its header, its turns, the desk with the composer, and the panel of its settings. Answers of other
/// conversations go on unseen; what they wrote is there when they are shown again.
class ChatPage : public QWidget {
    Q_OBJECT
public:
    ChatPage(const Services& services, const Theme& theme, QWidget* parent = nullptr);

    /// The conversation that is shown; null: one not begun yet.
    const QUuid& conversation() const;
    void open(const QUuid& conversation);
    void newChat();
    /// Begins a chat of which nothing is kept.
    void newTemporaryChat();
    /// Reads files and puts them beside the question.
    void attach(const QStringList& paths);
    void togglePanel();

    /// Stops the answer, ends an edit or puts a notice away, whichever comes first. False: there was nothing to do.
    bool escape();
    void editTitle();
    /// Keeps what stands in the composer; for leaving.
    void keepDraft();
    void showTrouble(const app::Trouble& trouble);

    ChatHeader& header() const;
    Composer& composer() const;
    Desk& desk() const;
    ConversationPanel& panel() const;
    TranscriptView& transcript() const;
    NoticeCard& notice() const;
    UndoBar& undoBar() const;

signals:
    /// Another conversation is shown (null: a new one).
    void conversationShown(const QUuid& conversation);
    void openFileRequested();
    void shortcutsRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildLayout();
    void connectWidgets();
    void connectServices();
    void applyTheme();
    void placeOverlays();

    void connectDesk();
    void connectAnswers();
    void send();
    void takeAccepted(const QUuid& conversation, const QList<app::MessageView>& path);
    void takeRejected(const QUuid& conversation, const app::Question& question, const app::Trouble& trouble);
    void takeContextFull(const QUuid& conversation, const app::Question& question, const app::ContextFull& full);
    void takeBegun(const QUuid& conversation, const QList<app::MessageView>& path);
    void takeSent();
    bool keepUnsent(const QUuid& conversation, const app::Question& question);
    void takeRewritten(const QUuid& conversation, const QList<app::MessageView>& path);
    void takeOpened(const QUuid& conversation, const QList<app::MessageView>& path, const QString& draft);
    void takeFinished(const QUuid& conversation, const app::MessageView& answer);
    void takeModelState();
    void takeConversations();
    void leave(const QUuid& next);
    void newChatWithQuestion();
    void showPanel(bool shown);
    void placePanel();
    bool isTemporary() const;
    void showPath(const QList<app::MessageView>& path);
    void showBody();
    void updateComposer();
    QString composerStatus() const;

    Services m_services;
    const Theme& m_theme;
    ChatHeader* m_header;
    TemporaryStrip* m_temporary;
    QWidget* m_column; ///< turns and desk, beside the panel
    QStackedWidget* m_body;
    QWidget* m_blank;
    TranscriptView* m_transcript;
    WelcomePage* m_welcome;
    FirstRunPage* m_firstRun;
    NoticeCard* m_notice;
    PageNotices* m_notices;
    Desk* m_desk;
    Composer* m_composer;
    ConversationPanel* m_panel;
    PanelKeeper* m_panelKeeper;
    TurnActions* m_turns;
    CompactionKeeper* m_compactions;
    IconButton* m_jump;
    UndoBar* m_undoBar;
    TemporaryChats* m_temporaries;

    QUuid m_conversation;
    QUuid m_last;                                 ///< the newest other conversation, to be taken up again
    std::optional<app::Question> m_sent;          ///< on its way into the store
    std::optional<app::MessageState> m_lastState; ///< how the last answer ended
    QString m_waitingFor;                         ///< the model that is loaded first, for what was asked
    bool m_sentFromNew = false;
    int m_shownTurns = 0;
    bool m_opening = false;
    bool m_answering = false;
    bool m_empty = true;
    bool m_modelsKnown = false;
};

} // namespace alcuin::ui
