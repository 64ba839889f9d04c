#include "window/wait_window.h"

#include <QCloseEvent>
#include <QPainter>
#include <QProgressBar>
#include <QVBoxLayout>

#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

WaitWindow::WaitWindow(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_words(new Label(theme, FontRole::kBody, &Colors::ink2, this))
    , m_bar(new QProgressBar(this)) {
    setWindowTitle(QStringLiteral("Alcuin"));
    setAttribute(Qt::WA_QuitOnClose, false); // what comes behind it decides that
    auto* title = new Label(theme, FontRole::kHeading, &Colors::ink, this);
    title->setText(tr("Your conversations are being made ready"));
    title->setWordWrap(true);
    m_words->setWordWrap(true);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(Space::k2);
    m_bar->setAccessibleName(tr("How far it is"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k8, Space::k8, Space::k8, Space::k8);
    column->setSpacing(Space::k3);
    column->addStretch(1);
    column->addWidget(title);
    column->addWidget(m_words);
    column->addSpacing(Space::k2);
    column->addWidget(m_bar);
    column->addStretch(2);
    resize(560, 260);
}

void WaitWindow::tell(const QString& words, std::optional<double> done) {
    constexpr int kSteps = 1000;
    m_words->setText(words);
    setAccessibleDescription(words);
    m_bar->setMaximum(done ? kSteps : 0);
    m_bar->setValue(done ? static_cast<int>(*done * kSteps) : 0);
}

QString WaitWindow::words() const {
    return m_words->text();
}

void WaitWindow::closeEvent(QCloseEvent* event) {
    event->ignore(); // whoever can't wait ends the program, which harms nothing
}

void WaitWindow::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_theme.colors().paper);
}

} // namespace alcuin::ui
