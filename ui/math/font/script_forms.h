#pragma once

#include <QByteArray>
#include <QHash>

#include <vector>

namespace alcuin::ui::math {

/// The forms that a font has for glyphs in scripts, from its feature "ssty": stronger and wider, so that they match
/// when they are made smaller. First those for scripts, then those for scripts of scripts.
using ScriptForms = QHash<quint32, std::vector<quint32>>;

/// Reads a GSUB table's bytes, which may be anything.
/// Source: the OpenType specification, "GSUB - Glyph substitution table", lookup types 1, 3 and 7.
ScriptForms readScriptForms(const QByteArray& bytes);

} // namespace alcuin::ui::math
