#pragma once

#include "services/chat_values.h"
#include "widgets/card.h"

class QPushButton;

namespace alcuin::ui {

class IconButton;
class Label;

/// Says that a question or an answer doesn't fit, by how much and what fills the context, and offers what helps.
/// Nothing was left out and nothing is lost: a question is still in the composer, or still waits.
class ContextFullCard : public Card {
    Q_OBJECT
public:
    explicit ContextFullCard(const Theme& theme, QWidget* parent = nullptr);

    void show(const app::ContextFull& full, bool canCompact, bool hasFiles);
    /// What it was last shown with.
    const QUuid& message() const;
    /// While the summary is being written.
    void setCompacting(bool compacting);

signals:
    void compactRequested();
    void withoutFilesRequested();
    void newChatRequested();
    void detailsRequested();

private:
    QString title() const;
    QString compactWords() const;

    app::ContextFull::Asked m_asked = app::ContextFull::Asked::kQuestion;
    QUuid m_message;
    Label* m_title;
    Label* m_text;
    QPushButton* m_compact;
    QPushButton* m_withoutFiles;
    QPushButton* m_newChat;
    QPushButton* m_details;
    IconButton* m_close;
};

} // namespace alcuin::ui
