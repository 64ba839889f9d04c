#pragma once

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QSet>
#include <QStringList>

#include <memory>
#include <span>
#include <vector>

#include "highlight/language.h"

namespace alcuin::ui::highlight {

/// A description compiled into the program, from resources/languages.
struct Embedded {
    const char* id;
    const char* json;
};
std::span<const Embedded> embeddedLanguages();

/// All languages there are. Names are read on the first look-up, a language itself when it is first asked for. What
/// is given out lives as long as the library. Not for several threads.
class Library {
public:
    Library();
    explicit Library(std::vector<std::pair<QString, QByteArray>> sources);
    ~Library();

    /// The language that a fence names so: "cpp", "C++", "{.python}", "language-js"; null for others.
    const Language* find(const QString& label);
    /// By its file's name; null and errors() where it can't be read.
    const Language* language(const QString& id);
    QStringList ids();
    const QStringList& errors() const {
        return m_errors;
    }

private:
    void readNames();
    void addAlias(const QString& alias, const QString& id);

    std::vector<std::pair<QString, QByteArray>> m_sources;
    QHash<QString, QJsonObject> m_objects;
    QHash<QString, QString> m_ids; ///< by alias
    QHash<QString, std::shared_ptr<const Language>> m_languages;
    QSet<QString> m_reading;
    QStringList m_errors;
    bool m_named = false;
};

} // namespace alcuin::ui::highlight
