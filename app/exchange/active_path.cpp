#include "active_path.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace alcuin::exchange {

std::vector<const storage::Message*> activePath(const storage::ConversationTree& tree) {
    std::vector<const storage::Message*> path;
    if (tree.messages.empty()) {
        return path;
    }
    std::unordered_map<std::string_view, const storage::Message*> byId;
    for (const auto& message : tree.messages) {
        byId.emplace(message.id, &message);
    }
    const auto find = [&](const std::optional<storage::Id>& id) -> const storage::Message* {
        const auto found = id ? byId.find(*id) : byId.end();
        return found == byId.end() ? nullptr : found->second;
    };
    const auto* message = find(tree.conversation.activeLeaf);
    if (message == nullptr) {
        message = &tree.messages.back();
    }
    // No path is longer than all messages: a circle of parents ends there.
    while (message != nullptr && path.size() < tree.messages.size()) {
        path.push_back(message);
        message = find(message->parentId);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

} // namespace alcuin::exchange
