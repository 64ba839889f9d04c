#include "search/search_result_delegate.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QTextLayout>

#include <cmath>

#include "search/search_results_model.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/short_time.h"

namespace alcuin::ui {

namespace {

constexpr int kInset = Space::k2;
constexpr int kPadding = Space::k2;
constexpr int kSnippetLines = 2;

QString timeOf(const QDateTime& at) {
    return shortestMoment(at, QDate::currentDate());
}

/// The snippet in at most kSnippetLines lines, what was found in the accent and strong. Returns how high they are.
double laySnippet(QTextLayout& layout, const app::SearchHit& hit, double width, const Theme& theme,
                  Qt::LayoutDirection direction) {
    layout.setText(hit.snippet);
    layout.setFont(theme.font(FontRole::kSecondary));
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    wrap.setTextDirection(hit.snippet.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    wrap.setAlignment(Qt::AlignAbsolute | (direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft));
    layout.setTextOption(wrap);
    QList<QTextLayout::FormatRange> formats;
    for (const auto& match : hit.matches) {
        QTextLayout::FormatRange range;
        range.start = int(match.begin);
        range.length = int(match.size);
        range.format.setForeground(theme.colors().accent);
        range.format.setFontWeight(QFont::DemiBold);
        formats.push_back(range);
    }
    layout.setFormats(formats);
    layout.beginLayout();
    double y = 0;
    for (int i = 0; i < kSnippetLines; ++i) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) {
            break;
        }
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height();
    }
    layout.endLayout();
    return y;
}

/// The part of a row that its words stand in.
QRect wordsOf(const QRect& row) {
    return row.adjusted(kInset + kPadding, kPadding - 1, -kInset - kPadding, -kPadding + 1);
}

} // namespace

SearchResultDelegate::SearchResultDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme) {}

void SearchResultDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    const Colors& c = m_theme.colors();
    const auto* hit = static_cast<const SearchResultsModel*>(index.model())->hitAt(index);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setLayoutDirection(option.direction);
    const QFont small = m_theme.font(FontRole::kSecondary);
    if (hit == nullptr) {
        painter->setFont(small);
        painter->setPen(c.ink3);
        painter->drawText(option.rect.adjusted(Space::k4, 0, -Space::k4, -Space::k1),
                          Qt::AlignBottom | Qt::AlignLeading, index.data().toString());
        painter->restore();
        return;
    }
    const QRect row = option.rect.adjusted(kInset, 1, -kInset, -1);
    const bool chosen = (option.state & QStyle::State_Selected) != 0;
    if (chosen || (option.state & QStyle::State_MouseOver) != 0) {
        const QColor fill = chosen ? mixed(c.surface, c.accent, kChosenShare) : mixed(c.surface, c.ink, kHoverShare);
        paintGround(*painter, row, Space::kCorner, fill, c);
    }
    const QFont font = m_theme.font(FontRole::kControl);
    const QFontMetrics metrics(font);
    const QRect inner = wordsOf(option.rect);
    const QString when = timeOf(hit->at);
    const int whenWidth = QFontMetrics(small).horizontalAdvance(when) + Space::k2;
    const QRect top(inner.left(), inner.top(), inner.width(), metrics.height());
    const int mark = hit->archived ? metrics.height() + Space::k1 : 0;
    const QRect title = QStyle::visualRect(option.direction, top, top.adjusted(mark, 0, -whenWidth, 0));
    if (hit->archived) {
        const QRect square(top.left(), top.top(), metrics.height(), metrics.height());
        paintIcon(*painter, Icon::kArchive, QStyle::visualRect(option.direction, top, square), c.ink3);
    }
    painter->setFont(font);
    painter->setPen(c.ink);
    drawWords(*painter, title, metrics.elidedText(hit->title, Qt::ElideRight, title.width()));
    painter->setFont(small);
    painter->setPen(c.ink3);
    drawWords(*painter, top, when, Qt::AlignTrailing);
    if (!hit->message.isNull()) {
        painter->setClipRect(inner);
        painter->setPen(c.ink2);
        QTextLayout snippet;
        laySnippet(snippet, *hit, inner.width(), m_theme, option.direction);
        snippet.draw(painter, inner.topLeft() + QPoint(0, metrics.height() + 2));
        painter->setClipping(false);
    }
    if ((option.state & QStyle::State_HasFocus) != 0) {
        paintFocusRing(*painter, row, Space::kCorner, m_theme);
    }
    painter->restore();
}

QSize SearchResultDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto* hit = static_cast<const SearchResultsModel*>(index.model())->hitAt(index);
    const QFontMetrics small(m_theme.font(FontRole::kSecondary));
    if (hit == nullptr) {
        return {0, small.height() + (index.row() == 0 ? Space::k2 : Space::k4) + Space::k1};
    }
    const int title = QFontMetrics(m_theme.font(FontRole::kControl)).height();
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    const QRect row = view != nullptr ? view->viewport()->rect() : option.rect;
    int words = 0;
    if (!hit->message.isNull()) {
        QTextLayout snippet;
        words =
            static_cast<int>(std::ceil(laySnippet(snippet, *hit, wordsOf(row).width(), m_theme, option.direction))) + 2;
    }
    return {0, title + words + 2 * kPadding - 2};
}

} // namespace alcuin::ui
