#pragma once

#include <QHash>
#include <QObject>
#include <QSet>
#include <QUuid>

#include <memory>
#include <optional>
#include <vector>

#include <alcuin/inference/text_engine.h>

#include "services/chat_values.h"
#include "services/prompt_counting.h"
#include "services/turn_store.h"
#include "services/wish.h"
#include "services/work_thread.h"

namespace alcuin::app {

class Answering;
class ConversationService;
class ModelService;
class SettingsKeeper;

/// From a wish to an answer that is being written: reads what it is asked from, has its model loaded, counts whether it
/// fits, stores it, and only then asks the engine. Whatever fails on the way stores nothing. Lives on the GUI thread.
class Asking : public QObject {
    Q_OBJECT
public:
    Asking(ConversationService& conversations, ModelService& models, Answering& answering, SettingsKeeper& settings,
           QObject* parent = nullptr);

    void ask(Wish wish);
    /// The wish that was refused last for want of room, as it was; nothing, if something was asked since.
    void askOnceMore(const QUuid& conversation);
    /// A wish that waits for its model is given up, one on its way into the store is stopped once it is there.
    void stop(const QUuid& conversation);
    /// A wish is on its way there.
    bool isUnderWay(const QUuid& conversation) const;
    /// That, or an answer is being written there.
    bool isBusy(const QUuid& conversation) const;
    /// What is said to whoever wants something there then.
    static Trouble busyTrouble();

signals:
    /// Stored; the engine is asked next.
    void stored(const alcuin::app::Wish& wish, const QUuid& conversation, const QList<alcuin::app::MessageView>& path);
    void refused(const alcuin::app::Wish& wish, const alcuin::app::Trouble& trouble);
    void contextFull(const alcuin::app::Wish& wish, const alcuin::app::ContextFull& full);
    /// The wish goes on when this model is loaded.
    void waitingForModel(const QUuid& conversation, const QString& modelName);

private:
    /// A wish with what was found out about it so far.
    struct Ask {
        Wish wish;
        WishSource source;
        CountedPrompt counted;
        std::shared_ptr<inference::TextEngine> engine;
        storage::Generation generation;
    };
    using AskPtr = std::shared_ptr<Ask>;

    void provideModel(const AskPtr& ask);
    void wait(const AskPtr& ask);
    void takeModelState();
    void count(const AskPtr& ask);
    void store(const AskPtr& ask);
    void begin(const AskPtr& ask, StoredTurn turn);
    void refuse(const AskPtr& ask, const Trouble& trouble);
    void refuseFull(const AskPtr& ask);

    ConversationService& m_conversations;
    ModelService& m_models;
    Answering& m_answering;
    SettingsKeeper& m_settings;
    std::shared_ptr<PromptCounter> m_counter = std::make_shared<PromptCounter>();
    WorkThread m_counting{QStringLiteral("prompts")};
    QHash<QUuid, Wish> m_hadNoRoom; ///< by conversation
    QSet<QUuid> m_underWay;
    QSet<QUuid> m_stopWhenStored;
    std::vector<AskPtr> m_waiting; ///< for a model, in their order
};

} // namespace alcuin::app
