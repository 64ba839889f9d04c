#pragma once

#include <QHash>
#include <QObject>
#include <QUuid>

#include <optional>
#include <string>

#include <alcuin/storage/records.h>

#include "services/chat_values.h"
#include "services/request_builder.h"

namespace alcuin::app {

class ConversationService;

/// Puts settings into what is asked; returns the model that is to answer, empty: whichever is loaded.
std::string apply(const storage::ConversationSettings& settings, PromptInput& input);

/// The settings of conversations: stored with them, or kept here for one that isn't begun or isn't stored.
class SettingsKeeper : public QObject {
    Q_OBJECT
public:
    explicit SettingsKeeper(ConversationService& conversations, QObject* parent = nullptr);

    /// Answered by `changed`.
    void read(const QUuid& conversation);
    void set(const QUuid& conversation, const ConversationSettings& settings);
    /// Of a conversation that isn't begun or isn't stored; none: the store has them.
    std::optional<storage::ConversationSettings> unsaved(const QUuid& conversation) const;
    void forget(const QUuid& conversation);

signals:
    void changed(const QUuid& conversation, const alcuin::app::ConversationSettings& settings);

private:
    bool isUnsaved(const QUuid& conversation) const;

    ConversationService& m_conversations;
    QHash<QUuid, storage::ConversationSettings> m_unsaved;
};

} // namespace alcuin::app
