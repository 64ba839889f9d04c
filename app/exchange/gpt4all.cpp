#include "gpt4all.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "conversation_array.h"
#include "qt_stream.h"
#include "text.h"
#include "tree_builder.h"

namespace alcuin::exchange {

using storage::MessageState;
using storage::Part;
using storage::Role;

namespace {

constexpr std::int32_t kOldestVersion = 3;
constexpr std::int32_t kNewestVersion = 12;
constexpr std::size_t kDeepestItems = 8; // the program itself goes three deep
constexpr std::int64_t kMsPerSecond = 1000;

// The smallest that things can be in a file: what a count of them is held against.
constexpr std::size_t kString = 4;
constexpr std::size_t kSource = 7 * kString + 3 * 4;
constexpr std::size_t kAttachment = 2 * kString;
constexpr std::size_t kSubItem = 2 * kString + 8;
constexpr std::size_t kItem = 3 * kString + 4;
constexpr std::size_t kParameter = kString + 4 + 4 + 1;

/// A tool's argument, a QVariant: nothing of it is kept, but what follows it must be found.
void skipVariant(QtStream& stream) {
    const auto type = stream.uint32();
    stream.skip(1); // whether it is null
    switch (type) {
    case 0: // none at all, and yet a null string
    case 10:
        (void)stream.string();
        break;
    case 1:
        stream.skip(1);
        break;
    case 2:
    case 3:
        stream.skip(4);
        break;
    case 4:
    case 5:
    case 6:
        stream.skip(8);
        break;
    case 12:
        (void)stream.bytes();
        break;
    default:
        stream.fail();
    }
}

class ChatReader {
public:
    ChatReader(std::string_view bytes, LeftOut& leftOut) : stream_(bytes), leftOut_(leftOut) {}

    Result<Imported> read(const Limits& limits) {
        stream_.skip(kGpt4AllMagic.size());
        version_ = stream_.int32();
        if (!stream_.failed() && (version_ < kOldestVersion || version_ > kNewestVersion)) {
            return fail(fmt::format("its format has the number {}, and {} to {} are known", version_, kOldestVersion,
                                    kNewestVersion));
        }
        storage::Conversation conversation;
        const auto seconds = stream_.int64();
        constexpr std::int64_t kYear10000 = 253402300800;
        conversation.createdAt = seconds > 0 && seconds < kYear10000 ? seconds * kMsPerSecond : 0;
        created_ = conversation.createdAt;
        const auto id = stream_.string();
        conversation.title = cleanName(stream_.string());
        (void)stream_.string(); // the person's name
        model_ = cleanName(stream_.string());
        for (auto collections = stream_.count32(kString); collections > 0; --collections) {
            (void)stream_.string();
        }
        if (version_ < 11) {
            skipState();
        }
        readItems();
        if (stream_.failed()) {
            return fail("the file ends in the middle or is damaged");
        }
        auto tree = std::move(builder_).build(std::move(conversation), limits, leftOut_);
        if (!tree) {
            return tl::unexpected(tree.error());
        }
        return Imported{std::move(*tree), {"gpt4all", cleanName(id), 0}, {}};
    }

private:
    /// What the model had in mind, up to version 10.
    void skipState() {
        const bool whole = version_ < 6 || stream_.boolean();
        stream_.skip(4 + 4); // kind of model, version of its state
        (void)stream_.string();
        (void)stream_.string();
        stream_.skip(4);
        if (!whole) {
            return;
        }
        stream_.skip(version_ < 4 ? 4 : 0);
        stream_.skip(4);
        stream_.skip(version_ >= 7 ? 4 : 0);
        if (version_ < 9) {
            stream_.skip(stream_.count64(sizeof(float)) * sizeof(float));
        }
        stream_.skip(stream_.count64(sizeof(std::int32_t)) * sizeof(std::int32_t));
        (void)stream_.bytes();
    }

    void readItems() {
        std::string previous;
        for (auto items = stream_.count32(kItem); items > 0 && !stream_.failed(); --items) {
            auto node = readItem();
            node.id = std::to_string(builder_.size() + 1);
            node.parent = std::exchange(previous, node.id);
            builder_.add(std::move(node));
        }
    }

