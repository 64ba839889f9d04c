#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <alcuin/storage/import_store.h>
#include <alcuin/storage/records.h>

#include "left_out.h"
#include "limits.h"
#include "result.h"

namespace alcuin::exchange {

/// One conversation as a reader hands it over: a tree whose ids are unique within it, where it came from, and what of
/// it isn't in the tree.
struct Imported {
    storage::ConversationTree tree;
    storage::Origin origin;
    LeftOut leftOut;
};

/// What a reader tells on its way through a file.
struct Listener {
    /// Takes a conversation. False: enough, the reader stops.
    std::function<bool(Imported&&)> take;
    /// A conversation that can't be read, and why, in a sentence. The others go on.
    std::function<void(const std::string& why)> refuse;
    /// What stands in no conversation that is handed over.
    LeftOut* leftOut = nullptr;
};

/// A file from outside. `name` is for messages and, where a format has no id of its own, for telling it again.
struct Source {
    std::string name;
    std::string_view bytes;
};

} // namespace alcuin::exchange
