#include "dialogs/shortcuts_dialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

#include "theme/theme.h"
#include "widgets/label.h"
#include "window/window_actions.h"

namespace alcuin::ui {

namespace {

constexpr int kColumnWidth = 360;
constexpr int kMostHeight = 680;

QString native(const QKeySequence& keys) {
    return keys.toString(QKeySequence::NativeText);
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const QList<ActionSection>& sections, const Theme& theme, QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(tr("Keyboard shortcuts"));
    const QScreen* on = parent != nullptr ? parent->screen() : screen();
    // What the window's manager puts round a dialog takes room as well.
    const QSize room = on->availableSize() - QSize(2 * Space::k8, 2 * Space::k8);
    const double zoom = std::max(1.0, theme.zoom());
    const bool two = room.width() >= 2 * kColumnWidth * zoom + 4 * Space::k8;

    const QList<Section> all = rowsOf(sections);
    const qsizetype split = two ? halfOf(all) : all.size();
    auto* table = new QWidget(this);
    auto* columns = new QHBoxLayout(table);
    columns->setContentsMargins(Space::k3, Space::k2, Space::k3, Space::k2);
    columns->setSpacing(Space::k8 + Space::k4);
    columns->addLayout(makeColumn(all.first(split), theme, table), 1);
    if (two) {
        columns->addLayout(makeColumn(all.sliced(split), theme, table), 1);
    }

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
    column->setSpacing(Space::k4);
    column->addWidget(scroll, 1);
    column->addWidget(buttons);
    const QSize wanted(table->sizeHint().width() + 2 * Space::k8,
                       std::min(static_cast<int>(kMostHeight * zoom),
                                table->sizeHint().height() + buttons->sizeHint().height() + 2 * Space::k8));
    resize(wanted.boundedTo(room)); // the rest scrolls
    close->setFocus();
}

/// The keys of the actions and those that widgets know by themselves.
QList<ShortcutsDialog::Section> ShortcutsDialog::rowsOf(const QList<ActionSection>& sections) {
    QList<Section> all;
    for (const auto& section : sections) {
        Section& rows = all.emplace_back();
        rows.heading = section.heading;
        for (const QAction* action : section.actions) {
            QStringList keys;
            for (const auto& sequence : action->shortcuts()) {
                keys.push_back(native(sequence));
            }
            keys.removeDuplicates();
            rows.rows.push_back({keys.join(QStringLiteral(", ")), action->text().remove(QChar(0x2026))});
        }
    }
    all.push_back({tr("In the question"),
                   {{native(Qt::Key_Return), tr("Send")},
                    {native(Qt::SHIFT | Qt::Key_Return), tr("New line")},
                    {QStringLiteral("/"), tr("Snippets and personas, at the beginning of a line")}}});
    all.push_back({tr("In the list of conversations"),
                   {{native(Qt::Key_F2), tr("Rename")}, {native(Qt::Key_Delete), tr("Delete")}}});
    return all;
}

/// So many sections that two columns are as equally long as they can be.
qsizetype ShortcutsDialog::halfOf(const QList<Section>& sections) {
    const auto length = [&](qsizetype begin, qsizetype end) {
        qsizetype lines = 0;
        for (; begin < end; ++begin) {
            lines += sections[begin].rows.size() + 1;
        }
        return lines;
    };
    qsizetype half = 0;
    while (half < sections.size() && length(0, half) < length(half, sections.size())) {
        ++half;
    }
    // The column became the longer one: the last section goes back where that makes less of a difference.
    const qsizetype over = length(0, half) - length(half, sections.size());
    const bool back = half > 0 && length(half - 1, sections.size()) - length(0, half - 1) < over;
    return back ? half - 1 : half;
}

QGridLayout* ShortcutsDialog::makeColumn(const QList<Section>& sections, const Theme& theme, QWidget* parent) const {
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(Space::k8);
    grid->setVerticalSpacing(Space::k2);
    grid->setColumnStretch(0, 1);
    int row = 0;
    const auto label = [&](const QString& text, FontRole font, auto ink) {
        auto* made = new Label(theme, font, ink, parent);
        made->setText(text);
        return made;
    };
    for (const Section& section : sections) {
        if (row > 0) {
            grid->setRowMinimumHeight(row++, Space::k3);
        }
        auto* heading = label(section.heading, FontRole::kControl, &Colors::ink2);
        heading->setStrong(true);
        grid->addWidget(heading, row++, 0, 1, 2);
        for (const Row& line : section.rows) {
            grid->addWidget(label(line.meaning, FontRole::kControl, &Colors::ink), row, 0);
            grid->addWidget(label(line.keys, FontRole::kControl, &Colors::ink2), row++, 1, Qt::AlignTrailing);
        }
    }
    grid->setRowStretch(row, 1);
    return grid;
}

} // namespace alcuin::ui
