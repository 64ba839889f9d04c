#pragma once

#include <QStringView>

#include <optional>

namespace alcuin::ui::math {

/// A colour as xcolor writes it, as 0xFFRRGGBB. model: empty for names, mixtures (red!40!blue) and #RRGGBB; else HTML,
/// rgb, RGB, gray or cmyk. Nothing for what isn't a colour.
std::optional<quint32> colourOf(QStringView model, QStringView value);

} // namespace alcuin::ui::math
