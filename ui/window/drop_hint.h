#pragma once

#include <QWidget>

namespace alcuin::ui {

class Theme;

/// Lies over the window while a file is dragged across it, and says what dropping does.
class DropHint : public QWidget {
    Q_OBJECT
public:
    explicit DropHint(const Theme& theme, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace alcuin::ui
