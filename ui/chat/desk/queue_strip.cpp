#include "chat/desk/queue_strip.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr int kWordsInset = Space::k1 + 2; ///< from the card's margin, so that words stand over the composer's

QString wordsOf(const app::Question& question) {
    QString text = question.text.simplified();
    if (text.isEmpty() && !question.attachments.isEmpty()) {
        text = question.attachments.first().name;
    }
    if (!question.attachments.isEmpty() && !question.text.isEmpty()) {
        text += question.attachments.size() == 1 ? QueueStrip::tr(" · 1 file")
                                                 : QueueStrip::tr(" · %1 files").arg(question.attachments.size());
    }
    return text;
}
} // namespace

QueueStrip::QueueStrip(const Theme& cardTheme, QWidget* parent)
    : Card(cardTheme, &Colors::surface, parent)
    , m_title(new Label(cardTheme, FontRole::kSecondary, &Colors::ink2, this))
    , m_sendNow(new QPushButton(tr("Send now"), this))
    , m_rows(new QWidget(this)) {
    setOutline(&Colors::line);
    setCorner(Space::kComposerCorner);
    setAccessibleName(tr("Questions that wait"));
    m_title->setWordWrap(true);
    auto* top = new QHBoxLayout;
    top->setSpacing(Space::k2);
    top->addSpacing(kWordsInset);
    top->addWidget(m_title, 1);
    top->addWidget(m_sendNow);
    auto* rows = new QVBoxLayout(m_rows);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k2, Space::k2, Space::k2, Space::k2);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_rows);
    connect(m_sendNow, &QPushButton::clicked, this, &QueueStrip::sendNowRequested);
    connect(&cardTheme, &Theme::changed, this, &QueueStrip::rebuild);
    hide();
}

void QueueStrip::show(const QList<app::Queued>& waiting, const QString& held) {
    if (waiting == m_waiting && held == m_held) {
        return;
    }
    m_waiting = waiting;
    m_held = held;
    rebuild();
}

const QList<app::Queued>& QueueStrip::waiting() const {
    return m_waiting;
}

void QueueStrip::rebuild() {
    for (QWidget* row : m_rows->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
        row->hide();
        row->setParent(nullptr);
        row->deleteLater(); // it may be what asked for this
    }
    for (int i = 0; i < m_waiting.size(); ++i) {
        QWidget* row = makeRow(i);
        m_rows->layout()->addWidget(row);
        row->show(); // at once: its buttons may be given the focus
        for (auto* button : row->findChildren<IconButton*>()) {
            if (m_waiting.at(i).id == m_focused && button->picture() == m_focusedButton && button->isEnabled()) {
                button->setFocus(Qt::OtherFocusReason);
                m_focused = {};
            }
        }
    }
    m_title->setText(!m_held.isEmpty()       ? m_held
                     : m_waiting.size() == 1 ? tr("Asked when the answer is complete")
                                             : tr("Asked one after the other when the answer is complete"));
    m_title->setColor(m_held.isEmpty() ? &Colors::ink2 : &Colors::caution);
    m_sendNow->setVisible(!m_held.isEmpty());
    setVisible(!m_waiting.isEmpty());
    updateGeometry();
}

QWidget* QueueStrip::makeRow(int index) {
    const app::Queued& queued = m_waiting.at(index);
    const QUuid id = queued.id;
    auto* row = new QWidget(m_rows);
    auto* words = new Label(theme(), FontRole::kControl, &Colors::ink, row);
    words->setElided(true);
    words->setText(wordsOf(queued.question));
    row->setAccessibleName(words->text());
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    line->addSpacing(kWordsInset);
    line->addWidget(words, 1);
    const auto add = [&](Icon icon, const QString& name, bool usable, auto&& act) {
        auto* button = new IconButton(theme(), icon, name, row);
        button->setAccessibleDescription(words->text());
        button->setEnabled(usable);
        connect(button, &IconButton::clicked, this, [this, id, icon, act] {
            m_focused = id;
            m_focusedButton = icon;
            act();
        });
        line->addWidget(button);
    };
    if (m_waiting.size() > 1) {
        add(Icon::kCollapse, tr("Ask earlier"), index > 0, [this, id, index] { emit moveRequested(id, index - 1); });
        add(Icon::kExpand, tr("Ask later"), index + 1 < m_waiting.size(),
            [this, id, index] { emit moveRequested(id, index + 1); });
    }
    add(Icon::kEdit, tr("Edit: back to the composer"), true, [this, id] { emit editRequested(id); });
    add(Icon::kClose, tr("Remove"), true, [this, id] { emit removeRequested(id); });
    return row;
}

} // namespace alcuin::ui
