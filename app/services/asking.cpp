#include "services/asking.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

#include "services/answering.h"
#include "services/conversation_service.h"
#include "services/conversation_settings.h"
#include "services/model_service.h"
#include "services/parameters.h"
#include "services/record_conversion.h"
#include "services/request_builder.h"
#include "services/storage_thread.h"
#include "services/trouble.h"

namespace alcuin::app {

using storage::Database;

namespace {

/// An answer that another model goes on with says so, and its tokens, which mean something else there, are read anew.
void goOn(storage::Message& answer, const storage::Generation& now) {
    auto& generation = answer.generation ? *answer.generation : answer.generation.emplace(now);
    if (generation.vocabularyHash != now.vocabularyHash) {
        generation.tokens.clear();
        generation.vocabularyHash = now.vocabularyHash;
    }
    if (generation.modelPath != now.modelPath) {
        generation.modelName += generation.modelName.empty() ? now.modelName : ", " + now.modelName;
        generation.modelPath = now.modelPath;
    }
}

ContextFull::Asked whatWasAsked(const Wish& wish) {
    switch (wish.kind) {
    case Wish::Kind::kAnew:
        return ContextFull::Asked::kAgain;
    case Wish::Kind::kContinue:
        return ContextFull::Asked::kContinuation;
    case Wish::Kind::kNext:
    case Wish::Kind::kEdit:
        break;
    }
    return wish.queued.isNull() ? ContextFull::Asked::kQuestion : ContextFull::Asked::kWaiting;
}

} // namespace

Asking::Asking(ConversationService& conversations, ModelService& models, Answering& answering, SettingsKeeper& settings,
               QObject* parent)
    : QObject(parent), m_conversations(conversations), m_models(models), m_answering(answering), m_settings(settings) {
    connect(&m_models, &ModelService::stateChanged, this, &Asking::takeModelState);
}

bool Asking::isUnderWay(const QUuid& conversation) const {
    return m_underWay.contains(conversation);
}

bool Asking::isBusy(const QUuid& conversation) const {
    return m_underWay.contains(conversation) || m_answering.isAnswering(conversation);
}

Trouble Asking::busyTrouble() {
    return {tr("An answer is still being written"), tr("Stop it, or wait until it is done."), Trouble::Action::kNone};
}

void Asking::ask(Wish wish) {
    if (isBusy(wish.conversation)) {
        emit refused(wish, busyTrouble());
        return;
    }
    m_hadNoRoom.remove(wish.conversation);
    m_underWay.insert(wish.conversation);
    wish.unsaved = m_settings.unsaved(wish.conversation);
    auto ask = std::make_shared<Ask>();
    ask->wish = wish;
    m_conversations.storageOf(wish.conversation)
        .run([wish](Database& database) { return readSource(database, wish); }, this,
             [this, ask](storage::Result<WishSource> source) {
                 if (!source) {
                     refuse(ask, toTrouble(source.error()));
                     return;
                 }
                 ask->source = std::move(*source);
                 if (ask->source.input.continues && isSummedUp(ask->source.input)) {
                     refuse(ask, {tr("A summary stands for this answer"),
                                  tr("Ask for the rest in words, or take the summary back."), Trouble::Action::kNone});
                     return;
                 }
                 ask->source.input.keepsState = !m_conversations.isTemporary(ask->wish.conversation);
                 provideModel(ask);
             });
}

void Asking::askOnceMore(const QUuid& conversation) {
    if (const auto wish = m_hadNoRoom.constFind(conversation); wish != m_hadNoRoom.constEnd()) {
        ask(*wish);
    }
}

/// Goes on with the model that is to answer, or has it loaded first.
void Asking::provideModel(const AskPtr& ask) {
    const QString wanted = QString::fromStdString(ask->source.modelPath);
    const bool other = !wanted.isEmpty() && QFileInfo(wanted).absoluteFilePath() != m_models.current().path;
    if (other) {
        if (!m_answering.isIdle()) {
            refuse(ask, {tr("Another model is writing an answer"),
                         tr("Loading %1 would end it. Stop it, or wait until it is done.")
                             .arg(QFileInfo(wanted).completeBaseName()),
                         Trouble::Action::kNone});
            return;
        }
        wait(ask);
        m_models.useForNow(wanted);
        return;
    }
    switch (m_models.state()) {
    case EngineState::kLoading:
        wait(ask);
        return;
    case EngineState::kFailed:
    case EngineState::kNoModel:
        refuse(ask, {tr("No model is loaded"), tr("Choose a model first."), Trouble::Action::kChooseModel});
        return;
    case EngineState::kReady:
        break;
    }
    ask->engine = m_models.engine();
    ask->generation.modelName = m_models.current().name.toStdString();
    ask->generation.modelPath = m_models.current().path.toStdString();
    auto& parameters = ask->source.input.parameters;
    if (!parameters) {
        parameters = toParameters(ask->engine->modelInfo().sampling);
    }
    ask->generation.parametersJson = toJson(*parameters);
    ask->generation.vocabularyHash = ask->engine->modelInfo().vocabularyHash;
    count(ask);
}

void Asking::wait(const AskPtr& ask) {
    if (ask->source.modelPath.empty()) {
        ask->source.modelPath = m_models.current().path.toStdString();
    }
    m_waiting.push_back(ask);
    emit waitingForModel(ask->wish.conversation,
                         QFileInfo(QString::fromStdString(ask->source.modelPath)).completeBaseName());
}

void Asking::takeModelState() {
    const QString path = m_models.current().path;
    const EngineState state = m_models.state();
    for (const auto& ask : std::exchange(m_waiting, {})) {
        const QString wanted = QFileInfo(QString::fromStdString(ask->source.modelPath)).absoluteFilePath();
        if (path != wanted) {
            refuse(ask, {tr("Another model was chosen meanwhile"), tr("Send it again, and that model answers."),
                         Trouble::Action::kNone});
        } else if (state == EngineState::kFailed) {
            refuse(ask, m_models.trouble());
        } else if (state == EngineState::kReady) {
            provideModel(ask);
        } else {
            m_waiting.push_back(ask);
        }
    }
}

void Asking::count(const AskPtr& ask) {
    m_counting.run([counter = m_counter, engine = ask->engine,
                    input = ask->source.input] { return counter->count(*engine, input); },
                   this,
                   [this, ask](inference::Result<CountedPrompt> counted) {
                       if (!counted) {
                           refuse(ask, toTrouble(counted.error()));
                           return;
                       }
                       ask->counted = std::move(*counted);
                       if (ask->counted.ledger.excess() > 0) {
                           refuseFull(ask);
                       } else {
                           store(ask);
                       }
                   });
}

void Asking::store(const AskPtr& ask) {
    m_conversations.storageOf(ask->wish.conversation)
        .run([wish = ask->wish, source = ask->source, generation = ask->generation](
                 Database& database) { return storeTurn(database, wish, source, generation); },
             this,
             [this, ask](storage::Result<StoredTurn> turn) {
                 if (!turn) {
                     refuse(ask, toTrouble(turn.error()));
                     return;
                 }
                 begin(ask, std::move(*turn));
             });
}

void Asking::begin(const AskPtr& ask, StoredTurn turn) {
    m_underWay.remove(ask->wish.conversation);
    const bool stopped = m_stopWhenStored.remove(ask->wish.conversation);
    if (ask->wish.conversation.isNull()) {
        m_settings.forget({}); // the conversation has them now
    }
    emit stored(ask->wish, turn.conversation, toViews(turn.path));
    if (turn.settingsLost) {
        emit m_conversations.failed(toTrouble(*turn.settingsLost));
    }
    PromptInput input = ask->source.input;
    input.draft.clear(); // it stands in the path now
    if (input.continues) {
        goOn(turn.path.back().message, ask->generation);
    }
    input.path = std::move(turn.path);
    m_answering.begin(turn.conversation, input.path.back(), *ask->engine, buildRequest(input, ask->counted.place));
    if (stopped) {
        m_answering.stop(turn.conversation);
    }
    m_conversations.refresh();
}

void Asking::refuse(const AskPtr& ask, const Trouble& trouble) {
    m_underWay.remove(ask->wish.conversation);
    m_stopWhenStored.remove(ask->wish.conversation);
    emit refused(ask->wish, trouble);
}

void Asking::refuseFull(const AskPtr& ask) {
    m_underWay.remove(ask->wish.conversation);
    m_stopWhenStored.remove(ask->wish.conversation);
    m_hadNoRoom.insert(ask->wish.conversation, ask->wish);
    ContextFull full;
    full.asked = whatWasAsked(ask->wish);
    full.message = ask->wish.message;
    full.ledger = ask->counted.ledger;
    qint64 ownFiles = 0;
    for (const auto& entry : full.ledger.entries) {
        if (entry.kind == LedgerKind::kFile && entry.message.isNull()) {
            ownFiles += entry.tokens;
        }
    }
    full.fitsWithoutFiles = ownFiles >= full.ledger.excess();
    emit contextFull(ask->wish, full);
}

void Asking::stop(const QUuid& conversation) {
    const auto waits = std::find_if(m_waiting.begin(), m_waiting.end(),
                                    [&](const AskPtr& ask) { return ask->wish.conversation == conversation; });
    if (waits != m_waiting.end()) {
        const AskPtr ask = *waits;
        m_waiting.erase(waits);
        refuse(ask, {tr("Stopped"), tr("It wasn't sent: the model was still loading."), Trouble::Action::kNone});
    } else if (m_underWay.contains(conversation)) {
        m_stopWhenStored.insert(conversation);
    }
}

} // namespace alcuin::app
