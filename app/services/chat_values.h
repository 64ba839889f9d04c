#pragma once

#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QUuid>

namespace alcuin::app {

enum class Role { kSystem, kUser, kAssistant };

enum class MessageState { kComplete, kStreaming, kLength, kContextFull, kCancelled, kInterrupted, kFailed };

/// How fast an answer was; zeros mean not known (yet).
struct Measurements {
    qint64 promptTokens = 0;
    qint64 cachedTokens = 0; ///< of the prompt, read earlier and not again
    qint64 completionTokens = 0;
    qint64 contextLength = 0;
    double timeToFirstTokenMs = 0;
    double prefillTokensPerSecond = 0;
    double decodeTokensPerSecond = 0;
};

/// One turn as the transcript shows it.
struct MessageView {
    QUuid id;
    Role role = Role::kUser;
    MessageState state = MessageState::kComplete;
    QString text;
    QString reasoning;
    qint64 reasoningDurationMs = 0;
    QString error; ///< kFailed: what went wrong, in words for a person
    QString modelName;
    QDateTime createdAt;
    Measurements measurements;
    QList<QUuid> siblings; ///< all branches at this place, this message included
    int siblingIndex = 0;
};

struct ConversationSummary {
    QUuid id;
    QString title; ///< never empty
    QDateTime updatedAt;
    bool answering = false;
};

/// A model file the user can choose.
struct ModelEntry {
    QString path;
    QString name;
    QString architecture;
    QString quantization;
    qint64 fileBytes = 0;
    qint64 contextLength = 0;
    QString problem; ///< not empty: why it can't be used, in words for a person
};

enum class EngineState { kNoModel, kLoading, kReady, kFailed };

/// What an error card says, and what its button does.
struct Trouble {
    enum class Action { kNone, kRetry, kChooseModel };
    QString title; ///< what happened, to what
    QString text;  ///< why, and what to do
    Action action = Action::kNone;
};

} // namespace alcuin::app

Q_DECLARE_METATYPE(alcuin::app::MessageView)
Q_DECLARE_METATYPE(alcuin::app::ConversationSummary)
Q_DECLARE_METATYPE(alcuin::app::ModelEntry)
Q_DECLARE_METATYPE(alcuin::app::Trouble)
