#pragma once

#include <QString>

#include <optional>

namespace alcuin::ui::math {

/// What stands in \ce{...}, as mathematics: formulas with their counts, charges and isotopes, states, bonds, arrows
/// with what stands over and under them, precipitates and gases. Nothing for what isn't understood. Source: the
/// documentation of mhchem for LaTeX, version 4: what is typed, and what it means.
std::optional<QString> texOfChemistry(QStringView ce);

} // namespace alcuin::ui::math
