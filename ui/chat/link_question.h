#pragma once

class QUrl;
class QWidget;

namespace alcuin::ui {

class Theme;

/// Shows where a link goes and asks whether to follow it; opens or copies it when told to.
void askToOpenLink(const QUrl& url, const Theme& theme, QWidget& parent);

} // namespace alcuin::ui
