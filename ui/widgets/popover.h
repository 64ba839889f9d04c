#pragma once

#include <QPointer>
#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace alcuin::ui {

class Theme;

/// A raised panel that opens beside what asked for it and goes away by Escape or a press elsewhere; the keyboard is in
/// it meanwhile and goes back where it was. What doesn't fit on the screen is scrolled to.
class Popover : public QWidget {
    Q_OBJECT
public:
    explicit Popover(const Theme& theme, QWidget* parent = nullptr);

    /// Over `area` of `anchor` where there is room, else below; begins where `area` begins.
    void openAt(QWidget& anchor, const QRect& area);

    QSize sizeHint() const override;

protected:
    QVBoxLayout& column() const;
    const Theme& theme() const;
    void paintEvent(QPaintEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    const Theme& m_theme;
    QScrollArea* m_scroll;
    QVBoxLayout* m_column;
    QPointer<QWidget> m_before; ///< had the focus
    QPointer<QWidget> m_anchor; ///< asked for it, with
    QRect m_area;
};

} // namespace alcuin::ui
