#pragma once

#include <QList>
#include <QString>

namespace alcuin::app {

/// A question and its answer as a summary keeps them.
struct TurnNote {
    QString asked;        ///< the person's own words
    QString answered;     ///< the answer's own words, or a model's about them
    bool byModel = false; ///< `answered` is a model's
};

/// The beginning of a text: as many whole sentences as fit into `most` characters, or where the first is longer, its
/// first words and "…". One line; blocks of code are written as "[code]", marks of headings and emphasis left out.
QString firstSentences(const QString& text, qsizetype most);

/// A text that was cut off anywhere, up to the end of its last whole sentence or line; empty: there is none.
QString wholeSentences(const QString& cut);

/// Whether a text says the same again and again, as small models do when they don't know how to end.
bool repeatsItself(const QString& text);

/// What is written behind a summary whose end is missing.
QString cutOffMark();

/// Notes about turns as one text of about `most` characters at most, the earliest first, behind what was noted before
/// (empty: nothing was). Words that were said stand in quotation marks. Each turn gets the same share; where that would
/// be too little to say anything, turns between the first and the last ones are left out, which is said there.
QString joinNotes(const QString& before, const QList<TurnNote>& notes, qsizetype most);

} // namespace alcuin::app
