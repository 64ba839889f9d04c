#include "chat/panel/again_popover.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

#include "chat/panel/parameters_editor.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr int kWidth = 380;
constexpr int kHeight = 460;
} // namespace

AgainPopover::AgainPopover(const Theme& panelTheme, const app::Parameters& usual,
                           const std::optional<app::Parameters>& before, QWidget* parent)
    : Popover(panelTheme, parent) {
    setAccessibleName(tr("Answer again with other parameters"));
    auto* title = new Label(panelTheme, FontRole::kBody, &Colors::ink, this);
    title->setText(tr("Answer again with other parameters"));
    title->setWordWrap(true);
    auto* editor = new ParametersEditor(panelTheme);
    editor->show(usual, usual);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    auto* beside = new QWidget; // its fields stay clear of the scroll bar, on whichever side that is
    auto* row = new QHBoxLayout(beside);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(editor, 1);
    row->addSpacing(Space::k3);
    scroll->setWidget(beside);
    beside->setAutoFillBackground(false);
    auto* again = new QPushButton(makeIcon(Icon::kRegenerate, panelTheme), tr("Answer again"), this);
    column().addWidget(title);
    if (before) {
        auto* same = new QPushButton(makeIcon(Icon::kUndo, panelTheme),
                                     before->seed ? tr("As this answer, with its seed") : tr("As this answer"), this);
        column().addWidget(same, 0, Qt::AlignLeading);
        connect(same, &QPushButton::clicked, this, [editor, usual, before] { editor->show(*before, usual); });
    }
    column().addWidget(scroll, 1);
    column().addWidget(again, 0, Qt::AlignLeading);
    connect(again, &QPushButton::clicked, this, [this, editor] {
        const app::Parameters parameters = editor->parameters();
        hide();
        emit answerRequested(parameters);
        close();
    });
    setFixedWidth(static_cast<int>(kWidth * growth()));
}

double AgainPopover::growth() const {
    return std::clamp(theme().zoom(), 1.0, 1.6);
}

QSize AgainPopover::sizeHint() const {
    return {width(), static_cast<int>(kHeight * growth())};
}

} // namespace alcuin::ui
