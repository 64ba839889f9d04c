#pragma once

#include <QHash>
#include <QObject>
#include <QString>

namespace alcuin::app {

class StorageThread;

/// Small named values: read once before the window opens, written in the background.
class SettingsService : public QObject {
    Q_OBJECT
public:
    SettingsService(StorageThread& storage, QHash<QString, QString> values, QObject* parent = nullptr);

    QString value(const QString& key, const QString& otherwise = {}) const;
    void setValue(const QString& key, const QString& value);

signals:
    void changed(const QString& key, const QString& value);

private:
    StorageThread& m_storage;
    QHash<QString, QString> m_values;
};

} // namespace alcuin::app
