#include "reading.h"

#include <QFile>

#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "exchange/active_path.h"
#include "exchange/import.h"
#include "exchange/jan.h"

namespace alcuin::tests {

using namespace exchange;

namespace {

Listener listenerOf(Heard& heard) {
    return {[&heard](Imported&& imported) {
                heard.leftOut.add(imported.leftOut);
                heard.conversations.push_back(std::move(imported));
                return true;
            },
            [&heard](const std::string& why) { heard.refused.push_back(why); }, &heard.leftOut};
}

std::string oneLine(std::string_view text) {
    std::string line;
    for (const char c : text) {
        line += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return line;
}

std::string_view stateName(storage::MessageState state) {
    using enum storage::MessageState;
    switch (state) {
    case kComplete:
        return "";
    case kStreaming:
        return "(streaming)";
    case kLength:
        return "(length)";
    case kContextFull:
        return "(full)";
    case kCancelled:
        return "(cancelled)";
    case kInterrupted:
        return "(interrupted)";
    case kFailed:
        return "(failed)";
    }
    return "?";
}

std::string partWords(const storage::Part& part) {
    switch (part.kind) {
    case storage::PartKind::kText:
        return oneLine(part.text);
    case storage::PartKind::kReasoning:
        return fmt::format("{{{} {}}}", part.durationMs, oneLine(part.text));
    case storage::PartKind::kAttachment:
        return fmt::format("[{} {}]", part.name, oneLine(part.text));
    }
    return "?";
}

} // namespace

std::string sample(const std::string& name) {
    QFile file(QStringLiteral(ALCUIN_SAMPLES "/") + QString::fromStdString(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("no sample %s", name.c_str());
    }
    return file.readAll().toStdString();
}

std::size_t Heard::leftOutOf(std::string_view reason) const {
    for (const auto& [known, count] : leftOut.reasons()) {
        if (known == reason) {
            return count;
        }
    }
    return 0;
}

std::string Heard::leftOutWords() const {
    std::string words;
    for (const auto& [reason, count] : leftOut.reasons()) {
        words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, reason);
    }
    return words;
}

Heard read(std::string_view bytes, const std::string& name, const Limits& limits) {
    Heard heard;
    heard.outcome = readConversations({name, bytes}, limits, listenerOf(heard));
    return heard;
}

Heard readThread(std::string_view thread, std::string_view messages) {
    Heard heard;
    heard.outcome = readJan({"thread.json", thread}, {"messages.jsonl", messages}, Limits{}, listenerOf(heard));
    return heard;
}

std::string sketch(const storage::ConversationTree& tree) {
    std::set<std::string> shown;
    for (const auto* message : activePath(tree)) {
        shown.insert(message->id);
    }
    std::unordered_map<std::string, std::size_t> depths;
    std::string lines;
    for (const auto& message : tree.messages) {
        const auto depth = message.parentId ? depths.at(*message.parentId) + 1 : 0;
        depths[message.id] = depth;
        lines += fmt::format("{}{}{}{}", std::string(depth * 2, ' '), shown.contains(message.id) ? "*" : " ",
                             message.role == storage::Role::kUser ? "U" : "A", stateName(message.state));
        const char* before = " ";
        for (const auto& part : message.parts) {
            lines += before + partWords(part);
            before = " | ";
        }
        lines += '\n';
    }
    return lines;
}

} // namespace alcuin::tests
