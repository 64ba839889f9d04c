#pragma once

#include <QString>
#include <QUrl>

#include <optional>

namespace alcuin::ui {

/// The address if a message may offer to open it: http and https with a host, mailto. Nothing else, ever: no files,
/// no program's own schemes, nothing relative.
std::optional<QUrl> openableUrl(const QString& address);

/// The address as a tooltip shows it: all of it, in ASCII (so that no look-alike letter or reversed text deceives),
/// safe in a widget that may read it as rich text.
QString addressToolTip(const QString& address);

} // namespace alcuin::ui
