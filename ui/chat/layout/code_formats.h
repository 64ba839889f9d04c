#pragma once

#include <QList>
#include <QTextLayout>

#include <vector>

#include "highlight/kind.h"
#include "theme/theme.h"

namespace alcuin::ui {

/// The colour of a kind of code; invalid for plain text, which has the ink's.
QColor colorOf(highlight::Kind kind, const Colors& colors);

/// What of a line's spans lies in [start, start + length), counted from start, as a layout wants it.
QList<QTextLayout::FormatRange> formatsOf(const std::vector<highlight::Span>& spans, int start, int length,
                                          const Colors& colors);

} // namespace alcuin::ui
