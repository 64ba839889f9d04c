#include "highlight/library.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

#include "highlight/language_reader.h"

namespace alcuin::ui::highlight {

Library::Library() {
    for (const Embedded& source : embeddedLanguages()) {
        m_sources.emplace_back(QString::fromLatin1(source.id),
                               QByteArray::fromRawData(source.json, qstrlen(source.json)));
    }
}

Library::Library(std::vector<std::pair<QString, QByteArray>> sources) : m_sources(std::move(sources)) {}

Library::~Library() = default;

void Library::addAlias(const QString& alias, const QString& id) {
    if (alias != alias.toLower()) {
        m_errors += QStringLiteral("%1: the alias %2 isn't in small letters").arg(id, alias);
    }
    if (m_ids.contains(alias) && m_ids.value(alias) != id) {
        m_errors += QStringLiteral("%1 and %2 share the name %3").arg(id, m_ids.value(alias), alias);
        return;
    }
    m_ids.insert(alias, id);
}

void Library::readNames() {
    if (m_named) {
        return;
    }
    m_named = true;
    for (const auto& [id, json] : m_sources) {
        QJsonParseError error;
        const QJsonObject object = QJsonDocument::fromJson(json, &error).object();
        if (error.error != QJsonParseError::NoError) {
            m_errors += QStringLiteral("%1: %2 at byte %3").arg(id, error.errorString()).arg(error.offset);
            continue;
        }
        m_objects.insert(id, object);
        for (const auto& alias : object.value(QStringLiteral("aliases")).toArray()) {
            addAlias(alias.toString(), id);
        }
        if (const QString name = object.value(QStringLiteral("name")).toString(); !name.isEmpty()) {
            addAlias(name.toLower(), id);
        }
    }
}

QStringList Library::ids() {
    QStringList ids;
    for (const auto& [id, json] : m_sources) {
        ids += id;
    }
    return ids;
}

const Language* Library::language(const QString& id) {
    readNames();
    if (const auto known = m_languages.constFind(id); known != m_languages.cend()) {
        return known->get();
    }
    if (!m_objects.contains(id) || m_reading.contains(id)) {
        return nullptr;
    }
    m_reading.insert(id);
    auto read = LanguageReader::read(
        id, m_objects.value(id), [this](const QString& other) { return language(other); },
        [this](const QString& other) { return m_objects.value(other); });
    m_reading.remove(id);
    if (!read) {
        m_errors += read.error();
    }
    std::shared_ptr<const Language> kept(read ? std::move(*read) : nullptr);
    m_languages.insert(id, kept);
    return kept.get();
}

const Language* Library::find(const QString& label) {
    constexpr int kLongest = 64;
    if (label.isEmpty() || label.size() > kLongest) {
        return nullptr;
    }
    readNames();
    QString name = label.toLower();
    name.remove(QLatin1Char('{')).remove(QLatin1Char('}'));
    for (const auto& prefix : {QLatin1String("language-"), QLatin1String("lang-"), QLatin1String(".")}) {
        if (name.startsWith(prefix)) {
            name.remove(0, prefix.size());
        }
    }
    if (!m_ids.contains(name)) { // "cpp:main.cpp", "js,ignore"
        const auto end = std::ranges::find_if(name, [](QChar c) { return c == u':' || c == u',' || c == u' '; });
        name.truncate(end - name.begin());
    }
    const QString id = m_ids.value(name);
    return id.isEmpty() ? nullptr : language(id);
}

} // namespace alcuin::ui::highlight
