#include "dialogs/about_dialog.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

AboutDialog::AboutDialog(const Theme& theme, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("About Alcuin"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k8, Space::k6, Space::k8, Space::k4);
    column->setSpacing(Space::k2);
    auto* picture = new QLabel(this);
    picture->setPixmap(makeApplicationIcon().pixmap(64, 64));
    picture->setAlignment(Qt::AlignCenter);
    column->addWidget(picture);
    const auto add = [&](const QString& text, FontRole font, QColor Colors::*color) {
        auto* label = new Label(theme, font, color, this);
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
    column->addSpacing(Space::k4);
    auto* buttons = new QDialogButtonBox(this);
    buttons->setCenterButtons(true);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole)->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    setFixedSize(sizeHint().expandedTo(QSize(360, 0)));
}

} // namespace alcuin::ui
