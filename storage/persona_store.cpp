#include <alcuin/storage/persona_store.h>

#include <SQLiteCpp/Statement.h>

#include "guard.h"
#include "row_mapping.h"
#include "undoable_rows.h"

namespace alcuin::storage {

namespace {
constexpr std::string_view kWhat = "persona";

void bindPersona(SQLite::Statement& statement, const Persona& persona) {
    bindText(statement, 1, persona.id);
    bindText(statement, 2, persona.name);
    bindText(statement, 3, persona.instructions);
    bindText(statement, 4, persona.parametersJson);
    bindText(statement, 5, persona.modelPath);
}
} // namespace

PersonaStore::PersonaStore(Database& database) : connection_(database.connection_.get()) {}

Result<std::vector<Persona>> PersonaStore::list() {
    return guarded(*connection_, "listing the personas", [&] {
        SQLite::Statement query(connection_->database,
                                "SELECT id, name, instructions, parameters, model_path, created_at FROM personas "
                                "WHERE deleted_at IS NULL ORDER BY name COLLATE NOCASE, rowid");
        std::vector<Persona> personas;
        while (query.executeStep()) {
            personas.push_back({query.getColumn(0).getString(), query.getColumn(1).getString(),
                                query.getColumn(2).getString(), query.getColumn(3).getString(),
                                query.getColumn(4).getString(), query.getColumn(5).getInt64()});
        }
        return personas;
    });
}

Result<Persona> PersonaStore::create(Persona persona) {
    return written(*connection_, "storing a persona", [&] {
        requireName(persona.name);
        persona.id = connection_->sources.newId();
        persona.createdAt = connection_->sources.now();
        SQLite::Statement insert(connection_->database,
                                 "INSERT INTO personas (id, name, instructions, parameters, model_path, created_at) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        bindPersona(insert, persona);
        insert.bind(6, persona.createdAt);
        insert.exec();
        return persona;
    });
}

Result<void> PersonaStore::update(const Persona& persona) {
    return written(*connection_, "changing a persona", [&] {
        requireName(persona.name);
        SQLite::Statement update(connection_->database, "UPDATE personas SET name = ?2, instructions = ?3, "
                                                        "parameters = ?4, model_path = ?5 WHERE id = ?1");
        bindPersona(update, persona);
        requireRow(update.exec(), kWhat);
    });
}

Result<void> PersonaStore::remove(const Id& persona) {
    return written(*connection_, "deleting a persona",
                   [&] { setDeleted(*connection_, "personas", persona, true, kWhat); });
}

Result<void> PersonaStore::restore(const Id& persona) {
    return written(*connection_, "bringing a persona back",
                   [&] { setDeleted(*connection_, "personas", persona, false, kWhat); });
}

} // namespace alcuin::storage
