#pragma once

#include <QObject>

class QWidget;

namespace alcuin::ui {

/// What the keyboard comes to is wholly in view, as far as there is room for it: Qt scrolls only for who is already
/// inside the same area, and of a field of text only to its caret. What is pressed stays where it is. One per program.
class FocusInView : public QObject {
    Q_OBJECT
public:
    explicit FocusInView(QObject* parent);

    static void bring(const QWidget& widget);
};

} // namespace alcuin::ui
