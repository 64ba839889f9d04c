#include "chat/text_preview.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/dialog_room.h"
#include "widgets/label.h"
#include "widgets/text_area.h"

namespace alcuin::ui {

namespace {
constexpr QSize kSize(760, 560);
constexpr double kMostGrowth = 1.6; ///< with the text
} // namespace

TextPreview::TextPreview(const QString& title, const QString& details, const QString& text, Kind kind,
                         const Theme& theme, QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(title);
    auto* name = new Label(theme, FontRole::kHeading, &Colors::ink, this);
    name->setText(title);
    name->setWordWrap(true);
    auto* more = new Label(theme, FontRole::kSecondary, &Colors::ink2, this);
    more->setText(details);
    more->setVisible(!details.isEmpty());
    QPlainTextEdit* field = kind == Kind::kCode ? new QPlainTextEdit(this) : new TextArea(this);
    field->setReadOnly(true);
    field->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    field->setTabChangesFocus(true);
    field->setFont(theme.font(kind == Kind::kCode ? FontRole::kCode : FontRole::kBody));
    field->setLineWrapMode(kind == Kind::kCode ? QPlainTextEdit::NoWrap : QPlainTextEdit::WidgetWidth);
    field->setPlainText(text);
    field->setAccessibleName(title);
    auto* buttons = new QDialogButtonBox(this);
    auto* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    copy->setIcon(makeIcon(Icon::kCopy, theme));
    auto* close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    close->setDefault(true);
    connect(copy, &QPushButton::clicked, this, [text] { QGuiApplication::clipboard()->setText(text); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k4, Space::k4, Space::k4, Space::k4);
    column->setSpacing(Space::k2);
    column->addWidget(name);
    column->addWidget(more);
    column->addWidget(field, 1);
    column->addWidget(buttons);
    const double share = std::clamp(theme.zoom(), 1.0, kMostGrowth);
    resize((kSize * share).boundedTo(roomForDialog(*this)));
    field->setFocus(Qt::OtherFocusReason);
}

} // namespace alcuin::ui
