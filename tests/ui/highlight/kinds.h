#pragma once

#include <QString>
#include <QStringList>

#include "highlight/library.h"

namespace alcuin::tests {

/// The kind of every character of a text; line feeds are plain.
std::vector<ui::highlight::Kind> kindsOf(ui::highlight::Library& library, const ui::highlight::Language& language,
                                         const QString& text);

/// "keyword:if string:"a" ...": what isn't plain, for failures and expectations.
QString described(ui::highlight::Library& library, const ui::highlight::Language& language, const QString& text);

} // namespace alcuin::tests
