#pragma once

#include <QString>

#include "services/chat_values.h"

namespace alcuin::tests {

app::MessageView question(const QString& text);
app::MessageView answer(const QString& text);

/// An answer with every kind of block.
QString richAnswer();
/// Footnotes, and what little HTML means something.
QString notedAnswer();
QString rightToLeftAnswer();

/// A path of that many questions and answers, of different lengths, the same every time.
QList<app::MessageView> longPath(int turns);

/// An answer about mathematics: formulas in lines, in tables and lists, on lines of their own.
QString mathAnswer();

} // namespace alcuin::tests
