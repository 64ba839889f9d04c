#include "chat/find/matcher.h"

#include <QStringMatcher>

#include <algorithm>

namespace alcuin::ui {

namespace {

/// The same number of characters, with every space the same.
QString evened(const QString& text) {
    const auto isOther = [](QChar c) { return c != u' ' && c.isSpace(); };
    if (std::ranges::none_of(text, isOther)) {
        return text;
    }
    QString result = text;
    std::ranges::replace_if(result, isOther, QChar(u' '));
    return result;
}

} // namespace

QList<TextRange> matchesIn(const QString& flatText, const FindQuery& query) {
    QList<TextRange> matches;
    if (query.isEmpty() || flatText.size() < query.text.size()) {
        return matches;
    }
    const QString text = evened(flatText);
    const QStringMatcher matcher(evened(query.text), query.matchCase ? Qt::CaseSensitive : Qt::CaseInsensitive);
    const auto length = query.text.size();
    for (auto at = matcher.indexIn(text); at >= 0; at = matcher.indexIn(text, at + length)) {
        matches.append({int(at), int(at + length)});
    }
    return matches;
}

} // namespace alcuin::ui
