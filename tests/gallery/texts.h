#pragma once

#include <QString>
#include <QStringList>

namespace alcuin::gallery {

/// Texts as models write them, the same every time.
QString proof();      ///< mathematics, inline and displayed
QString comparison(); ///< a table, lists, a quote
QString program();    ///< code in three languages
QString thinking();   ///< what a reasoning model thinks
QString arabic();     ///< right to left, with code in between
QString essay(int paragraphs);

} // namespace alcuin::gallery
