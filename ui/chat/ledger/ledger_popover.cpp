#include "chat/ledger/ledger_popover.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "chat/ledger/ledger_words.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr int kWidth = 400;
constexpr int kSwatch = 10;
constexpr int kShownEntries = 7;
constexpr int kLeastEntries = 2;
constexpr int kInset = Space::k1; ///< of both tables: between a row's end and the ring round it
constexpr int kItemMargin = 3;    ///< that Fusion leaves on both sides of an item's icon and words

/// An entry's row, with the ends free for the ring that says where the keyboard is.
class EntryDelegate : public QStyledItemDelegate {
public:
    EntryDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return QStyledItemDelegate::sizeHint(option, index).expandedTo({0, m_theme.grown(kRowHeight)});
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyleOptionViewItem inside = option;
        const bool first = index.column() == 0;
        const QRect rect = option.rect.adjusted(first ? kInset : 0, 0, first ? 0 : -kInset, 0);
        inside.rect = QStyle::visualRect(option.direction, option.rect, rect);
        QStyledItemDelegate::paint(painter, inside, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        const int side = m_theme.grown(Space::kSmallIcon);
        option->decorationSize = {side, side};
    }

private:
    static constexpr int kRowHeight = 24;

    const Theme& m_theme;
};

/// The colour that a part has in the bar.
class Swatch : public QWidget {
public:
    Swatch(LedgerSegment::Kind kind, const Theme& theme, QWidget* parent)
        : QWidget(parent), m_kind(kind), m_theme(theme) {
        // As wide as the icons in the list below, so that the names begin where those do.
        setFixedSize(theme.grown(Space::kSmallIcon), theme.grown(kSwatch));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Colors& c = m_theme.colors();
        const bool free = m_kind == LedgerSegment::Kind::kRoom || m_kind == LedgerSegment::Kind::kReserve;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(free ? QPen(c.ink3, 1) : QPen(Qt::NoPen));
        const bool hollow = c.line == c.ink;
        painter.setBrush(free && hollow ? c.raised : LedgerWords::color(m_kind, c));
        QRectF square(0, 0, height(), height());
        square.moveCenter(QRectF(rect()).center());
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    }

private:
    LedgerSegment::Kind m_kind;
    const Theme& m_theme;
};
} // namespace

LedgerPopover::LedgerPopover(const Theme& panelTheme, QWidget* parent)
    : Popover(panelTheme, parent)
    , m_title(new Label(panelTheme, FontRole::kControl, &Colors::ink, this))
    , m_parts(new QWidget(this))
    , m_grid(new QGridLayout(m_parts))
    , m_listTitle(new Label(panelTheme, FontRole::kSecondary, &Colors::ink2, this))
    , m_list(new QTreeWidget(this))
    , m_compact(new QPushButton(makeIcon(Icon::kCompact, panelTheme), tr("Summarise earlier turns"), this))
    , m_compactText(new Label(panelTheme, FontRole::kSecondary, &Colors::ink2, this)) {
    setAccessibleName(tr("What fills the context"));
    QFont strong = m_title->font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_title->setWordWrap(true);
    m_grid->setContentsMargins(kInset + kItemMargin, 0, kInset + kItemMargin, 0);
    m_grid->setHorizontalSpacing(2 * kItemMargin);
    m_grid->setVerticalSpacing(Space::k1);
    m_grid->setColumnStretch(1, 1);
    m_listTitle->setText(tr("In the order the model reads it"));
    m_list->setAccessibleName(tr("What the context holds, in its order"));
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setColumnCount(2);
    m_list->setFrameShape(QFrame::NoFrame);
    QPalette clear; // of nothing but what it lies on, whatever the theme
    clear.setColor(QPalette::Base, Qt::transparent);
    m_list->setPalette(clear);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setItemDelegate(new EntryDelegate(panelTheme, m_list));
    m_list->setAllColumnsShowFocus(true);
    m_list->setUniformRowHeights(true);
    m_list->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_compactText->setWordWrap(true);
    column().addWidget(m_title);
    column().addWidget(m_parts);
    column().addSpacing(Space::k1);
    column().addWidget(m_listTitle);
    column().addWidget(m_list);
    column().addSpacing(Space::k1);
    column().addWidget(m_compact, 0, Qt::AlignLeading);
    column().addWidget(m_compactText);
    connect(m_compact, &QPushButton::clicked, this, [this] {
        hide();
        emit compactionRequested();
    });
    const auto goTo = [this](const QTreeWidgetItem* item) {
        if (const QUuid message = item->data(0, Qt::UserRole).toUuid(); !message.isNull() && isVisible()) {
            hide();
            emit messageRequested(message);
        }
    };
    connect(m_list, &QTreeWidget::itemActivated, this, goTo);
    connect(m_list, &QTreeWidget::itemClicked, this, goTo);
    setCompaction(Compaction::kImpossible);
}