    TreeBuilder::Node readItem() {
        TreeBuilder::Node node;
        stream_.skip(version_ < 12 ? 4 : 0); // a number that nothing uses
        const auto name = stream_.string();
        const auto value = stream_.string();
        if (version_ < 10) {
            (void)stream_.string();
        }
        (void)stream_.string(); // a better answer, for the makers
        stream_.skip(1);        // whether it is being written
        const bool stopped = stream_.boolean();
        stream_.skip(2); // thumbs
        const bool isResponse = name == "Response: ";
        const bool failed = version_ >= 11 && isResponse && stream_.boolean();
        readSources();
        if (version_ >= 10) {
            readAttachments(node.parts);
        }
        std::vector<Part> steps;
        if (version_ >= 12) {
            readSubItems(steps, 0);
        }
        node.createdAt = created_;
        if (name == "Prompt: ") {
            addText(node.parts, value);
        } else if (isResponse) {
            node.role = Role::kAssistant;
            node.parts = std::move(steps);
            addAnswer(node.parts, value);
            node.modelName = model_;
            node.state = failed ? MessageState::kFailed : stopped ? MessageState::kCancelled : MessageState::kComplete;
            node.error = failed ? cleanText(value) : std::string();
        } else if (name == "ToolResponse: ") {
            node.role = Role::kTool;
            addText(node.parts, stripped(value).empty() ? std::string() : fenced(cleanText(value)));
        } else if (name == "System: ") {
            leftOut_.add("instructions in the middle", stripped(value).empty() ? 0 : 1);
        } else {
            stream_.fail();
        }
        return node;
    }

    void readSources() {
        if (version_ < 8) {
            const bool any = !stream_.string().empty();
            const auto contexts = stream_.count32(kString);
            for (auto i = contexts; i > 0; --i) {
                (void)stream_.string();
            }
            leftOut_.add("excerpts from LocalDocs", any ? contexts : 0);
            return;
        }
        const auto sources = stream_.count64(kSource);
        for (auto i = sources; i > 0 && !stream_.failed(); --i) {
            for (int strings = 0; strings < 7; ++strings) {
                (void)stream_.string();
            }
            stream_.skip(3 * 4); // page, first and last line
        }
        leftOut_.add("excerpts from LocalDocs", static_cast<std::size_t>(sources));
    }

    void readAttachments(std::vector<Part>& parts) {
        for (auto i = stream_.count64(kAttachment); i > 0 && !stream_.failed(); --i) {
            const auto url = stream_.bytes();
            const auto content = stream_.bytes();
            if (content.empty() || !isUtf8(content) || content.find('\0') != std::string_view::npos) {
                leftOut_.add("attached files that aren't text");
                continue;
            }
            auto name = cleanName(url.substr(url.find_last_of('/') + 1));
            parts.push_back(
                attachmentPart(name.empty() ? "file" : std::move(name), "text/plain", std::string(content)));
        }
    }

    void readSubItems(std::vector<Part>& parts, std::size_t depth) {
        if (depth > kDeepestItems) {
            stream_.fail();
            return;
        }
        for (auto i = stream_.count64(kSubItem); i > 0 && !stream_.failed(); --i) {
            readSubItem(parts);
            readSubItems(parts, depth + 1);
        }
    }

    void readSubItem(std::vector<Part>& parts) {
        const auto name = stream_.string();
        const auto value = stream_.string();
        if (name == "Think: ") {
            const auto duration = stream_.int32();
            std::vector<Part> thought;
            addAnswer(thought, value.find("<think>") == std::string::npos ? "<think>" + value : value);
            for (auto& part : thought) {
                part.durationMs = part.kind == storage::PartKind::kReasoning ? std::max(duration, 0) : 0;
                parts.push_back(std::move(part));
            }
        } else if (name == "ToolCall: ") {
            skipToolCall();
            addText(parts, stripped(value).empty() ? std::string() : fenced(cleanText(value)));
        } else if (name == "ToolResponse: ") {
            addText(parts, stripped(value).empty() ? std::string() : fenced(cleanText(value)));
        } else if (name == "Text: " || name == "Response: ") {
            addText(parts, value);
        } else {
            stream_.fail();
        }
    }

    void skipToolCall() {
        (void)stream_.string();
        for (auto i = stream_.count64(kParameter); i > 0 && !stream_.failed(); --i) {
            (void)stream_.string();
            stream_.skip(4);
            skipVariant(stream_);
        }
        (void)stream_.string();
        stream_.skip(4);
        (void)stream_.string();
    }

    QtStream stream_;
    LeftOut& leftOut_;
    TreeBuilder builder_;
    std::int32_t version_ = 0;
    storage::TimeMs created_ = 0;
    std::string model_;
};

} // namespace

Result<void> readGpt4All(const Source& source, const Limits& limits, const Listener& listener) {
    LeftOut leftOut;
    auto imported = ChatReader(source.bytes, leftOut).read(limits);
    if (imported) {
        imported->leftOut = std::move(leftOut);
    }
    (void)handOver(std::move(imported), source.name, listener);
    return {};
}

} // namespace alcuin::exchange
