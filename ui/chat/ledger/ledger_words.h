#pragma once

#include <QColor>
#include <QCoreApplication>
#include <QList>
#include <QString>

#include "services/chat_values.h"

namespace alcuin::ui {

struct Colors;

/// A part of the context, as the bar paints it and the popover lists it.
struct LedgerSegment {
    enum class Kind { kInstructions, kFiles, kConversation, kDraft, kRoom, kReserve };
    Kind kind = Kind::kRoom;
    qint64 tokens = 0;
};

/// What a ledger says in words for a person.
class LedgerWords {
    Q_DECLARE_TR_FUNCTIONS(alcuin::ui::LedgerWords)
public:
    /// The parts in their order, none of them negative; empty where the context's length isn't known.
    static QList<LedgerSegment> segments(const app::Ledger& ledger);
    static QString name(LedgerSegment::Kind kind);
    static QString tokens(qint64 count);
    /// "1,204 of 8,192 tokens used".
    static QString sum(const app::Ledger& ledger);
    /// How much is left or too much; empty while there is plenty.
    static QString warning(const app::Ledger& ledger);
    /// Sum, parts and what they rest on, in lines.
    static QString toolTip(const app::Ledger& ledger);
    /// Of a row in the list of what the context holds.
    static QString entry(const app::LedgerEntry& entry);
    static QColor color(LedgerSegment::Kind kind, const Colors& colors);
};

} // namespace alcuin::ui