void LedgerPopover::setLedger(const app::Ledger& ledger) {
    if (ledger == m_ledger && m_list->topLevelItemCount() > 0) {
        return;
    }
    m_ledger = ledger;
    m_title->setText(LedgerWords::sum(ledger));
    fillParts();
    fillEntries();
    setFixedWidth(static_cast<int>(kWidth * std::max(1.0, theme().zoom())));
}

void LedgerPopover::fillParts() {
    qDeleteAll(m_parts->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    int row = 0;
    for (const auto& segment : LedgerWords::segments(m_ledger)) {
        const bool alwaysTold = segment.kind == LedgerSegment::Kind::kRoom;
        if (segment.tokens <= 0 && !alwaysTold) {
            continue;
        }
        auto* name = new Label(theme(), FontRole::kControl, &Colors::ink, m_parts);
        name->setText(LedgerWords::name(segment.kind));
        auto* tokens = new Label(theme(), FontRole::kControl, &Colors::ink2, m_parts);
        const bool over = alwaysTold && m_ledger.room() < 0;
        tokens->setText(over ? LedgerWords::warning(m_ledger) : LedgerWords::tokens(segment.tokens));
        if (over) {
            tokens->setColor(m_ledger.excess() > 0 ? &Colors::negative : &Colors::caution);
        }
        m_grid->addWidget(new Swatch(segment.kind, theme(), m_parts), row, 0);
        m_grid->addWidget(name, row, 1);
        m_grid->addWidget(tokens, row, 2, Qt::AlignTrailing);
        ++row;
    }
    m_parts->setVisible(row > 0);
}

void LedgerPopover::fillEntries() {
    m_list->clear();
    for (const auto& entry : m_ledger.entries) {
        const QString tokens = QLocale().toString(entry.tokens);
        const QString name = LedgerWords::entry(entry);
        auto* item = new QTreeWidgetItem(m_list, {name, tokens});
        item->setIcon(0, makeIcon(entry.kind == app::LedgerKind::kFile           ? Icon::kFile
                                  : entry.kind == app::LedgerKind::kInstructions ? Icon::kPersona
                                  : entry.kind == app::LedgerKind::kSummary      ? Icon::kCompact
                                                                                 : Icon::kMenu,
                                  theme()));
        item->setTextAlignment(1, Qt::AlignTrailing | Qt::AlignVCenter);
        item->setData(0, Qt::UserRole, entry.message);
        item->setData(0, Qt::AccessibleTextRole, tr("%1: %2").arg(name, LedgerWords::tokens(entry.tokens)));
        item->setToolTip(0, name);
    }
    const int count = m_list->topLevelItemCount();
    const bool any = count > 0;
    m_list->setVisible(any);
    m_listTitle->setVisible(any);
    if (any) {
        const int row = std::max(m_list->sizeHintForRow(0), fontMetrics().height() + Space::k1);
        // On a small screen it gives way before anything else does.
        m_list->setMinimumHeight(row * std::min(count, kLeastEntries) + 2);
        m_list->setMaximumHeight(row * std::min(count, kShownEntries) + 2);
        m_list->setCurrentItem(m_list->topLevelItem(0));
        m_list->clearSelection();
    }
}

void LedgerPopover::setCompaction(Compaction compaction) {
    m_compact->setEnabled(compaction == Compaction::kPossible);
    switch (compaction) {
    case Compaction::kPossible:
        m_compactText->setText(
            tr("The model writes a summary that stands for the earlier turns. They stay in the chat, and you can undo "
               "it."));
        break;
    case Compaction::kUnderWay:
        m_compactText->setText(tr("A summary of the earlier turns is being written."));
        break;
    case Compaction::kImpossible:
        m_compactText->setText(tr("There are no earlier turns to summarise yet."));
        break;
    }
}

} // namespace alcuin::ui
