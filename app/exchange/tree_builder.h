#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <alcuin/storage/records.h>

#include "left_out.h"
#include "limits.h"
#include "result.h"

namespace alcuin::exchange {

storage::Part textPart(std::string text);
storage::Part reasoningPart(std::string text, std::int64_t durationMs = 0);
storage::Part attachmentPart(std::string name, std::string mediaType, std::string text);
/// An answer's text whose reasoning stands in it between <think> and </think>: reasoning and text apart. Empty texts
/// give no part.
void addAnswer(std::vector<storage::Part>& parts, std::string_view text);
/// The text as a part, unless there is nothing to see in it.
void addText(std::vector<storage::Part>& parts, std::string_view text);

/// Makes a conversation's tree from the messages of another program's, which come in any order, may name parents that
/// aren't there or form a circle, and may be steps of one answer: those that follow each other become one message.
class TreeBuilder {
public:
    struct Node {
        std::string id;                    ///< of the other program; not empty
        std::string parent;                ///< empty: none
        std::vector<std::string> children; ///< their order, where the program says it
        storage::Role role = storage::Role::kUser;
        storage::MessageState state = storage::MessageState::kComplete;
        storage::TimeMs createdAt = 0;    ///< 0: not known
        std::vector<storage::Part> parts; ///< none: the message is passed over, what follows it stays
        std::string error;
        std::string modelName;
        std::int64_t promptTokens = 0;
        std::int64_t contextLength = 0;
        double timeToFirstTokenMs = 0;
        double decodeMs = 0;
    };

    /// A second node of the same id is left out.
    void add(Node node);
    /// The last message of the branch that was shown.
    void setActive(std::string id);
    std::size_t size() const;

    /// The tree under `conversation`, whose activeLeaf is set and whose times are filled in from the messages where
    /// they are 0. Without messages where there is nothing to take. Errors: too many messages.
    Result<storage::ConversationTree> build(storage::Conversation conversation, const Limits& limits,
                                            LeftOut& leftOut) &&;

private:
    using Index = std::size_t;
    static constexpr Index kNone = static_cast<Index>(-1);

    std::vector<std::vector<Index>> orderedChildren(std::vector<Index>& roots) const;
    void emitTree(storage::ConversationTree& tree, LeftOut& leftOut);
    Index place(storage::ConversationTree& tree, Node& node, Index parentMessage, bool mayJoin) const;

    std::vector<Node> nodes_;
    std::unordered_map<std::string, Index> indexOf_;
    std::string active_;
};

} // namespace alcuin::exchange
