#pragma once

#include <vector>

#include <alcuin/storage/records.h>

namespace alcuin::exchange {

/// The messages of the branch that is shown, from its root; of a conversation without an active leaf, the branch of its
/// last message.
std::vector<const storage::Message*> activePath(const storage::ConversationTree& tree);

} // namespace alcuin::exchange
