#pragma once

#include <QStyledItemDelegate>

namespace alcuin::ui {

class Theme;

/// Draws a hit: its conversation's title and when it was said, and below it the words around what was found, which is
/// set off. Draws headings.
class SearchResultDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit SearchResultDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

} // namespace alcuin::ui
