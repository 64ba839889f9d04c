#pragma once

#include <QWidget>

#include "theme/icons.h"
#include "theme/theme.h"

namespace alcuin::ui {

/// An icon that says what the words beside it are about: nothing to press, nothing that a screen reader would add to
/// them. It grows with the text.
class Sign : public QWidget {
    Q_OBJECT
public:
    Sign(const Theme& theme, Icon icon, QColor Colors::*color, QWidget* parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    Icon m_icon;
    QColor Colors::*m_color;
};

} // namespace alcuin::ui
