#include "import.h"

#include <fmt/format.h>

#include "chatgpt.h"
#include "gpt4all.h"
#include "json_text.h"
#include "lm_studio.h"
#include "open_webui.h"
#include "own_json.h"
#include "text.h"
#include "zip.h"

namespace alcuin::exchange {

namespace {

bool has(const std::vector<Member>& members, std::string_view key, char first) {
    const auto value = memberOf(members, key);
    return !value.empty() && value.front() == first;
}

/// Some version of the first message stands among alternatives: LM Studio's way, and nobody else's.
bool hasVersions(const std::vector<Member>& members, const Limits& limits) {
    const auto first = Elements(memberOf(members, "messages"), limits).next();
    const auto message = first ? membersOf(*first, limits) : std::nullopt;
    return message && has(*message, "versions", '[');
}

Format formatOf(const std::vector<Member>& members, const Limits& limits) {
    if (memberOf(members, "format") == fmt::format("\"{}\"", kOwnFormat)) {
        return Format::kAlcuin;
    }
    if (has(members, "mapping", '{')) {
        return Format::kChatGpt;
    }
    if (has(members, "chat", '{') || has(members, "history", '{')) {
        return Format::kOpenWebUi;
    }
    if (hasVersions(members, limits) ||
        (has(members, "messages", '[') && has(members, "systemPrompt", '"') && has(members, "name", '"'))) {
        return Format::kLmStudio;
    }
    if (has(members, "assistants", '[') && has(members, "id", '"')) {
        return Format::kJanThread;
    }
    return Format::kUnknown;
}

/// conversations.json, conversations-000.json, in whatever folder of the archive.
bool isChatGptEntry(std::string_view name) {
    name.remove_prefix(name.find_last_of('/') + 1);
    return name.starts_with("conversations") && name.ends_with(".json");
}

Result<void> readArchive(const Source& source, const Limits& limits, const Listener& listener) {
    bool any = false;
    Result<void> outcome;
    const auto take = [&](const std::string& name, const std::string& content) {
        any = true;
        const Source entry{fmt::format("{} in {}", cleanName(name), source.name), content};
        if (looksLikeZip(content)) {
            listener.refuse(fmt::format("{} is an archive itself and wasn't read.", entry.name));
        } else if (auto read = readConversations(entry, limits, listener); !read) {
            listener.refuse(read.error().message);
        }
    };
    if (auto unpacked = readZip(source.bytes, limits, isChatGptEntry, take); !unpacked) {
        return fail(fmt::format("{}: {}", source.name, unpacked.error().message));
    }
    if (!any) {
        return fail(
            fmt::format("{} is an archive without a conversations.json. Of archives, only ChatGPT's exports can "
                        "be read; unpack others and import the folder.",
                        source.name));
    }
    return {};
}

} // namespace

Format detect(std::string_view bytes, const Limits& limits) {
    if (bytes.starts_with(kGpt4AllMagic)) {
        return Format::kGpt4All;
    }
    if (looksLikeZip(bytes)) {
        return Format::kZip;
    }
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    auto whole = stripped(bytes.starts_with(kByteOrderMark) ? bytes.substr(kByteOrderMark.size()) : bytes);
    if (whole.starts_with('[')) {
        const auto first = Elements(whole, limits).next();
        if (!first) {
            return Format::kUnknown;
        }
        whole = *first;
    }
    const auto members = membersOf(whole, limits);
    return members ? formatOf(*members, limits) : Format::kUnknown;
}

Result<void> readConversations(const Source& source, const Limits& limits, const Listener& listener) {
    if (source.bytes.size() > limits.fileBytes) {
        return fail(fmt::format("{} is too large: files up to {} MB are read.", source.name, limits.fileBytes >> 20U));
    }
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    Source clean = source;
    if (clean.bytes.starts_with(kByteOrderMark)) {
        clean.bytes.remove_prefix(kByteOrderMark.size());
    }
    switch (detect(clean.bytes, limits)) {
    case Format::kAlcuin:
        return readOwnJson(clean, limits, listener);
    case Format::kChatGpt:
        return readChatGpt(clean, limits, listener);
    case Format::kOpenWebUi:
        return readOpenWebUi(clean, limits, listener);
    case Format::kLmStudio:
        return readLmStudio(clean, limits, listener);
    case Format::kGpt4All:
        return readGpt4All(clean, limits, listener);
    case Format::kZip:
        return readArchive(clean, limits, listener);
    case Format::kJanThread:
        return fail(
            fmt::format("{} is one of Jan's threads, but its messages.jsonl isn't beside it. Import the thread's "
                        "whole folder.",
                        source.name));
    case Format::kUnknown:
        break;
    }
    return fail(fmt::format("{} isn't an export that Alcuin knows. It reads its own, ChatGPT's, Open WebUI's, LM "
                            "Studio's, GPT4All's and Jan's.",
                            source.name));
}

} // namespace alcuin::exchange
