#pragma once

#include <QWidget>

class QDoubleSpinBox;

namespace alcuin::ui {

class IconButton;
class Label;
class Slider;
class Theme;

/// One number with its name, what it does in plain words, a slider where its range is small, and a way back to the
/// usual value, shown while it is another.
class ParameterRow : public QWidget {
    Q_OBJECT
public:
    struct Range {
        double least = 0;
        double most = 1;
        double step = 0.05;
        int decimals = 2;
        bool slider = true;
        QString leastWords; ///< shown instead of the least value, "Off"
    };

    ParameterRow(const QString& name, const QString& words, const Range& range, const Theme& theme,
                 QWidget* parent = nullptr);

    double value() const;
    /// Not reported as changed.
    void setValue(double value, double usual);

signals:
    void changed();

private:
    void refresh();

    Label* m_name;
    QDoubleSpinBox* m_number;
    Slider* m_slider;
    IconButton* m_reset;
    double m_usual = 0;
    bool m_showing = false;
};

} // namespace alcuin::ui
