#pragma once

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>
#include <QUuid>

namespace alcuin::app {

enum class ExportFormat { kJson, kMarkdown, kHtml };

struct ExportOptions {
    bool tokens = true; ///< JSON: the ids of the tokens that answers were generated as
};

/// What came of an export or an import, for a person.
struct ExchangeReport {
    bool isImport = false;
    bool stopped = false;       ///< by cancel(); what was done until then stays
    qint64 conversations = 0;   ///< written, or added
    qint64 alreadyThere = 0;    ///< taken in earlier, and not again
    QList<QUuid> merged;        ///< of those, the ones to which messages came that were written elsewhere since
    qint64 newMessages = 0;     ///< how many these were
    QStringList files;          ///< written
    QStringList leftOut;        ///< what couldn't be taken over, with its number: "3 × pictures"
    QStringList problems;       ///< sentences: what can't be read or written, why, and what to do
    qint64 furtherProblems = 0; ///< beyond those in the list

    /// In one to three sentences.
    QString summary() const;
    bool failed() const {
        return !problems.isEmpty();
    }
};

} // namespace alcuin::app

Q_DECLARE_METATYPE(alcuin::app::ExchangeReport)
