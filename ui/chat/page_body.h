#pragma once

#include <QStackedWidget>
#include <QUuid>

#include "services.h"

namespace alcuin::ui {

class FirstRunPage;
class Theme;
class TranscriptView;
class WelcomePage;

/// The turns of a conversation; in their place, while nothing was asked, a welcome, or what to do without a model.
class PageBody : public QStackedWidget {
    Q_OBJECT
public:
    PageBody(const Services& services, const Theme& theme, QWidget* parent = nullptr);

    TranscriptView& transcript() const;
    bool showsTranscript() const;
    /// This conversation is shown: others can be taken up again.
    void setConversation(const QUuid& conversation);
    /// Nothing was asked in it yet.
    void setEmpty(bool empty);
    /// So much at its lower end is covered by what floats there.
    void setCovered(int height);

signals:
    void continueRequested(const QUuid& conversation);
    void openFileRequested();
    void shortcutsRequested();

private:
    void choose();
    void takeConversations();

    Services m_services;
    QWidget* m_blank;
    TranscriptView* m_transcript;
    WelcomePage* m_welcome;
    FirstRunPage* m_firstRun;
    QUuid m_conversation;
    QUuid m_last; ///< the newest other conversation
    bool m_empty = true;
};

} // namespace alcuin::ui
