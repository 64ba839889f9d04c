#include "chat/interaction/link_filter.h"

#include <QCoreApplication>

#include <algorithm>

namespace alcuin::ui {

namespace {
constexpr qsizetype kLongest = 8192; ///< characters of an address a browser would still take
constexpr qsizetype kLine = 72;      ///< characters of an address in one line of a tooltip
} // namespace

std::optional<QUrl> openableUrl(const QString& address) {
    const bool clean = std::ranges::none_of(address, [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format || c.isSpace();
    });
    if (!clean || address.isEmpty() || address.size() > kLongest) {
        return {};
    }
    // A bare "www.example.org" that was made a link means the web.
    const bool bare = address.startsWith(QLatin1String("www."), Qt::CaseInsensitive);
    const QUrl url(bare ? QLatin1String("http://") + address : address, QUrl::TolerantMode);
    if (!url.isValid()) {
        return {};
    }
    const QString scheme = url.scheme();
    const bool web = (scheme == QLatin1String("http") || scheme == QLatin1String("https")) && !url.host().isEmpty();
    const bool mail = scheme == QLatin1String("mailto") && !url.path().isEmpty();
    return web || mail ? std::optional(url) : std::nullopt;
}

QString addressToolTip(const QString& address) {
    const auto url = openableUrl(address);
    QString shown;
    const QString ascii = QString::fromLatin1(
        url ? url->toEncoded() : QUrl::toPercentEncoding(address.left(kLongest), ":/?#[]@!$&'()*+,;=%"));
    for (qsizetype i = 0; i < ascii.size(); i += kLine) {
        shown += (i > 0 ? QLatin1String("<br>") : QLatin1String()) + ascii.mid(i, kLine).toHtmlEscaped();
    }
    if (!url) {
        const QString note =
            QCoreApplication::translate("alcuin::ui::TranscriptView", "Not opened: only web and mail addresses are.");
        shown += QLatin1String("<br>") + note.toHtmlEscaped();
    }
    return QLatin1String("<qt>") + shown + QLatin1String("</qt>");
}

} // namespace alcuin::ui
