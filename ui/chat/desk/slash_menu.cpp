#include "chat/desk/slash_menu.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr int kShownRows = 7;
constexpr int kWidth = 440; ///< with the text at its usual size
constexpr int kDetailRole = Qt::UserRole + 1;

/// A name, and behind it in ink-2 what it begins with.
class ChoiceDelegate : public QStyledItemDelegate {
public:
    ChoiceDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {100, std::max(32, option.fontMetrics.height() + Space::k2)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Colors& c = m_theme.colors();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if ((option.state & QStyle::State_Selected) != 0) {
            paintGround(*painter, QRectF(option.rect), 6, mixed(c.raised, c.accent, kChosenShare), c);
        }
        const auto placed = [&](const QRect& r) { return QStyle::visualRect(option.direction, option.rect, r); };
        const QRect inside = option.rect.adjusted(Space::k2, 0, -Space::k2, 0);
        painter->setLayoutDirection(option.direction);
        const int side = m_theme.grown(Space::kSmallIcon);
        const QRect icon(inside.left(), inside.center().y() - side / 2 + 1, side, side);
        paintIcon(*painter, static_cast<Icon>(index.data(SlashMenu::kIconRole).toInt()), placed(icon), c.ink2);
        painter->setFont(option.font);
        QRect text = inside.adjusted(side + Space::k2, 0, 0, 0);
        const QString name = option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width());
        painter->setPen(c.ink);
        drawWords(*painter, placed(text), name);
        text.setLeft(text.left() + option.fontMetrics.horizontalAdvance(name) + Space::k3);
        if (text.width() > 4 * Space::k2) {
            painter->setPen(c.ink2);
            const QString detail =
                option.fontMetrics.elidedText(index.data(kDetailRole).toString(), Qt::ElideRight, text.width());
            drawWords(*painter, placed(text), detail);
        }
        painter->restore();
    }

private:
    const Theme& m_theme;
};
} // namespace

SlashMenu::SlashMenu(const Theme& cardTheme, QWidget* parent)
    : Card(cardTheme, &Colors::raised, parent)
    , m_hint(new Label(cardTheme, FontRole::kSecondary, &Colors::ink2, this))
    , m_list(new QListWidget(this)) {
    setOutline(&Colors::ink3);
    setAccessibleName(tr("Snippets and personas"));
    m_list->setAccessibleName(tr("Snippets and personas"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setItemDelegate(new ChoiceDelegate(cardTheme, m_list));
    m_hint->setText(tr("Arrows choose, Enter takes, Esc closes"));
    m_hint->setElided(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k1, Space::k1, Space::k1, Space::k1);
    column->setSpacing(Space::k1);
    auto* hint = new QHBoxLayout;
    hint->setContentsMargins(Space::k2, 2, Space::k2, 0);
    hint->addWidget(m_hint);
    column->addLayout(hint);
    column->addWidget(m_list);
    connect(m_list, &QListWidget::itemEntered, m_list, [this](QListWidgetItem* item) { m_list->setCurrentItem(item); });
    connect(m_list, &QListWidget::itemClicked, this, &SlashMenu::take);
    hide();
}

void SlashMenu::setChoices(const QList<SlashChoice>& choices) {
    m_choices = choices;
}

QListWidget& SlashMenu::list() const {
    return *m_list;
}

bool SlashMenu::open(const QString& words) {
    m_list->clear();
    m_shown.clear();
    for (int i = 0; i < m_choices.size(); ++i) {
        const SlashChoice& choice = m_choices.at(i);
        if (!words.isEmpty() && !choice.name.contains(words, Qt::CaseInsensitive)) {
            continue;
        }
        auto* item = new QListWidgetItem(choice.name, m_list);
        item->setData(kDetailRole, choice.detail);
        item->setData(kIconRole, static_cast<int>(choice.icon));
        item->setData(Qt::AccessibleTextRole,
                      choice.kind == SlashChoice::Kind::kPersona   ? tr("Persona: %1").arg(choice.name)
                      : choice.kind == SlashChoice::Kind::kSnippet ? tr("Snippet: %1").arg(choice.name)
                                                                   : choice.name);
        item->setToolTip(choice.detail);
        m_shown.append(i);
    }
    if (m_shown.isEmpty()) {
        hide();
        return false;
    }
    m_list->setFont(theme().font(FontRole::kControl));
    m_list->setCurrentRow(0);
    const int row = std::max(1, m_list->sizeHintForRow(0));
    m_list->setFixedHeight(row * std::min(static_cast<int>(m_shown.size()), kShownRows));
    show();
    raise();
    emit placeNeeded();
    tellReader();
    return true;
}

bool SlashMenu::takeKey(const QKeyEvent& event) {
    if (!isVisible()) {
        return false;
    }
    switch (event.key()) {
    case Qt::Key_Up:
        moveBy(-1);
        return true;
    case Qt::Key_Down:
        moveBy(1);
        return true;
    case Qt::Key_PageUp:
        moveBy(-kShownRows);
        return true;
    case Qt::Key_PageDown:
        moveBy(kShownRows);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        if ((event.modifiers() & ~Qt::KeypadModifier) != 0) {
            return false;
        }
        take();
        return true;
    case Qt::Key_Escape:
        hide();
        return true;
    default:
        return false;
    }
}

QSize SlashMenu::sizeHint() const {
    return {static_cast<int>(kWidth * std::max(1.0, theme().zoom())), Card::sizeHint().height()};
}

void SlashMenu::take() {
    const int row = m_list->currentRow();
    if (row < 0 || row >= m_shown.size()) {
        return;
    }
    const SlashChoice choice = m_choices.at(m_shown.at(row));
    hide();
    emit chosen(choice);
}

void SlashMenu::moveBy(int rows) {
    const int count = m_list->count();
    const int wanted = m_list->currentRow() + rows;
    const bool oneStep = rows == 1 || rows == -1; // goes round at the ends
    m_list->setCurrentRow(oneStep ? (wanted + count) % count : std::clamp(wanted, 0, count - 1));
    tellReader();
}

/// The focus stays in the composer, so that a screen reader wouldn't know by itself.
void SlashMenu::tellReader() {
    if (QAccessible::isActive()) {
        QAccessibleEvent event(m_list, QAccessible::Focus);
        event.setChild(m_list->currentRow());
        QAccessible::updateAccessibility(&event);
    }
}

} // namespace alcuin::ui
