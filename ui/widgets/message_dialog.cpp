#include "widgets/message_dialog.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/dialog_room.h"
#include "widgets/label.h"
#include "widgets/sign.h"

namespace alcuin::ui {

namespace {
constexpr int kTextWidth = 400;
constexpr double kMostGrowth = 1.6;
} // namespace

QString breakable(const QString& text) {
    constexpr int kLongestRun = 24;
    constexpr QChar kBreak(0x200B); // zero width space
    QString out;
    int run = 0;
    for (const QChar c : text) {
        out += c;
        run = c.isSpace() ? 0 : run + 1;
        if (run >= kLongestRun && !c.isHighSurrogate()) {
            out += kBreak;
            run = 0;
        }
    }
    return out;
}

MessageDialog::MessageDialog(const Theme& theme, const QString& title, const QString& text, const QStringList& more,
                             const std::optional<Sign>& sign, QWidget* parent)
    : QDialog(parent)
    , m_content(new QWidget)
    , m_column(new QVBoxLayout)
    , m_buttons(new QDialogButtonBox(this))
    , m_words((QStringList{text} + more).join(QLatin1Char('\n'))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    const int width = static_cast<int>(kTextWidth * std::clamp(theme.zoom(), 1.0, kMostGrowth));
    const auto add = [&](const QString& words, FontRole font, QColor Colors::*color) {
        auto* label = new Label(theme, font, color, m_content);
        label->setText(breakable(words));
        label->setAccessibleName(words);
        label->setWordWrap(true);
        label->setFixedWidth(std::min(width, roomForDialog(*this).width() - 3 * Space::k8));
        m_column->addWidget(label);
        return label;
    };
    m_column->setSpacing(Space::k2);
    add(text, FontRole::kBody, &Colors::ink);
    for (const auto& paragraph : more) {
        add(paragraph, FontRole::kControl, &Colors::ink2);
    }
    m_column->addStretch(1);
    auto* row = new QHBoxLayout(m_content);
    row->setContentsMargins(Space::k4, Space::k4, Space::k4, 0);
    row->setSpacing(Space::k3);
    if (sign) {
        auto* picture = new ui::Sign(theme, sign->icon, sign->color, m_content);
        picture->setFixedHeight(QFontMetrics(theme.font(FontRole::kBody)).height());
        row->addWidget(picture, 0, Qt::AlignTop);
    }
    row->addLayout(m_column, 1);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setMinimumHeight(1); // a scroll area asks for more than a line or two need
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(m_content);
    m_content->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(scroll, 1);
    m_buttons->setContentsMargins(Space::k4, Space::k4, Space::k4, Space::k4);
    column->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::clicked, this, &QDialog::close);
}

QPushButton* MessageDialog::addButton(const QString& text, QDialogButtonBox::ButtonRole role, bool isDefault) {
    QPushButton* button = m_buttons->addButton(text, role);
    button->setAutoDefault(isDefault);
    button->setDefault(isDefault);
    if (isDefault) {
        button->setFocus(Qt::OtherFocusReason);
    }
    return button;
}

QString MessageDialog::words() const {
    return m_words;
}

/// As high as its words are, up to what the screen has room for.
void MessageDialog::showEvent(QShowEvent* event) {
    const QSize words = m_content->sizeHint();
    const QSize buttons = m_buttons->sizeHint();
    const int width = std::max(words.width(), buttons.width());
    const int height = std::max(words.height(), m_content->heightForWidth(width)) + buttons.height();
    setFixedSize(QSize(width, height).boundedTo(roomForDialog(*this)));
    QDialog::showEvent(event);
}

} // namespace alcuin::ui
