#pragma once

#include <QObject>
#include <QUuid>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class ConversationPanel;
class Theme;

/// Between the panel and the services: shows how the conversation is answered and stores what the person changes.
class PanelKeeper : public QObject {
    Q_OBJECT
public:
    PanelKeeper(const Services& services, const Theme& theme, ConversationPanel& panel, QObject* parent = nullptr);

    /// Another conversation is shown; null: one not begun yet.
    void setConversation(const QUuid& conversation);
    /// The conversation not begun yet is this one now: it has its settings.
    void adopt(const QUuid& conversation);
    /// The persona's instructions, parameters and model count from now on.
    void choosePersona(const QUuid& persona);
    /// How the conversation is answered, as last told.
    const app::ConversationSettings& settings() const;

private:
    void showModels();

    Services m_services;
    ConversationPanel& m_panel;
    QUuid m_conversation;
    app::ConversationSettings m_settings;
};

} // namespace alcuin::ui
