#include <alcuin/storage/settings_store.h>

#include "guard.h"
#include "row_mapping.h"

namespace alcuin::storage {

SettingsStore::SettingsStore(Database& database) : connection_(database.connection_.get()) {}

Result<std::map<std::string, std::string, std::less<>>> SettingsStore::all() {
    return guarded(*connection_, "reading the settings", [&] {
        std::map<std::string, std::string, std::less<>> values;
        SQLite::Statement query(connection_->database, "SELECT key, value FROM settings");
        while (query.executeStep()) {
            values.emplace(query.getColumn(0).getString(), query.getColumn(1).getString());
        }
        return values;
    });
}

Result<void> SettingsStore::set(std::string_view key, std::string_view value) {
    return written(*connection_, "storing a setting", [&] {
        SQLite::Statement upsert(connection_->database, "INSERT INTO settings (key, value) VALUES (?1, ?2) "
                                                        "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        bindText(upsert, 1, key);
        bindText(upsert, 2, value);
        upsert.exec();
    });
}

Result<void> SettingsStore::remove(std::string_view key) {
    return written(*connection_, "dropping a setting", [&] {
        SQLite::Statement erase(connection_->database, "DELETE FROM settings WHERE key = ?1");
        bindText(erase, 1, key);
        erase.exec();
    });
}

} // namespace alcuin::storage
