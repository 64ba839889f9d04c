#pragma once

#include <QPersistentModelIndex>
#include <QStyledItemDelegate>
#include <QUuid>

namespace alcuin::ui {

class Theme;

/// Draws a conversation's title with a dot while it is answered, folders with an arrow and a count, a button for their
/// menus when they are touched or chosen, and headings; edits titles and names in place.
class ConversationDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit ConversationDelegate(const Theme& theme, QObject* parent = nullptr);

    /// The row whose menu is open looks touched, wherever the pointer is; none: an invalid index.
    void setMenuRow(const QModelIndex& index);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override;
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override;

signals:
    void menuRequested(const QModelIndex& index, const QPoint& globalPosition);
    /// A folder was clicked, outside its menu.
    void folderToggled(const QUuid& folder);

private:
    void paintHeading(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    bool paintGround(QPainter& painter, const QStyleOptionViewItem& option) const;
    void paintFolder(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintConversation(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;

    const Theme& m_theme;
    QPersistentModelIndex m_menuRow;
};

} // namespace alcuin::ui
