#pragma once

#include <QObject>
#include <QUuid>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class Composer;
class Theme;
class TranscriptView;

/// What the buttons of turns do, in the conversation that is shown: other branches, answers that are written again,
/// go on or are rewritten, and what can be read about them.
class TurnActions : public QObject {
    Q_OBJECT
public:
    TurnActions(const Services& services, const Theme& theme, TranscriptView& transcript, Composer& composer,
                QObject* parent = nullptr);

    void setConversation(const QUuid& conversation);
    /// The question or answer that the composer holds another version of.
    const QUuid& edited() const;
    void showText(const QString& title, const QString& details, const QString& text, bool code) const;

signals:
    /// An answer is asked for: what was said about the one before is over.
    void answerRequested();

private:
    void connectTranscript();
    void showAgainMenu(const QUuid& answer, const QRect& area);
    void showAgainParameters(const QUuid& answer, const QRect& area);
    void answerAgain(const QUuid& answer, const app::AnswerOptions& options);

    Services m_services;
    const Theme& m_theme;
    TranscriptView& m_transcript;
    Composer& m_composer;
    QUuid m_conversation;
    QUuid m_edited;
};

} // namespace alcuin::ui
