#include "widgets/notice_card.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include "widgets/icon_button.h"
#include "widgets/label.h"
#include "widgets/sign.h"

namespace alcuin::ui {

namespace {
QString buttonName(app::Trouble::Action action) {
    switch (action) {
    case app::Trouble::Action::kRetry:
        return NoticeCard::tr("Try again");
    case app::Trouble::Action::kChooseModel:
        return NoticeCard::tr("Choose a model");
    case app::Trouble::Action::kFirstSentences:
        return NoticeCard::tr("Keep first sentences");
    case app::Trouble::Action::kNone:
        break;
    }
    return {};
}
} // namespace

NoticeCard::NoticeCard(const Theme& cardTheme, QWidget* parent)
    : Card(cardTheme, &Colors::surface, parent)
    , m_title(new Label(cardTheme, FontRole::kBody, &Colors::ink, this))
    , m_text(new Label(cardTheme, FontRole::kControl, &Colors::ink2, this))
    , m_button(new QPushButton(this))
    , m_close(new IconButton(cardTheme, Icon::kClose, tr("Put this notice away"), this)) {
    setOutline(&Colors::negative);
    for (auto* label : {m_title, m_text}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* words = new QVBoxLayout;
    words->setSpacing(Space::k1);
    words->setContentsMargins(0, Space::k1 + 1, 0, 0); // the title's middle is the cross's
    words->addWidget(m_title);
    words->addWidget(m_text);
    words->addSpacing(Space::k1);
    words->addWidget(m_button, 0, Qt::AlignLeading);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Space::k2, Space::k2, Space::k2, Space::k3);
    row->addSpacing(Space::k2);
    row->addWidget(new Sign(cardTheme, Icon::kWarning, &Colors::negative, this), 0, Qt::AlignTop);
    row->addSpacing(Space::k2);
    row->addLayout(words, 1);
    row->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_button, &QPushButton::clicked, this, [this] { emit actionRequested(m_trouble.action); });
    connect(m_close, &IconButton::clicked, this, &NoticeCard::hide);
    hide();
}

void NoticeCard::show(const app::Trouble& trouble) {
    show(trouble, buttonName(trouble.action));
}

void NoticeCard::show(const app::Trouble& trouble, const QString& button) {
    m_trouble = trouble;
    m_title->setText(trouble.title);
    m_text->setText(trouble.text);
    m_text->setVisible(!trouble.text.isEmpty());
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    setAccessibleName(trouble.title);
    setAccessibleDescription(trouble.text);
    QWidget::show();
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

const app::Trouble& NoticeCard::trouble() const {
    return m_trouble;
}

} // namespace alcuin::ui
