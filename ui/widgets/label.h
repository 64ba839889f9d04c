#pragma once

#include <QLabel>

#include "theme/theme.h"

namespace alcuin::ui {

/// Plain text in one of the theme's fonts and colours; follows the theme.
class Label : public QLabel {
    Q_OBJECT
public:
    Label(const Theme& theme, FontRole font, QColor Colors::*color, QWidget* parent = nullptr);

    void setColor(QColor Colors::*color);
    /// As a heading over what belongs to it.
    void setStrong(bool strong);
    /// Words end where the window's lines end.
    void setTrailing();
    /// One line, cut with an ellipsis where it doesn't fit; the whole text is then the tool tip.
    void setElided(bool elided);

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void applyTheme();
    void align();

    const Theme& m_theme;
    FontRole m_font;
    QColor Colors::*m_color;
    bool m_strong = false;
    bool m_trailing = false;
    bool m_elided = false;
};

} // namespace alcuin::ui
