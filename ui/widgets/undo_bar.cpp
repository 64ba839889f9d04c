#include "widgets/undo_bar.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPushButton>

#include <utility>

#include "widgets/icon_button.h"
#include "widgets/label.h"

namespace alcuin::ui {

UndoBar::UndoBar(const Theme& cardTheme, QWidget* parent)
    : Card(cardTheme, &Colors::raised, parent)
    , m_label(new Label(cardTheme, FontRole::kControl, &Colors::ink, this))
    , m_button(new QPushButton(tr("Undo"), this))
    , m_close(new IconButton(cardTheme, Icon::kClose, tr("Put this away"), this)) {
    setOutline(&Colors::ink3);
    m_label->setWordWrap(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Space::k2, Space::k2, Space::k2, Space::k2);
    row->setSpacing(Space::k2);
    row->addSpacing(Space::k1);
    row->addWidget(m_label, 1);
    row->addWidget(m_button);
    row->addWidget(m_close);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kShownMs);
    connect(&m_timer, &QTimer::timeout, this, &UndoBar::leave);
    connect(m_button, &QPushButton::clicked, this, &UndoBar::undo);
    connect(m_close, &IconButton::clicked, this, [this] {
        m_undo = nullptr;
        hide();
    });
    hide();
}

void UndoBar::offer(const QString& text, std::function<void()> undo) {
    m_undo = std::move(undo);
    m_label->setText(text);
    setAccessibleName(text);
    show();
    raise();
    emit placeNeeded();
    m_timer.start();
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void UndoBar::undo() {
    m_timer.stop();
    hide();
    if (const auto undo = std::exchange(m_undo, nullptr)) {
        undo();
    }
}

QString UndoBar::text() const {
    return m_label->text();
}

QSize UndoBar::sizeHint() const {
    const int words = m_label->fontMetrics().horizontalAdvance(text()) + 1;
    const int rest = 5 * Space::k2 + Space::k1 + m_button->sizeHint().width() + m_close->sizeHint().width();
    const int width = words + rest;
    return {width, heightForWidth(width)};
}

void UndoBar::hideEvent(QHideEvent* event) {
    Card::hideEvent(event);
    emit placeNeeded();
}

void UndoBar::leave() {
    if (underMouse() || m_button->hasFocus() || m_close->hasFocus()) {
        m_timer.start();
        return;
    }
    m_undo = nullptr;
    hide();
}

} // namespace alcuin::ui
