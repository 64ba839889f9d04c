#include "highlight/file_name.h"

#include <algorithm>

#include "highlight/language.h"

namespace alcuin::ui::highlight {

namespace {

constexpr int kLongestName = 60;

bool isNameCharacter(QChar c) {
    return c.isLetterOrNumber() || c == u'_' || c == u'-' || c == u'.';
}

/// The name in "// src/main.rs" or "<!-- index.html -->", if there is one with that extension.
QString named(QStringView line, const QString& extension) {
    line = line.trimmed();
    for (const char* sign : {"<!--", "//", "/*", "#", "--", ";", "%"}) {
        if (line.startsWith(QLatin1String(sign))) {
            line = line.mid(qstrlen(sign)).trimmed();
            if (line.endsWith(QLatin1String("-->")) || line.endsWith(QLatin1String("*/"))) {
                line = line.chopped(line.endsWith(u'/') ? 2 : 3).trimmed();
            }
            const QStringView name = line.mid(std::max(line.lastIndexOf(u'/'), line.lastIndexOf(u'\\')) + 1);
            const bool fits = name.size() <= kLongestName && name.size() > extension.size() + 1 &&
                              name.endsWith(QLatin1Char('.') + extension) && name.front() != u'.' &&
                              std::ranges::all_of(name, isNameCharacter);
            return fits ? name.toString() : QString();
        }
    }
    return {};
}

} // namespace

QString fileNameFor(const Language* language, QStringView code) {
    if (language == nullptr) {
        return QStringLiteral("code.txt");
    }
    if (!language->fileName.isEmpty()) {
        return language->fileName;
    }
    const qsizetype end = code.indexOf(u'\n');
    const QString name = named(code.first(end < 0 ? code.size() : end), language->extension);
    return name.isEmpty() ? QStringLiteral("code.") + language->extension : name;
}

} // namespace alcuin::ui::highlight
