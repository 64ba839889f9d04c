#pragma once

#include <QDialog>

namespace alcuin::ui {

class Theme;

/// A text to be read and copied, not changed: a file that goes along, a summary.
class TextPreview : public QDialog {
    Q_OBJECT
public:
    enum class Kind { kCode, kProse };
    TextPreview(const QString& title, const QString& details, const QString& text, Kind kind, const Theme& theme,
                QWidget* parent = nullptr);
};

} // namespace alcuin::ui
