#pragma once

#include <QObject>

class QWidget;

namespace alcuin::ui {

/// Lets a window that nobody can see sleep: when it is hidden or minimised, the pictures that Qt keeps for painting go.
/// Qt looks through them every half minute for as long as there are any, which wakes the processor.
class HiddenRest : public QObject {
    Q_OBJECT
public:
    /// Watches `window`, which owns it.
    explicit HiddenRest(QWidget& window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget& m_widget;
};

} // namespace alcuin::ui
