#pragma once

#include "services/chat_values.h"
#include "widgets/popover.h"

class QGridLayout;
class QPushButton;
class QTreeWidget;

namespace alcuin::ui {

class Label;

/// What fills the context, with names and tokens, and a way to make room.
class LedgerPopover : public Popover {
    Q_OBJECT
public:
    /// Whether earlier turns can be summarised now.
    enum class Compaction { kImpossible, kPossible, kUnderWay };

    explicit LedgerPopover(const Theme& theme, QWidget* parent = nullptr);

    void setLedger(const app::Ledger& ledger);
    void setCompaction(Compaction compaction);

signals:
    void compactionRequested();
    /// The person wants to see where that stands.
    void messageRequested(const QUuid& message);

private:
    void fillParts();
    void fillEntries();

    app::Ledger m_ledger;
    Label* m_title;
    QWidget* m_parts;
    QGridLayout* m_grid;
    Label* m_listTitle;
    QTreeWidget* m_list;
    QPushButton* m_compact;
    Label* m_compactText;
};

} // namespace alcuin::ui
