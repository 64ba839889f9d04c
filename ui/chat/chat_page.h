#pragma once

#include <QList>
#include <QUuid>
#include <QWidget>

#include <optional>

#include "services.h"
#include "services/chat_values.h"

class QMenu;
class QStackedWidget;
class QUrl;

namespace alcuin::ui {

class ChatHeader;
class Composer;
class FirstRunPage;
class IconButton;
class NoticeCard;
class Theme;
class TranscriptView;
class UndoBar;
class WelcomePage;

/// One conversation: its header, its turns, and the composer. Answers of other conversations go on unseen; what they
/// wrote is there when they are shown again.
class ChatPage : public QWidget {
    Q_OBJECT
public:
    ChatPage(const Services& services, const Theme& theme, QWidget* parent = nullptr);

    /// The conversation that is shown; null: one not begun yet.
    const QUuid& conversation() const;
    void open(const QUuid& conversation);
    void newChat();

    /// Stops the answer, ends an edit or puts a notice away, whichever comes first. False: there was nothing to do.
    bool escape();
    void editTitle();
    /// Keeps what stands in the composer; for leaving.
    void keepDraft();
    void showTrouble(const app::Trouble& trouble);

    ChatHeader& header() const;
    Composer& composer() const;
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
    enum class NoticeSource { kOther, kSend, kModel, kContextFull };

    void buildLayout();
    void connectWidgets();
    void connectTranscript();
    void connectServices();
    void applyTheme();
    void placeOverlays();

    void send(const QString& text);
    void takeAccepted(const QUuid& conversation, const QList<app::MessageView>& path);
    void takeRejected(const QUuid& conversation, const app::Question& question, const app::Trouble& trouble);
    void takeRegenerating(const QUuid& conversation, const QList<app::MessageView>& path);
    void takeOpened(const QUuid& conversation, const QList<app::MessageView>& path, const QString& draft);
    void takeFinished(const QUuid& conversation, const app::MessageView& answer);
    void takeModelState();
    void takeConversations();
    void act(app::Trouble::Action action);
    void showNotice(NoticeSource source, const app::Trouble& trouble, const QString& button);
    void leave(const QUuid& next);
    void showPath(const QList<app::MessageView>& path);
    void showBody();
    void updateComposer();
    void confirmLink(const QUrl& url);

    Services m_services;
    const Theme& m_theme;
    ChatHeader* m_header;
    QStackedWidget* m_body;
    QWidget* m_blank;
    TranscriptView* m_transcript;
    WelcomePage* m_welcome;
    FirstRunPage* m_firstRun;
    NoticeCard* m_notice;
    Composer* m_composer;
    IconButton* m_jump;
    UndoBar* m_undoBar;

    QUuid m_conversation;
    QUuid m_editedQuestion;
    QUuid m_last;                  ///< the newest other conversation, to be taken up again
    std::optional<QString> m_sent; ///< on its way into the store
    bool m_sentFromNew = false;
    bool m_opening = false;
    bool m_answering = false;
    bool m_empty = true;
    bool m_modelsKnown = false;
    NoticeSource m_noticeSource = NoticeSource::kOther;
};

} // namespace alcuin::ui
