#pragma once

#include <QStringList>
#include <QUuid>
#include <QWidget>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class ChatHeader;
class CompactionKeeper;
class Composer;
class ConversationPanel;
class Desk;
class NoticeCard;
class OpenConversation;
class PageBody;
class PageNotices;
class PageOverlays;
class PanelKeeper;
class QuestionKeeper;
class TemporaryChats;
class TemporaryStrip;
class Theme;
class TranscriptView;
class TurnActions;
class UndoBar;

/// One conversation: its header, its turns, the desk with the composer, and the panel of its settings. Answers of other
/// conversations go on unseen; what they wrote is there when they are shown again.
/// The page arranges its parts, goes from one conversation to another and tells one part what another one wants; what
/// the services say of the conversation comes through OpenConversation, what is asked goes through QuestionKeeper.
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

private:
    void buildLayout();
    void connectFrame();
    void connectTurns();
    void connectDesk();
    void connectConversation();
    void applyTheme();
    void showConversation(const QUuid& conversation);
    void takeBegun(const QUuid& conversation);
    void showTitle();
    void showPanel(bool shown);
    void placePanel();

    Services m_services;
    const Theme& m_theme;
    ChatHeader* m_header;
    TemporaryStrip* m_temporary;
    QWidget* m_column; ///< turns and desk, beside the panel
    PageBody* m_body;
    NoticeCard* m_notice;
    Desk* m_desk;
    ConversationPanel* m_panel;
    PageOverlays* m_overlays;
    PageNotices* m_notices;
    PanelKeeper* m_panelKeeper;
    TurnActions* m_turns;
    CompactionKeeper* m_compactions;
    TemporaryChats* m_temporaries;
    OpenConversation* m_shown;
    QuestionKeeper* m_questions;
};

} // namespace alcuin::ui
