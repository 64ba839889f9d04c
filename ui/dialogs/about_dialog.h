#pragma once

#include <QDialog>

namespace alcuin::ui {

class Theme;

/// Name, version and licence.
class AboutDialog : public QDialog {
    Q_OBJECT
public:
    explicit AboutDialog(const Theme& theme, QWidget* parent = nullptr);
};

} // namespace alcuin::ui
