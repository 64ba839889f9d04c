#include "chat/welcome_page.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr int kTitleLength = 32;
}

WelcomePage::WelcomePage(const Theme& theme, QWidget* parent)
    : ScrolledPage(parent)
    , m_actions(new QHBoxLayout)
    , m_continue(new QPushButton(this))
    , m_shortcuts(new QPushButton(tr("Keyboard shortcuts"), this)) {
    auto* title = new Label(theme, FontRole::kTitle, &Colors::ink, this);
    title->setText(tr("What would you like to know?"));
    title->setAlignment(Qt::AlignCenter);
    title->setWordWrap(true);
    auto* sentence = new Label(theme, FontRole::kBody, &Colors::ink2, this);
    sentence->setText(tr("The model thinks on this machine: what you write here stays here."));
    sentence->setAlignment(Qt::AlignCenter);
    sentence->setWordWrap(true);
    auto* open = new QPushButton(tr("Open a model file…"), this);
    open->setIcon(makeIcon(Icon::kModel, theme));
    m_continue->setIcon(makeIcon(Icon::kForward, theme));
    m_shortcuts->setIcon(makeIcon(Icon::kKeyboard, theme));

    m_actions->setSpacing(Space::k2);
    m_actions->addStretch();
    for (QPushButton* button : {m_continue, m_shortcuts, open}) {
        m_actions->addWidget(button, 0, Qt::AlignCenter);
    }
    m_actions->addStretch();
    auto* column = new QVBoxLayout(content());
    column->setContentsMargins(Space::k6, Space::k6, Space::k6, Space::k6);
    column->setSpacing(Space::k2);
    column->addStretch(2);
    column->addWidget(title);
    column->addWidget(sentence);
    column->addSpacing(Space::k4);
    column->addLayout(m_actions);
    column->addStretch(3);
    showContent();
    connect(m_continue, &QPushButton::clicked, this, &WelcomePage::continueRequested);
    connect(m_shortcuts, &QPushButton::clicked, this, &WelcomePage::shortcutsRequested);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openFileRequested);
    setLastTitle({});
}

/// One under the other where they don't fit beside each other.
void WelcomePage::arrange() {
    m_actions->setDirection(QBoxLayout::LeftToRight);
    const QMargins kept = content()->contentsMargins(); // opposite a scroll bar
    if (m_actions->minimumSize().width() + 2 * Space::k6 + kept.left() + kept.right() > viewport()->width()) {
        m_actions->setDirection(QBoxLayout::TopToBottom);
    }
}

void WelcomePage::resizeEvent(QResizeEvent* event) {
    arrange();
    ScrolledPage::resizeEvent(event);
}

void WelcomePage::setLastTitle(const QString& title) {
    QString shown = title.size() > kTitleLength ? title.left(kTitleLength - 1).trimmed() + QChar(0x2026) : title;
    shown.replace(QLatin1Char('&'), QStringLiteral("&&"));
    m_continue->setText(tr("Continue “%1”").arg(shown));
    m_continue->setAccessibleName(tr("Continue the conversation %1").arg(title));
    m_continue->setVisible(!title.isEmpty());
    m_shortcuts->setVisible(title.isEmpty());
    arrange();
}

} // namespace alcuin::ui
