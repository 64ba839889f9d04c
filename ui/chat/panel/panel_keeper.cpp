#include "chat/panel/panel_keeper.h"

#include "chat/library/library_dialog.h"
#include "chat/panel/conversation_panel.h"
#include "services/chat_service.h"
#include "services/library_service.h"
#include "services/model_service.h"

namespace alcuin::ui {

PanelKeeper::PanelKeeper(const Services& services, const Theme& theme, ConversationPanel& panel, QObject* parent)
    : QObject(parent), m_services(services), m_panel(panel) {
    auto& chat = services.chat;
    connect(&chat, &app::ChatService::settingsChanged, this,
            [this](const QUuid& conversation, const app::ConversationSettings& settings) {
                if (conversation == m_conversation) {
                    m_settings = settings;
                    m_panel.setSettings(settings);
                }
            });
    connect(&panel, &ConversationPanel::settingsEdited, this, [this](const app::ConversationSettings& settings) {
        m_settings = settings;
        m_services.chat.setSettings(m_conversation, settings);
    });
    connect(
        &panel, &ConversationPanel::personaSaveRequested, this,
        [this](const QString& name, const app::ConversationSettings& settings) {
            m_services.library.savePersona({{}, name, settings.instructions, settings.parameters, settings.modelPath});
        });
    connect(&panel, &ConversationPanel::personasEditRequested, this, [this, &theme] {
        auto* dialog = new LibraryDialog(app::LibraryService::Kind::kPersona, m_services.library, theme, &m_panel);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(&services.library, &app::LibraryService::personasChanged, this,
            [this] { m_panel.setPersonas(m_services.library.personas()); });
    connect(&services.models, &app::ModelService::modelsChanged, this, &PanelKeeper::showModels);
    connect(&services.models, &app::ModelService::stateChanged, this, &PanelKeeper::showModels);
    m_panel.setPersonas(services.library.personas());
    showModels();
}

void PanelKeeper::showModels() {
    m_panel.setModels(m_services.models.models(), m_services.models.current());
}

void PanelKeeper::setConversation(const QUuid& conversation) {
    m_panel.flush();
    m_conversation = conversation;
    m_settings = {};
    m_panel.setSettings({});
    m_services.chat.readSettings(conversation);
}

void PanelKeeper::adopt(const QUuid& conversation) {
    m_panel.flush();
    m_conversation = conversation;
    m_services.chat.readSettings(conversation);
}

void PanelKeeper::choosePersona(const QUuid& persona) {
    m_panel.flush();
    const auto chosen = m_services.library.persona(persona);
    if (!chosen) {
        return;
    }
    m_services.chat.setSettings(m_conversation,
                                {chosen->modelPath, chosen->parameters, chosen->instructions, chosen->id});
}

const app::ConversationSettings& PanelKeeper::settings() const {
    return m_settings;
}

} // namespace alcuin::ui
