#pragma once

#include <QScrollArea>

namespace alcuin::ui {

/// Holds something as high as it is where there is room, and lets it be scrolled where there isn't: on a small screen
/// nothing is squeezed and nothing is out of reach.
class Shelf : public QScrollArea {
public:
    explicit Shelf(QWidget* content, QWidget* parent = nullptr);

    /// As high as the content wants to be at this width.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
};

} // namespace alcuin::ui
