#include "services/conversation_settings.h"

#include <alcuin/storage/conversation_store.h>

#include "services/conversation_service.h"
#include "services/parameters.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"

namespace alcuin::app {

using storage::Database;

std::string apply(const storage::ConversationSettings& settings, PromptInput& input) {
    input.instructions = settings.instructions;
    input.parameters = parametersFromJson(settings.parametersJson);
    return settings.modelPath;
}

SettingsKeeper::SettingsKeeper(ConversationService& conversations, QObject* parent)
    : QObject(parent), m_conversations(conversations) {}

bool SettingsKeeper::isUnsaved(const QUuid& conversation) const {
    return conversation.isNull() || m_conversations.isTemporary(conversation);
}

std::optional<storage::ConversationSettings> SettingsKeeper::unsaved(const QUuid& conversation) const {
    return isUnsaved(conversation) ? std::optional(m_unsaved.value(conversation)) : std::nullopt;
}

void SettingsKeeper::forget(const QUuid& conversation) {
    m_unsaved.remove(conversation);
}

void SettingsKeeper::read(const QUuid& conversation) {
    if (isUnsaved(conversation)) {
        emit changed(conversation, toView(m_unsaved.value(conversation)));
        return;
    }
    m_conversations.storageOf(conversation)
        .run([id = toId(conversation)](Database& database) { return storage::ConversationStore(database).find(id); },
             this,
             [this, conversation](const storage::Result<storage::Conversation>& found) {
                 if (!found) {
                     emit m_conversations.failed(toTrouble(found.error()));
                     return;
                 }
                 emit changed(conversation, toView(found->settings));
             });
}

void SettingsKeeper::set(const QUuid& conversation, const ConversationSettings& settings) {
    const auto record = toRecord(settings);
    if (isUnsaved(conversation)) {
        m_unsaved.insert(conversation, record);
        emit changed(conversation, settings);
        return;
    }
    m_conversations.storageOf(conversation)
        .run([id = toId(conversation),
              record](Database& database) { return storage::ConversationStore(database).setSettings(id, record); },
             this,
             [this, conversation, settings](const storage::Result<void>& stored) {
                 if (!stored) {
                     emit m_conversations.failed(toTrouble(stored.error()));
                     read(conversation); // what is true still
                     return;
                 }
                 emit changed(conversation, settings);
             });
}

} // namespace alcuin::app
