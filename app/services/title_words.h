#pragma once

#include <QString>

namespace alcuin::app {

/// What a model is asked for a title with.
QString titleQuestion();

/// How many of a text's words, those that carry meaning, are in a talk as well, in this or another ending; without word
/// spaces pairs of characters count.
int wordsInCommon(const QString& text, const QString& talk);

/// A title from what a model wrote: one line of at most 60 characters without quotes, marks and labels. Empty where it
/// can't be one: too long, too short, or without a word in common with what was said, as small models write
/// when they didn't understand what they were asked.
QString titleFrom(const QString& written, const QString& question, const QString& answer);

} // namespace alcuin::app
