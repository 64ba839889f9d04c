#pragma once

#include <QWidget>

#include "theme/theme.h"

namespace alcuin::ui {

/// A rounded panel in one of the theme's colours, with an outline where asked.
class Card : public QWidget {
    Q_OBJECT
public:
    Card(const Theme& theme, QColor Colors::*fill, QWidget* parent = nullptr);

    void setCorner(int corner);
    /// Null: none.
    void setOutline(QColor Colors::*outline);
    void setOutlineStyle(Qt::PenStyle style);

protected:
    void paintEvent(QPaintEvent* event) override;
    const Theme& theme() const {
        return m_theme;
    }

private:
    const Theme& m_theme;
    QColor Colors::*m_fill;
    QColor Colors::*m_outline = nullptr;
    Qt::PenStyle m_outlineStyle = Qt::SolidLine;
    int m_corner = Space::kCorner;
};

} // namespace alcuin::ui
