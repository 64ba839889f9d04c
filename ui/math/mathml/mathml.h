#pragma once

#include <QString>
#include <QStringView>

namespace alcuin::ui::math {

/// A formula as a MathML element that stands in HTML: presentation markup alone, which browsers set without a script.
/// Spaces between atoms are TeX's, said in numbers. `display`: for one on a line of its own. The TeX goes with it as an
/// annotation, for those who copy it. `definitions`: what goes before it, \newcommand and its like. Empty if the
/// formula isn't understood whole. Well-formed XML, too. Source: MathML Core (W3C); spaces: The TeXbook, chapter 18.
QString toMathMl(QStringView tex, bool display, const QString& definitions = {});

} // namespace alcuin::ui::math
