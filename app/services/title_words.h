#pragma once

#include <QString>

namespace alcuin::app {

/// What a model is asked for a title with.
QString titleQuestion();

/// A text's words that carry meaning, each once, and how many of them are in a talk as well.
struct WordsInCommon {
    int common = 0;
    int all = 0;
};

/// Words count in this or another ending; without word spaces pairs of characters do. Words of `ignored` count as
/// carrying none.
WordsInCommon compareWords(const QString& text, const QString& talk, const QString& ignored = {});

/// A title from what a model wrote: one line of at most 60 characters without quotes, marks and labels. Empty where it
/// can't be one: too long, too short, said after the task, or without a word in common with what was said, as small
/// models write when they didn't understand what they were asked.
QString titleFrom(const QString& written, const QString& question, const QString& answer);

} // namespace alcuin::app
