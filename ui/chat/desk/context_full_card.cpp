#include "chat/desk/context_full_card.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include "chat/ledger/ledger_words.h"
#include "widgets/flow_layout.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"
#include "widgets/sign.h"

namespace alcuin::ui {

using Asked = app::ContextFull::Asked;

ContextFullCard::ContextFullCard(const Theme& cardTheme, QWidget* parent)
    : Card(cardTheme, &Colors::surface, parent)
    , m_title(new Label(cardTheme, FontRole::kBody, &Colors::ink, this))
    , m_text(new Label(cardTheme, FontRole::kControl, &Colors::ink2, this))
    , m_compact(new QPushButton(this))
    , m_withoutFiles(new QPushButton(tr("Ask without the files"), this))
    , m_newChat(new QPushButton(tr("Ask in a new chat"), this))
    , m_details(new QPushButton(tr("What fills it"), this))
    , m_close(new IconButton(cardTheme, Icon::kClose, tr("Put this notice away"), this)) {
    setOutline(&Colors::caution);
    for (auto* label : {m_title, m_text}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* buttons = new QWidget(this);
    auto* flow = new FlowLayout(buttons);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->setSpacing(Space::k2);
    for (QPushButton* button : {m_compact, m_withoutFiles, m_newChat, m_details}) {
        flow->addWidget(button);
    }
    auto* words = new QVBoxLayout;
    words->setSpacing(Space::k1);
    words->setContentsMargins(0, Space::k1 + 1, 0, 0); // the title's middle is the cross's
    words->addWidget(m_title);
    words->addWidget(m_text);
    words->addSpacing(Space::k1);
    words->addWidget(buttons);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Space::k2, Space::k2, Space::k2, Space::k3);
    row->addSpacing(Space::k2);
    row->addWidget(new Sign(cardTheme, Icon::kWarning, &Colors::caution, this), 0, Qt::AlignTop);
    row->addSpacing(Space::k2);
    row->addLayout(words, 1);
    row->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_compact, &QPushButton::clicked, this, &ContextFullCard::compactRequested);
    connect(m_withoutFiles, &QPushButton::clicked, this, &ContextFullCard::withoutFilesRequested);
    connect(m_newChat, &QPushButton::clicked, this, &ContextFullCard::newChatRequested);
    connect(m_details, &QPushButton::clicked, this, &ContextFullCard::detailsRequested);
    connect(m_close, &IconButton::clicked, this, &QWidget::hide);
    setCompacting(false);
    hide();
}

void ContextFullCard::show(const app::ContextFull& full, bool canCompact, bool hasFiles) {
    m_asked = full.asked;
    m_message = full.message;
    m_title->setText(title());
    m_text->setText((m_asked == Asked::kQuestion || m_asked == Asked::kWaiting
                         ? tr("It and what goes with it are too long by %1. Nothing was sent and nothing left out.")
                         : tr("What it rests on is too long by %1. Nothing was sent and nothing left out."))
                        .arg(LedgerWords::tokens(full.ledger.excess())));
    setCompacting(false);
    const bool inComposer = m_asked == Asked::kQuestion;
    m_compact->setVisible(canCompact);
    m_withoutFiles->setVisible(inComposer && hasFiles && full.fitsWithoutFiles);
    m_newChat->setVisible(inComposer);
    setAccessibleName(m_title->text());
    setAccessibleDescription(m_text->text());
    QWidget::show();
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

const QUuid& ContextFullCard::message() const {
    return m_message;
}

QString ContextFullCard::title() const {
    switch (m_asked) {
    case Asked::kWaiting:
        return tr("The question that waits doesn't fit into the context");
    case Asked::kAgain:
        return tr("The context has no room for another answer");
    case Asked::kContinuation:
        return tr("The context has no room for more of this answer");
    case Asked::kQuestion:
        break;
    }
    return tr("The question doesn't fit into the context");
}

QString ContextFullCard::compactWords() const {
    switch (m_asked) {
    case Asked::kAgain:
        return tr("Summarise earlier turns, then answer");
    case Asked::kContinuation:
        return tr("Summarise earlier turns, then continue");
    case Asked::kQuestion:
    case Asked::kWaiting:
        break;
    }
    return tr("Summarise earlier turns, then ask");
}

void ContextFullCard::setCompacting(bool compacting) {
    m_compact->setText(compacting ? tr("Summarising…") : compactWords());
    m_compact->setEnabled(!compacting);
}

} // namespace alcuin::ui
