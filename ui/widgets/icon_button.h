#pragma once

#include <QToolButton>

#include "theme/icons.h"

namespace alcuin::ui {

class Theme;

/// A button that is only an icon, at least a hit target large. Its name is what screen readers say and its tool tip.
class IconButton : public QToolButton {
    Q_OBJECT
public:
    enum class Look {
        kPlain,   ///< nothing but the icon until it is touched
        kPrimary, ///< a disc of the accent
        kRaised   ///< a disc that floats over what lies below
    };

    IconButton(const Theme& theme, Icon icon, const QString& name, QWidget* parent = nullptr);

    void setLook(Look look);
    void setPicture(Icon icon, const QString& name);
    Icon picture() const;
    /// A tool tip that says more than the name.
    void setHint(const QString& hint);

    /// The button's menu, on the screen that the button is on: below it where there is room, else where it fits. Qt's
    /// own `showMenu()` puts one that is higher than the screen on another.
    void openMenu();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void paintPlain(QPainter& painter) const;
    void paintDisc(QPainter& painter) const;

    const Theme& m_theme;
    Icon m_icon;
    Look m_look = Look::kPlain;
};

} // namespace alcuin::ui
