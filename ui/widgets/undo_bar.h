#pragma once

#include <QTimer>

#include <functional>

#include "widgets/card.h"

class QPushButton;

namespace alcuin::ui {

class IconButton;
class Label;

/// Says what was done and takes it back on request. Goes away by itself, but not under the pointer or the focus.
class UndoBar : public Card {
    Q_OBJECT
public:
    explicit UndoBar(const Theme& theme, QWidget* parent = nullptr);

    void offer(const QString& text, std::function<void()> undo);
    /// What the button does; nothing when the bar is away.
    void undo();
    QString text() const;
    /// As wide as its words in one line need it.
    QSize sizeHint() const override;

    static constexpr int kShownMs = 10'000;

signals:
    /// Its size or visibility is another: put it in its place.
    void placeNeeded();

protected:
    void hideEvent(QHideEvent* event) override;

private:
    void leave();

    Label* m_label;
    QPushButton* m_button;
    IconButton* m_close;
    std::function<void()> m_undo;
    QTimer m_timer;
};

} // namespace alcuin::ui
