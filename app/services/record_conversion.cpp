#include "services/record_conversion.h"

#include <QCoreApplication>

#include "services/parameters.h"

namespace alcuin::app {

namespace {

constexpr double kMsPerSecond = 1000.0;

double perSecond(std::int64_t count, double durationMs) {
    return count > 0 && durationMs > 0 ? static_cast<double>(count) * kMsPerSecond / durationMs : 0.0;
}

void append(QString& text, const std::string& more) {
    if (!text.isEmpty() && !more.empty()) {
        text += QStringLiteral("\n\n");
    }
    text += QString::fromStdString(more);
}

Attachment toAttachment(const storage::Part& part) {
    return {QString::fromStdString(part.name), QString::fromStdString(part.mediaType),
            QString::fromStdString(part.text), qint64(part.text.size())};
}

} // namespace

Role toRole(storage::Role role) {
    switch (role) {
    case storage::Role::kSystem:
        return Role::kSystem;
    case storage::Role::kUser:
        return Role::kUser;
    case storage::Role::kAssistant:
    case storage::Role::kTool:
        return Role::kAssistant;
    }
    return Role::kAssistant;
}

QUuid toUuid(const storage::Id& id) {
    return QUuid::fromString(QString::fromStdString(id));
}

storage::Id toId(const QUuid& uuid) {
    return uuid.isNull() ? storage::Id() : uuid.toString(QUuid::WithoutBraces).toStdString();
}

storage::MessageState toRecord(MessageState state) {
    switch (state) {
    case MessageState::kComplete:
        return storage::MessageState::kComplete;
    case MessageState::kStreaming:
        return storage::MessageState::kStreaming;
    case MessageState::kLength:
        return storage::MessageState::kLength;
    case MessageState::kContextFull:
        return storage::MessageState::kContextFull;
    case MessageState::kCancelled:
        return storage::MessageState::kCancelled;
    case MessageState::kInterrupted:
        return storage::MessageState::kInterrupted;
    case MessageState::kFailed:
        return storage::MessageState::kFailed;
    }
    return storage::MessageState::kFailed;
}

MessageState toState(storage::MessageState state) {
    switch (state) {
    case storage::MessageState::kComplete:
        return MessageState::kComplete;
    case storage::MessageState::kStreaming:
        return MessageState::kStreaming;
    case storage::MessageState::kLength:
        return MessageState::kLength;
    case storage::MessageState::kContextFull:
        return MessageState::kContextFull;
    case storage::MessageState::kCancelled:
        return MessageState::kCancelled;
    case storage::MessageState::kInterrupted:
        return MessageState::kInterrupted;
    case storage::MessageState::kFailed:
        return MessageState::kFailed;
    }
    return MessageState::kFailed;
}

Measurements toMeasurements(const storage::Generation& generation) {
    Measurements measurements;
    measurements.promptTokens = generation.promptTokens;
    measurements.cachedTokens = generation.cachedTokens;
    measurements.completionTokens = static_cast<qint64>(generation.tokens.size());
    measurements.contextLength = generation.contextLength;
    measurements.timeToFirstTokenMs = generation.timeToFirstTokenMs;
    measurements.prefillTokensPerSecond =
        perSecond(generation.promptTokens - generation.cachedTokens, generation.prefillMs);
    measurements.decodeTokensPerSecond = perSecond(measurements.completionTokens, generation.decodeMs);
    return measurements;
}

MessageView toView(const storage::PathEntry& entry) {
    const auto& message = entry.message;
    MessageView view;
    view.id = toUuid(message.id);
    view.role = toRole(message.role);
    view.state = toState(message.state);
    view.error = QString::fromStdString(message.error);
    view.createdAt = QDateTime::fromMSecsSinceEpoch(message.createdAt);
    for (const auto& part : message.parts) {
        if (part.kind == storage::PartKind::kText) {
            append(view.text, part.text);
        } else if (part.kind == storage::PartKind::kReasoning) {
            append(view.reasoning, part.text);
            view.reasoningDurationMs += part.durationMs;
        } else {
            view.attachments.push_back(toAttachment(part));
        }
    }
    if (message.generation) {
        view.askedWith = parametersFromJson(message.generation->parametersJson);
        view.parameters = view.askedWith ? inWords(*view.askedWith) : QString();
        view.seed = seedOf(*message.generation);
        view.modelName = QString::fromStdString(message.generation->modelName);
        view.measurements = toMeasurements(*message.generation);
    }
    view.siblingIndex = static_cast<int>(entry.siblingIndex);
    view.siblings.reserve(static_cast<qsizetype>(entry.siblings.size()));
    for (const auto& sibling : entry.siblings) {
        view.siblings.push_back(toUuid(sibling));
    }
    view.edited = message.edited;
    view.canContinue = message.generation.has_value() && canContinue(view);
    return view;
}

bool canContinue(const MessageView& answer) {
    const bool has = !answer.text.trimmed().isEmpty() || !answer.reasoning.trimmed().isEmpty();
    return answer.role == Role::kAssistant && has && answer.state != MessageState::kComplete &&
           answer.state != MessageState::kStreaming;
}

QList<MessageView> toViews(const std::vector<storage::PathEntry>& path) {
    QList<MessageView> views;
    views.reserve(static_cast<qsizetype>(path.size()));
    for (const auto& entry : path) {
        views.push_back(toView(entry));
        views.back().canContinue = views.back().canContinue && &entry == &path.back();
    }
    return views;
}

std::vector<storage::Part> toParts(const Question& question) {
    std::vector<storage::Part> parts;
    storage::Part words;
    words.text = question.text.toStdString();
    parts.push_back(std::move(words));
    const auto files = toFileParts(question.attachments);
    parts.insert(parts.end(), files.begin(), files.end());
    return parts;
}

quint64 seedOf(const storage::Generation& generation) {
    const auto parameters = parametersFromJson(generation.parametersJson);
    return parameters && parameters->temperature > 0 ? generation.seed : 0;
}

std::vector<storage::Part> toFileParts(const QList<Attachment>& files) {
    std::vector<storage::Part> parts;
    for (const auto& attachment : files) {
        storage::Part file;
        file.kind = storage::PartKind::kAttachment;
        file.name = attachment.name.toStdString();
        file.mediaType = attachment.mediaType.toStdString();
        file.text = attachment.text.toStdString();
        parts.push_back(std::move(file));
    }
    return parts;
}

Question toQuestion(const std::vector<storage::Part>& parts) {
    Question question;
    for (const auto& part : parts) {
        if (part.kind == storage::PartKind::kAttachment) {
            question.attachments.push_back(toAttachment(part));
        } else {
            append(question.text, part.text);
        }
    }
    return question;
}

storage::ConversationSettings toRecord(const ConversationSettings& settings) {
    storage::ConversationSettings record;
    record.modelPath = settings.modelPath.toStdString();
    record.parametersJson = settings.parameters ? toJson(*settings.parameters) : std::string();
    record.instructions = settings.instructions.toStdString();
    if (!settings.persona.isNull()) {
        record.personaId = toId(settings.persona);
    }
    return record;
}

ConversationSettings toView(const storage::ConversationSettings& settings) {
    ConversationSettings view;
    view.modelPath = QString::fromStdString(settings.modelPath);
    view.parameters = parametersFromJson(settings.parametersJson);
    view.instructions = QString::fromStdString(settings.instructions);
    view.persona = toUuid(settings.personaId.value_or(storage::Id()));
    return view;
}

CompactionView toView(const storage::Compaction& compaction) {
    return {toUuid(compaction.id), toUuid(compaction.lastMessage), QString::fromStdString(compaction.summary),
            QString::fromStdString(compaction.modelName), compaction.active};
}

ConversationSummary toSummary(const storage::Conversation& conversation) {
    ConversationSummary summary;
    summary.id = toUuid(conversation.id);
    summary.title = QString::fromStdString(conversation.title).simplified();
    if (summary.title.isEmpty()) {
        summary.title = QCoreApplication::translate("alcuin::app::ConversationService", "New conversation");
    }
    summary.updatedAt = QDateTime::fromMSecsSinceEpoch(conversation.updatedAt);
    summary.folder = conversation.folderId ? toUuid(*conversation.folderId) : QUuid();
    summary.pinned = conversation.pinnedAt.has_value();
    summary.archived = conversation.archivedAt.has_value();
    return summary;
}

QHash<QString, QString> toSettings(const std::map<std::string, std::string, std::less<>>& values) {
    QHash<QString, QString> settings;
    for (const auto& [key, value] : values) {
        settings.insert(QString::fromStdString(key), QString::fromStdString(value));
    }
    return settings;
}

} // namespace alcuin::app
