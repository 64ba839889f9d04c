#pragma once

#include <QString>
#include <QStringView>

namespace alcuin::ui::highlight {

struct Language;

/// A name for a file with that code: the one that its first line, being a comment, gives ("# src/app.py" is "app.py"),
/// the one that such files always have ("Makefile"), or "code" with the language's extension. Never a path, never a
/// hidden file. `language` may be null.
QString fileNameFor(const Language* language, QStringView code);

} // namespace alcuin::ui::highlight
