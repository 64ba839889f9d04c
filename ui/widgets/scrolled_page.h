#pragma once

#include <QScrollArea>

namespace alcuin::ui {

/// A page that fills the room it has and can be scrolled where that is too little; its middle stays the window's, with
/// a scroll bar or without. Lay out `content()`, then call `showContent()`.
class ScrolledPage : public QScrollArea {
    Q_OBJECT
public:
    explicit ScrolledPage(QWidget* parent = nullptr);

    /// So much at its lower end is covered by what floats there: what would be below it can be scrolled up.
    void setCovered(int height);

protected:
    QWidget* content() const;
    void showContent();
    void resizeEvent(QResizeEvent* event) override;

private:
    void keepClear();

    QWidget* m_content;
    int m_covered = 0;
};

} // namespace alcuin::ui
