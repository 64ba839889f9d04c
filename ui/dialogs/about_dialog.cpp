#include "dialogs/about_dialog.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/dialog_room.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr int kPictureSide = 64;

/// The program's icon, as sharp as the screen, and larger where the text is.
class Picture : public QWidget {
public:
    Picture(const Theme& theme, QWidget* parent) : QWidget(parent) {
        setFixedSize(theme.grown(kPictureSide), theme.grown(kPictureSide));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        paintApplicationIcon(painter, rect());
    }
};
} // namespace

AboutDialog::AboutDialog(const Theme& theme, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("About Alcuin"));
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(Space::k8, Space::k6, Space::k8, Space::k4);
    column->setSpacing(Space::k2);
    column->addWidget(new Picture(theme, this), 0, Qt::AlignHCenter);
    const auto add = [&](const QString& text, FontRole font, QColor Colors::*color) {
        auto* label = new Label(theme, font, color, content);
        label->setText(text);
        label->setAlignment(Qt::AlignCenter);
        column->addWidget(label);
    };
    add(QStringLiteral("Alcuin"), FontRole::kTitle, &Colors::ink);
    add(tr("Version %1").arg(QCoreApplication::applicationVersion()), FontRole::kControl, &Colors::ink2);
    column->addSpacing(Space::k2);
    add(tr("An assistant that thinks on your own machine."), FontRole::kBody, &Colors::ink);
    add(tr("Free software under the Apache License 2.0."), FontRole::kControl, &Colors::ink2);
    add(tr("Made with Qt %1.").arg(QString::fromLatin1(qVersion())), FontRole::kControl, &Colors::ink2);
    column->addSpacing(Space::k2);
    add(tr("A backup of your conversations is made every day and kept for a week.\n"
           "What you delete stays in the backups until they are a week old."),
        FontRole::kControl, &Colors::ink2);
    auto* buttons = new QDialogButtonBox(this);
    buttons->setCenterButtons(true);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole)->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    buttons->setContentsMargins(Space::k4, Space::k2, Space::k4, Space::k4);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(content);
    content->setAutoFillBackground(false);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(scroll, 1);
    whole->addWidget(buttons);
    const QSize room = roomForDialog(*this);
    QSize size = content->sizeHint().expandedTo(QSize(360, 0));
    size.rheight() += buttons->sizeHint().height();
    if (size.height() > room.height()) {
        size.rwidth() += style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    }
    setFixedSize(size.boundedTo(room));
}

} // namespace alcuin::ui
