#include "chat/composer.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include "chat/composer_edit.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"

namespace alcuin::ui {

Composer::Composer(const Theme& cardTheme, QWidget* parent)
    : Card(cardTheme, &Colors::surface, parent)
    , m_edit(new ComposerEdit(this))
    , m_button(new IconButton(cardTheme, Icon::kSend, tr("Send"), this))
    , m_status(new Label(cardTheme, FontRole::kSecondary, &Colors::ink3, this))
    , m_cancelEdit(new QPushButton(tr("Cancel editing"), this)) {
    setCorner(Space::kComposerCorner);
    setOutline(&Colors::ink3);
    m_edit->setPlaceholderText(tr("Ask anything"));
    m_edit->setAccessibleName(tr("Your question"));
    m_edit->setAccessibleDescription(tr("Enter sends, Shift+Enter begins a new line"));
    m_edit->installEventFilter(this);
    m_button->setLook(IconButton::Look::kPrimary);
    m_status->setElided(true);
    m_cancelEdit->hide();

    auto* bottom = new QHBoxLayout;
    bottom->setSpacing(Space::k2);
    bottom->addSpacing(Space::k2 - 2);
    bottom->addWidget(m_status, 1);
    bottom->addWidget(m_cancelEdit);
    bottom->addWidget(m_button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k2, Space::k2, Space::k2, Space::k2);
    column->setSpacing(Space::k1);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(Space::k1, 0, Space::k1, 0);
    top->addWidget(m_edit);
    column->addLayout(top);
    column->addLayout(bottom);
    setFocusProxy(m_edit);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);

    m_draftTimer.setSingleShot(true);
    m_draftTimer.setInterval(kDraftDelayMs);
    connect(&m_draftTimer, &QTimer::timeout, this, [this] { emit draftChanged(text()); });
    connect(m_edit, &ComposerEdit::sendRequested, this, &Composer::requestSend);
    connect(m_edit, &ComposerEdit::textChanged, this, [this] {
        if (!m_editing && !m_showingDraft) {
            m_draftTimer.start();
        }
        refresh();
    });
    connect(m_button, &IconButton::clicked, this, [this] {
        if (m_state.answering) {
            emit stopRequested();
        } else {
            requestSend();
        }
    });
    connect(m_cancelEdit, &QPushButton::clicked, this, &Composer::editCancelled);
    connect(&cardTheme, &Theme::changed, this, &Composer::applyTheme);
    applyTheme();
    refresh();
}

QString Composer::text() const {
    return m_edit->toPlainText();
}

void Composer::setText(const QString& text) {
    const QScopedValueRollback guard(m_showingDraft, true);
    m_draftTimer.stop();
    if (text != m_edit->toPlainText()) {
        m_edit->setPlainText(text);
        m_edit->moveCursor(QTextCursor::End);
    }
}

void Composer::takeSent(const QString& sent) {
    const QString now = text();
    if (now == sent) {
        setText({});
    } else if (now.startsWith(sent)) {
        setText(now.mid(sent.size()).trimmed());
        m_draftTimer.start();
    }
}

void Composer::setState(const State& state) {
    m_state = state;
    refresh();
}

void Composer::beginEdit(const QString& question) {
    flushDraft();
    if (!m_editing) {
        m_beforeEdit = text();
    }
    m_editing = true;
    setText(question);
    m_cancelEdit->show();
    refresh();
    focusText();
}

bool Composer::isEditing() const {
    return m_editing;
}

void Composer::endEdit() {
    if (!m_editing) {
        return;
    }
    m_editing = false;
    m_cancelEdit->hide();
    setText(std::exchange(m_beforeEdit, {}));
    refresh();
}

void Composer::setMaximumTextHeight(int pixels) {
    m_edit->setMaximumTextHeight(pixels);
}

void Composer::focusText() {
    m_edit->setFocus(Qt::OtherFocusReason);
}

void Composer::flushDraft() {
    if (m_draftTimer.isActive()) {
        m_draftTimer.stop();
        emit draftChanged(text());
    }
}

void Composer::requestSend() {
    if (m_state.canSend && !m_state.answering && !text().trimmed().isEmpty()) {
        emit sendRequested(text());
    }
}

void Composer::refresh() {
    const bool stop = m_state.answering;
    const bool usable = stop || (m_state.canSend && !text().trimmed().isEmpty());
    const bool hadFocus = m_button->hasFocus();
    m_button->setPicture(stop ? Icon::kStop : Icon::kSend, stop ? tr("Stop the answer") : tr("Send"));
    m_button->setEnabled(usable);
    if (hadFocus && !usable) {
        focusText(); // a disabled button would leave the keyboard nowhere
    }
    if (stop) {
        m_button->setHint(tr("Stop the answer (Esc)"));
    } else if (!m_state.canSend) {
        m_button->setHint(m_state.status);
    } else {
        m_button->setHint(tr("Send (Enter)"));
    }
    m_status->setText(m_editing && m_state.canSend && !stop ? tr("Another version of an earlier question")
                                                            : m_state.status);
}

bool Composer::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)) {
        update();
    }
    return Card::eventFilter(watched, event);
}

void Composer::paintEvent(QPaintEvent* event) {
    Card::paintEvent(event);
    if (m_edit->hasFocus()) {
        QPainter painter(this);
        paintFocusRing(painter, rect(), Space::kComposerCorner, theme());
    }
}

void Composer::applyTheme() {
    m_edit->setFont(theme().font(FontRole::kBody));
    m_edit->fitHeight();
}

} // namespace alcuin::ui
