#include "services/settings_service.h"

#include <spdlog/spdlog.h>

#include <alcuin/storage/settings_store.h>

#include "services/storage_thread.h"

namespace alcuin::app {

SettingsService::SettingsService(StorageThread& storage, QHash<QString, QString> values, QObject* parent)
    : QObject(parent), m_storage(storage), m_values(std::move(values)) {}

QString SettingsService::value(const QString& key, const QString& otherwise) const {
    return m_values.value(key, otherwise);
}

void SettingsService::setValue(const QString& key, const QString& value) {
    const auto known = m_values.constFind(key);
    if (known != m_values.constEnd() && *known == value) {
        return;
    }
    m_values.insert(key, value);
    m_storage.run([key = key.toStdString(), value = value.toStdString()](storage::Database& database) {
        auto stored = storage::SettingsStore(database).set(key, value);
        if (!stored) {
            spdlog::warn("the setting {} is kept until the program ends only: {}", key, stored.error().message);
        }
        return stored;
    });
    emit changed(key, value);
}

} // namespace alcuin::app
