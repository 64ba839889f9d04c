#include "window/error_window.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QUrl>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

ErrorWindow::ErrorWindow(const app::Trouble& trouble, const QString& directory, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_buttons(new QHBoxLayout) {
    setWindowTitle(QStringLiteral("Alcuin"));
    auto* title = new Label(theme, FontRole::kHeading, &Colors::ink, this);
    title->setText(trouble.title);
    auto* text = new Label(theme, FontRole::kBody, &Colors::ink2, this);
    text->setText(trouble.text);
    for (Label* label : {title, text}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    auto* quit = new QPushButton(tr("Quit"), this);
    quit->setDefault(true);
    connect(quit, &QPushButton::clicked, this, &QWidget::close);
    m_buttons->setSpacing(Space::k2);
    m_buttons->addWidget(quit);
    if (!directory.isEmpty()) {
        auto* show = new QPushButton(tr("Show the folder"), this);
        show->setIcon(makeIcon(Icon::kFolder, theme));
        connect(show, &QPushButton::clicked, this,
                [directory] { QDesktopServices::openUrl(QUrl::fromLocalFile(directory)); });
        m_buttons->addWidget(show);
    }
    m_buttons->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k8, Space::k8, Space::k8, Space::k8);
    column->setSpacing(Space::k3);
    column->addStretch(1);
    column->addSpacing(40);
    column->addWidget(title);
    column->addWidget(text);
    column->addSpacing(Space::k2);
    column->addLayout(m_buttons);
    column->addStretch(2);
    resize(560, 360);
    quit->setFocus();
}

void ErrorWindow::offer(const QString& words, const std::function<void()>& chosen) {
    for (auto* other : findChildren<QPushButton*>()) {
        other->setDefault(false);
    }
    auto* button = new QPushButton(words, this);
    button->setDefault(true);
    connect(button, &QPushButton::clicked, this, [this, chosen] {
        chosen();
        close();
    });
    m_buttons->insertWidget(0, button);
    button->setFocus();
}

void ErrorWindow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.colors().paper);
    const QRect place(Space::k8, Space::k8, 32, 32);
    paintIcon(painter, Icon::kWarning, style()->visualRect(layoutDirection(), rect(), place),
              m_theme.colors().negative);
}

} // namespace alcuin::ui
