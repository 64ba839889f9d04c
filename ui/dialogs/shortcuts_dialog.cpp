#include "dialogs/shortcuts_dialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QKeySequence>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

ShortcutsDialog::ShortcutsDialog(const QList<QAction*>& actions, const Theme& theme, QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(tr("Keyboard shortcuts"));
    auto* table = new QWidget(this);
    auto* grid = new QGridLayout(table);
    grid->setContentsMargins(Space::k2, Space::k2, Space::k4, Space::k2);
    grid->setHorizontalSpacing(Space::k8);
    grid->setVerticalSpacing(Space::k2);
    int row = 0;
    const auto add = [&](const QString& keys, const QString& what) {
        auto* meaning = new Label(theme, FontRole::kControl, &Colors::ink, table);
        meaning->setText(what);
        auto* shortcut = new Label(theme, FontRole::kControl, &Colors::ink2, table);
        shortcut->setText(keys);
        grid->addWidget(meaning, row, 0);
        grid->addWidget(shortcut, row, 1, Qt::AlignTrailing);
        ++row;
    };
    const auto native = [](const QKeySequence& keys) { return keys.toString(QKeySequence::NativeText); };
    add(native(Qt::Key_Return), tr("Send the question"));
    add(native(Qt::SHIFT | Qt::Key_Return), tr("New line in the question"));
    for (const QAction* action : actions) {
        QStringList keys;
        for (const auto& sequence : action->shortcuts()) {
            keys.push_back(native(sequence));
        }
        keys.removeDuplicates();
        add(keys.join(QStringLiteral(", ")), action->text().remove(QChar(0x2026)));
    }
    add(native(Qt::Key_F2), tr("Rename, in the list of conversations"));
    add(native(Qt::Key_Delete), tr("Delete, in the list of conversations"));

    auto* scroll = new QScrollArea(this);
    scroll->setWidget(table);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(windowTitle());
    auto* buttons = new QDialogButtonBox(this);
    auto* close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    close->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k4, Space::k4, Space::k4, Space::k4);
    column->addWidget(scroll, 1);
    column->addWidget(buttons);
    const QSize wanted(std::max(440, table->sizeHint().width() + 2 * Space::k8),
                       std::min(680, table->sizeHint().height() + 100));
    const QScreen* on = parent != nullptr ? parent->screen() : screen();
    resize(wanted.boundedTo(on->availableSize() - QSize(Space::k8, Space::k8))); // the rest scrolls
    close->setFocus();
}

} // namespace alcuin::ui
