#include "ui/highlight/kinds.h"

#include "highlight/highlighter.h"

namespace alcuin::tests {

using namespace ui::highlight;

std::vector<Kind> kindsOf(Library& library, const Language& language, const QString& text) {
    Highlighter highlighter(language, library);
    const QStringList lines = text.split(QLatin1Char('\n'));
    std::vector<Kind> kinds;
    for (int line = 0; line < lines.size(); ++line) {
        const size_t start = kinds.size();
        kinds.resize(start + size_t(lines.at(line).size()) + 1);
        for (const Span& span : highlighter.spansOf(line, [&](int i) { return QStringView(lines.at(i)); })) {
            std::fill_n(kinds.begin() + std::ptrdiff_t(start) + span.start, span.length, span.kind);
        }
    }
    kinds.pop_back();
    return kinds;
}

QString described(Library& library, const Language& language, const QString& text) {
    const std::vector<Kind> kinds = kindsOf(library, language, text);
    QStringList parts;
    for (size_t i = 0; i < kinds.size();) {
        size_t end = i + 1;
        while (end < kinds.size() && kinds[end] == kinds[i]) {
            ++end;
        }
        if (kinds[i] != Kind::kPlain) {
            parts += QLatin1String(nameOf(kinds[i])) + QLatin1Char(':') + text.mid(qsizetype(i), qsizetype(end - i));
        }
        i = end;
    }
    return parts.join(QLatin1Char(' '));
}

} // namespace alcuin::tests
