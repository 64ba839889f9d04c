#pragma once

#include <QScrollArea>

namespace alcuin::ui {

/// A page that fills the room it has and can be scrolled where that is too little. Lay out `content()`, then call
/// `showContent()`.
class ScrolledPage : public QScrollArea {
    Q_OBJECT
public:
    explicit ScrolledPage(QWidget* parent = nullptr) : QScrollArea(parent), m_content(new QWidget) {
        setFrameShape(QFrame::NoFrame);
        setFocusPolicy(Qt::NoFocus); // its buttons have the keyboard, and are scrolled to
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setWidgetResizable(true);
        viewport()->setAutoFillBackground(false);
    }

protected:
    QWidget* content() const {
        return m_content;
    }
    void showContent() {
        setWidget(m_content);
        m_content->setAutoFillBackground(false);
    }

private:
    QWidget* m_content;
};

} // namespace alcuin::ui
