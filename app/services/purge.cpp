#include "services/purge.h"

#include <QList>
#include <QUuid>

#include <alcuin/storage/conversation_store.h>

#include "services/conversation_service.h"
#include "services/model_service.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"

namespace alcuin::app {

void purgeDeleted(StorageThread& storage, ConversationService& conversations, ModelService& models) {
    QObject::connect(&models, &ModelService::statesKept, &conversations, [&conversations](const Trouble& trouble) {
        if (!trouble.title.isEmpty()) {
            emit conversations.failed(trouble);
        }
    });
    const auto listed =
        storage.call([](storage::Database& database) { return storage::ConversationStore(database).ids(); });
    if (listed) {
        QList<QUuid> there;
        there.reserve(static_cast<qsizetype>(listed->size()));
        for (const auto& id : *listed) {
            there.push_back(toUuid(id));
        }
        models.keepStatesOf(there);
    } else {
        emit conversations.failed(toTrouble(listed.error()));
    }
    conversations.purgeRemoved();
}

} // namespace alcuin::app
