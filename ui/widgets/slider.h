#pragma once

#include <QSlider>

namespace alcuin::ui {

class Theme;

/// A value on a line, in the theme's colours.
class Slider : public QSlider {
    Q_OBJECT
public:
    explicit Slider(const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    double handleCenter() const;
    void moveTo(double x);

    const Theme& m_theme;
};

} // namespace alcuin::ui
