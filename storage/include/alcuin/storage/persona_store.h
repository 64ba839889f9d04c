#pragma once

#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Personas, by name. Conversations keep copies of what they took, so changing one changes no conversation.
/// Each function is one transaction. Threads: the database's.
/// Errors of all: kNotFound, kInvalidArgument (an empty name), kDiskFull, kCorrupt, kLocked.
class PersonaStore {
public:
    explicit PersonaStore(Database& database);

    Result<std::vector<Persona>> list();
    /// Id and time are given here.
    Result<Persona> create(Persona persona);
    Result<void> update(const Persona& persona);
    /// Hides it; restore() brings it back.
    Result<void> remove(const Id& persona);
    Result<void> restore(const Id& persona);

private:
    Connection* connection_;
};

} // namespace alcuin::storage
