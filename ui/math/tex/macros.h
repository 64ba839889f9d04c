#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace alcuin::ui::math {

/// Whether something in it may define a command: \newcommand, \def, \DeclareMathOperator and their like.
bool definesMacros(QStringView tex);

/// The definitions in a formula, as they were written, one after the other, to be written before
/// any other formula; empty if there are none.
QString definitionsIn(QStringView tex);

/// The formula without its definitions, and what they define written out. Each stands for all that follows it, groups
/// or not. Nothing if one can't be read, or if writing them out takes more than a thousand steps or grows beyond
/// Limits::kSource: a definition that doubles itself is refused, not run.
std::optional<QString> expandMacros(QStringView tex);

/// A command that packages define by others, like \abs or \dv: what its arguments come to. Nothing for other names.
struct Shorthand {
    int arguments = 0;
    QString body;
};
std::optional<Shorthand> shorthandNamed(QStringView name);

/// The body of a definition with its arguments in place of #1 to #9; nothing if it names one that isn't there.
std::optional<QString> filledIn(QStringView body, const QList<QString>& arguments);

} // namespace alcuin::ui::math
