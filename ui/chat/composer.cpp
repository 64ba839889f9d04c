#include "chat/composer.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <utility>

#include "chat/composer_edit.h"
#include "chat/desk/attachment_strip.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"

namespace alcuin::ui {

Composer::Composer(const Theme& cardTheme, QWidget* parent)
    : Card(cardTheme, &Colors::surface, parent)
    , m_edit(new ComposerEdit(this))
    , m_attachments(new AttachmentStrip(cardTheme, this))
    , m_attach(new IconButton(cardTheme, Icon::kAttach, tr("Attach text or code files"), this))
    , m_slash(new IconButton(cardTheme, Icon::kSnippet, tr("Snippets and personas"), this))
    , m_queue(new IconButton(cardTheme, Icon::kSend, tr("Send after this answer"), this))
    , m_button(new IconButton(cardTheme, Icon::kSend, tr("Send"), this))
    , m_status(new Label(cardTheme, FontRole::kSecondary, &Colors::ink3, this))
    , m_cancelEdit(new QPushButton(tr("Cancel editing"), this)) {
    setCorner(Space::kComposerCorner);
    setOutline(&Colors::ink3);
    m_edit->setHint(tr("Ask anything"));
    m_edit->setAccessibleName(tr("Your question"));
    m_edit->setAccessibleDescription(tr("Enter sends, Shift+Enter begins a new line, / chooses a snippet or persona"));
    m_edit->installEventFilter(this);
    m_slash->setHint(tr("Snippets and personas (/ on an empty line)"));
    m_queue->setHint(tr("Send after this answer (Enter)"));
    m_queue->hide();
    m_button->setObjectName(QStringLiteral("send"));
    m_button->setLook(IconButton::Look::kPrimary);
    m_status->setElided(true);
    m_cancelEdit->hide();
    buildLayout();
    setFocusProxy(m_edit);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_draftTimer.setSingleShot(true);
    m_draftTimer.setInterval(kDraftDelayMs);
    connectParts();
    applyTheme();
    refresh();
}

void Composer::buildLayout() {
    auto* bottom = new QHBoxLayout;
    bottom->setSpacing(Space::k1);
    bottom->addWidget(m_attach);
    bottom->addWidget(m_slash);
    bottom->addSpacing(Space::k1);
    bottom->addWidget(m_status, 1);
    bottom->addWidget(m_cancelEdit);
    bottom->addWidget(m_queue);
    bottom->addWidget(m_button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k2, Space::k2, Space::k2, Space::k2);
    column->setSpacing(Space::k1);
    auto* files = new QHBoxLayout;
    files->setContentsMargins(Space::k1, 0, Space::k1, 0);
    files->addWidget(m_attachments);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(Space::k1, 0, Space::k1, 0);
    top->addWidget(m_edit);
    column->addLayout(files);
    column->addLayout(top);
    column->addLayout(bottom);
    setTabOrder(m_edit, m_attach);
    setTabOrder(m_attach, m_slash);
    setTabOrder(m_slash, m_cancelEdit);
    setTabOrder(m_cancelEdit, m_queue);
    setTabOrder(m_queue, m_button);
}

void Composer::connectParts() {
    connect(&m_draftTimer, &QTimer::timeout, this, [this] { emit draftChanged(text()); });
    connect(m_edit, &ComposerEdit::sendRequested, this, &Composer::requestSend);
    connect(m_edit, &ComposerEdit::textChanged, this, [this] {
        if (!isEditing() && !m_showingDraft) {
            m_draftTimer.start();
        }
        refresh();
        emit questionChanged();
    });
    connect(m_attachments, &AttachmentStrip::changed, this, [this] {
        refresh();
        emit questionChanged();
    });
    connect(m_attachments, &AttachmentStrip::focusLost, this, &Composer::focusText);
    connect(m_attach, &IconButton::clicked, this, &Composer::attachRequested);
    connect(m_slash, &IconButton::clicked, this, &Composer::slashRequested);
    connect(m_queue, &IconButton::clicked, this, &Composer::requestSend);
    connect(m_button, &IconButton::clicked, this, [this] {
        if (m_state.answering) {
            emit stopRequested();
        } else {
            requestSend();
        }
    });
    connect(m_cancelEdit, &QPushButton::clicked, this, &Composer::editCancelled);
    connect(&theme(), &Theme::changed, this, &Composer::applyTheme);
}

QString Composer::text() const {
    return m_edit->toPlainText();
}

app::Question Composer::question() const {
    return {text(), m_attachments->attachments()};
}

AttachmentStrip& Composer::attachments() const {
    return *m_attachments;
}

ComposerEdit& Composer::field() const {
    return *m_edit;
}

void Composer::setText(const QString& text) {
    const QScopedValueRollback guard(m_showingDraft, true);
    m_draftTimer.stop();
    if (text != m_edit->toPlainText()) {
        m_edit->setPlainText(text);
        m_edit->moveCursor(QTextCursor::End);
    }
}

void Composer::takeSent(const app::Question& sent) {
    const QString now = text();
    if (now == sent.text) {
        setText({});
    } else if (now.startsWith(sent.text)) {
        setText(now.mid(sent.text.size()).trimmed());
        m_draftTimer.start();
    }
    QList<app::Attachment> left = m_attachments->attachments();
    left.removeIf([&](const app::Attachment& file) { return sent.attachments.contains(file); });
    m_attachments->setAttachments(left);
    m_attachments->clearRefusals();
}

void Composer::takeBack(const app::Question& question) {
    const QString now = text();
    setText(now.trimmed().isEmpty() ? question.text : question.text + QLatin1String("\n\n") + now);
    QList<app::Attachment> files = question.attachments;
    for (const auto& file : m_attachments->attachments()) {
        if (!files.contains(file)) {
            files.append(file);
        }
    }
    m_attachments->setAttachments(files);
    if (!isEditing()) {
        m_draftTimer.start();
    }
    focusText();
}

void Composer::setState(const State& state) {
    m_state = state;
    refresh();
}

void Composer::setTemporary(bool temporary) {
    if (temporary != m_temporary) {
        m_temporary = temporary;
        setOutlineStyle(temporary ? Qt::DashLine : Qt::SolidLine);
    }
}

void Composer::beginEdit(const app::Question& before, Edit edit) {
    flushDraft();
    if (!isEditing()) {
        m_beforeEdit = question();
    }
    m_editing = edit;
    setText(before.text);
    m_attachments->setAttachments(before.attachments);
    m_attachments->clearRefusals();
    m_edit->setAccessibleName(edit == Edit::kAnswer ? tr("Your version of the answer") : tr("Your question"));
    m_cancelEdit->show();
    refresh();
    focusText();
}

bool Composer::isEditing() const {
    return m_editing != Edit::kNone;
}

Composer::Edit Composer::edit() const {
    return m_editing;
}

void Composer::endEdit() {
    if (!isEditing()) {
        return;
    }
    m_editing = Edit::kNone;
    m_edit->setAccessibleName(tr("Your question"));
    m_cancelEdit->hide();
    const app::Question before = std::exchange(m_beforeEdit, {});
    setText(before.text);
    if (!before.text.isEmpty()) {
        m_draftTimer.start(); // storing the edited question took the draft away
    }
    m_attachments->setAttachments(before.attachments);
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

bool Composer::hasContent() const {
    return !text().trimmed().isEmpty() || (m_editing != Edit::kAnswer && !m_attachments->attachments().isEmpty());
}

bool Composer::canSendNow() const {
    if (!hasContent()) {
        return false;
    }
    if (m_state.answering) {
        return m_state.canQueue && !isEditing();
    }
    return m_state.canSend || m_editing == Edit::kAnswer; // keeping an answer asks no model
}

void Composer::requestSend() {
    if (canSendNow()) {
        emit sendRequested(text());
    }
}

void Composer::refresh() {
    const bool stop = m_state.answering;
    const bool saves = m_editing == Edit::kAnswer && !stop;
    const bool usable = stop || canSendNow();
    const bool hadFocus = m_button->hasFocus();
    const bool queueHadFocus = m_queue->hasFocus();
    const QString name = saves ? tr("Save this version of the answer") : stop ? tr("Stop the answer") : tr("Send");
    m_button->setPicture(stop ? Icon::kStop : saves ? Icon::kCheck : Icon::kSend, name);
    m_button->setEnabled(usable);
    m_queue->setVisible(stop && canSendNow());
    m_attach->setVisible(m_editing != Edit::kAnswer);
    m_slash->setVisible(!isEditing());
    if ((hadFocus && !usable) || (queueHadFocus && m_queue->isHidden())) {
        focusText(); // a button that is away would leave the keyboard nowhere
    }
    if (stop) {
        m_button->setHint(tr("Stop the answer (Esc)"));
    } else if (!m_state.canSend && !saves) {
        m_button->setHint(m_state.status);
    } else {
        m_button->setHint(tr("%1 (Enter)").arg(name));
    }
    const bool tellEdit = isEditing() && !stop && (m_state.canSend || saves);
    m_status->setText(!tellEdit ? m_state.status
                      : saves   ? tr("Your version of the answer; nothing is asked")
                                : tr("Another version of an earlier question"));
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
