#include "chat/find/find_bar.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QToolButton>

#include <algorithm>

#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr int kFieldCharacters = 24;
}

FindBar::FindBar(const Theme& cardTheme, QWidget* parent)
    : Card(cardTheme, &Colors::raised, parent)
    , m_theme(cardTheme)
    , m_edit(new QLineEdit(this))
    , m_result(new Label(cardTheme, FontRole::kSecondary, &Colors::ink2, this))
    , m_case(new QToolButton(this))
    , m_previous(new IconButton(cardTheme, Icon::kCollapse, tr("Previous match"), this))
    , m_next(new IconButton(cardTheme, Icon::kExpand, tr("Next match"), this)) {
    setOutline(&Colors::ink3);
    setAccessibleName(tr("Find in the conversation"));
    m_edit->setPlaceholderText(tr("Find in the conversation"));
    m_edit->setAccessibleName(tr("Find in the conversation"));
    m_edit->installEventFilter(this);
    m_edit->setMinimumWidth(fontMetrics().averageCharWidth() * kFieldCharacters);
    const int figures = fontMetrics().horizontalAdvance(tr("%1 of %2").arg(999).arg(999));
    m_result->setMinimumWidth(std::max(figures, fontMetrics().horizontalAdvance(tr("No matches")) + Space::k2));
    m_result->setTrailing();
    m_case->setText(tr("Aa", "button: distinguish upper and lower case"));
    m_case->setCheckable(true);
    m_case->setAutoRaise(true);
    m_case->setFocusPolicy(Qt::TabFocus);
    m_case->setToolTip(tr("Match case"));
    m_case->setAccessibleName(tr("Match case"));
    auto* close = new IconButton(cardTheme, Icon::kClose, tr("Close"), this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Space::k1, Space::k1, Space::k1, Space::k1);
    row->setSpacing(Space::k1);
    row->addWidget(m_edit, 1);
    row->addWidget(m_result);
    row->addSpacing(Space::k1);
    for (QWidget* button : {static_cast<QWidget*>(m_case), static_cast<QWidget*>(m_previous),
                            static_cast<QWidget*>(m_next), static_cast<QWidget*>(close)}) {
        row->addWidget(button);
    }
    connect(m_edit, &QLineEdit::textChanged, this, &FindBar::queryChanged);
    connect(m_case, &QToolButton::toggled, this, &FindBar::queryChanged);
    connect(m_previous, &IconButton::clicked, this, &FindBar::previousRequested);
    connect(m_next, &IconButton::clicked, this, &FindBar::nextRequested);
    connect(close, &IconButton::clicked, this, &FindBar::closeRequested);
    setFocusProxy(m_edit);
    setResult(0, 0, true);
}

QString FindBar::text() const {
    return m_edit->text();
}

void FindBar::setText(const QString& text) {
    m_edit->setText(text);
}

bool FindBar::matchesCase() const {
    return m_case->isChecked();
}

void FindBar::focusText() {
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void FindBar::setResult(int current, int count, bool complete) {
    const QLocale locale;
    QString words;
    if (!text().isEmpty()) {
        words = count == 0 ? (complete ? tr("No matches") : tr("Looking"))
                           : tr("%1 of %2").arg(locale.toString(current), locale.toString(count)) +
                                 (complete ? QString() : QString(QChar(0x2026)));
    }
    m_previous->setEnabled(count > 0);
    m_next->setEnabled(count > 0);
    if (words == m_result->text()) {
        return;
    }
    m_result->setText(words);
    m_edit->setAccessibleDescription(words);
    if (complete) { // figures that still change aren't worth saying
        QAccessibleEvent event(m_edit, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&event);
    }
}

QString FindBar::resultText() const {
    return m_result->text();
}

bool FindBar::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept(); // from one of the buttons
        return true;
    }
    return Card::event(event);
}

/// The window's own keys (Escape stops an answer) are the bar's while it has the focus.
bool FindBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit && (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
        auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (!enter && key->key() != Qt::Key_Escape) {
            return false;
        }
        event->accept();
        if (event->type() == QEvent::KeyPress) {
            keyPressEvent(key);
        }
        return true;
    }
    return Card::eventFilter(watched, event);
}

void FindBar::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Escape:
        emit closeRequested();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (event->modifiers() & Qt::ShiftModifier) {
            emit previousRequested();
        } else {
            emit nextRequested();
        }
        break;
    default:
        Card::keyPressEvent(event);
    }
}

} // namespace alcuin::ui
