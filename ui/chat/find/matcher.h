#pragma once

#include <QList>
#include <QString>

#include "chat/layout/laid_text.h"

namespace alcuin::ui {

/// What is looked for. Spaces match every kind of space and the end of a line in a paragraph.
struct FindQuery {
    QString text;
    bool matchCase = false;

    bool isEmpty() const {
        return text.isEmpty();
    }
    bool operator==(const FindQuery&) const = default;
};

/// Where the query stands in a block's flat text, in order, none over another.
QList<TextRange> matchesIn(const QString& flatText, const FindQuery& query);

} // namespace alcuin::ui
