#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QUuid>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <alcuin/storage/records.h>

#include "services/chat_values.h"

namespace alcuin::app {

/// Between what is stored and what is shown. A null UUID is an empty id and the other way round.
Role toRole(storage::Role role);
QUuid toUuid(const storage::Id& id);
storage::Id toId(const QUuid& uuid);

storage::MessageState toRecord(MessageState state);
MessageState toState(storage::MessageState state);

/// Speeds from the stored figures; a speed whose duration or count isn't known is 0.
Measurements toMeasurements(const storage::Generation& generation);

/// The text parts as one text, the reasoning parts as another, separated by empty lines. Whether it can be gone on with
/// is told as if nothing followed it.
MessageView toView(const storage::PathEntry& entry);
/// An answer that ended early and has something to go on from.
bool canContinue(const MessageView& answer);
QList<MessageView> toViews(const std::vector<storage::PathEntry>& path);

/// `answering` stays false: only the chats under way know that.
ConversationSummary toSummary(const storage::Conversation& conversation);

/// A question's text and files as they are stored, the text first, and back.
std::vector<storage::Part> toParts(const Question& question);
/// The seed that all of an answer was drawn with; 0: none.
quint64 seedOf(const storage::Generation& generation);
/// Files without words.
std::vector<storage::Part> toFileParts(const QList<Attachment>& files);
Question toQuestion(const std::vector<storage::Part>& parts);

storage::ConversationSettings toRecord(const ConversationSettings& settings);
ConversationSettings toView(const storage::ConversationSettings& settings);
CompactionView toView(const storage::Compaction& compaction);

QHash<QString, QString> toSettings(const std::map<std::string, std::string, std::less<>>& values);

} // namespace alcuin::app
