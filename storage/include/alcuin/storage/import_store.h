#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Where a conversation came from: the program ("chatgpt"), the id that it has there, which is the same at every
/// export, and a number of its content, which differs when it has gone on since.
struct Origin {
    std::string source;
    std::string id;
    std::uint64_t fingerprint = 0;
};

/// Takes in whole conversations from outside, each once. Threads: the database's.
class ImportStore {
public:
    explicit ImportStore(Database& database);

    enum class Outcome : std::uint8_t {
        kAdded,
        kHere,  ///< it was taken in before, isn't deleted, and has all of its messages: nothing was done
        kMerged ///< the same, but messages were missing: these came to it
    };
    struct Addition {
        Outcome outcome = Outcome::kAdded;
        Id conversation;          ///< the one that is there now
        std::size_t messages = 0; ///< that came
    };

    /// Adds a conversation with everything in it, in one transaction, if it isn't there. Where it is, and has gone on
    /// elsewhere since, what it hasn't yet is added as further branches: nothing that is there changes, but that the
    /// branch shown goes on, unless it went on here. Times, roles and states stay
    /// as they are; an answer that was being written becomes an interrupted one. Ids are kept where all of them are
    /// UUIDs that nothing has yet, and made anew elsewhere, in the tree's own references too. A folder or persona that
    /// is there, by its id or its name, is the one; another is made. A title is made from the first question where
    /// there is none, and a time that is 0 is now. Errors: those of ConversationStore; kInvalidArgument: a tree in
    /// which a parent doesn't stand before its children, an id stands twice, or the active leaf or what a summary
    /// stands for isn't one of the messages.
    Result<Addition> add(ConversationTree tree, const Origin& origin);

private:
    Connection* connection_;
};

} // namespace alcuin::storage
