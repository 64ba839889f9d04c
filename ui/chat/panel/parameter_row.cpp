#include "chat/panel/parameter_row.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <cmath>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"
#include "widgets/slider.h"

namespace alcuin::ui {

namespace {
/// Changes by keys and typing; a wheel over it scrolls the panel.
class NumberField : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;

    /// One below the other they are as wide as each other, but for what needs words.
    QSize sizeHint() const override {
        const int least = fontMetrics().horizontalAdvance(QStringLiteral("0.000")) + 2 * Space::k2;
        return QDoubleSpinBox::sizeHint().expandedTo({least, 0});
    }
    QSize minimumSizeHint() const override {
        return sizeHint();
    }

protected:
    void wheelEvent(QWheelEvent* event) override {
        event->ignore();
    }
};
} // namespace

ParameterRow::ParameterRow(const QString& name, const QString& words, const Range& range, const Theme& theme,
                           QWidget* parent)
    : QWidget(parent)
    , m_name(new Label(theme, FontRole::kControl, &Colors::ink, this))
    , m_number(new NumberField(this))
    , m_slider(range.slider ? new Slider(theme, this) : nullptr)
    , m_reset(new IconButton(theme, Icon::kUndo, tr("%1 as usual").arg(name), this)) {
    m_name->setText(name);
    auto* explained = new Label(theme, FontRole::kSecondary, &Colors::ink2, this);
    explained->setText(words);
    explained->setWordWrap(true);
    m_number->setRange(range.least, range.most);
    m_number->setSingleStep(range.step);
    m_number->setDecimals(range.decimals);
    m_number->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_number->setAlignment(Qt::AlignCenter);
    m_number->setSpecialValueText(range.leastWords);
    m_number->setKeyboardTracking(false);
    m_number->setAccessibleName(name);
    m_number->setAccessibleDescription(words);
    QSizePolicy kept = m_reset->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(kept);
    auto* top = new QHBoxLayout;
    top->setSpacing(Space::k1);
    top->addWidget(m_name, 1);
    top->addWidget(m_reset);
    top->addWidget(m_number);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(top);
    if (m_slider != nullptr) {
        m_slider->setRange(0, static_cast<int>(std::lround((range.most - range.least) / range.step)));
        m_slider->setAccessibleName(name);
        m_slider->setAccessibleDescription(words);
        m_slider->setPageStep(std::max(1, m_slider->maximum() / 10));
        column->addWidget(m_slider);
        connect(m_slider, &Slider::valueChanged, this, [this, range](int steps) {
            if (!m_showing) {
                m_number->setValue(range.least + steps * range.step);
            }
        });
    }
    column->addWidget(explained);
    connect(m_number, &QDoubleSpinBox::valueChanged, this, [this, range](double value) {
        if (m_slider != nullptr) {
            const QScopedValueRollback guard(m_showing, true);
            m_slider->setValue(static_cast<int>(std::lround((value - range.least) / range.step)));
        }
        refresh();
        if (!m_showing) {
            emit changed();
        }
    });
    connect(m_reset, &IconButton::clicked, this, [this] {
        m_number->setFocus(Qt::OtherFocusReason); // the button goes away
        m_number->setValue(m_usual);
    });
    refresh();
}

double ParameterRow::value() const {
    return m_number->value();
}

void ParameterRow::setValue(double value, double usual) {
    const QScopedValueRollback guard(m_showing, true);
    m_usual = usual;
    m_number->setValue(value);
    refresh();
}

void ParameterRow::refresh() {
    m_reset->setVisible(std::abs(m_number->value() - m_usual) > 1e-9);
}

} // namespace alcuin::ui
