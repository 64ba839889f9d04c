#pragma once

#include <QString>

#include <optional>

namespace alcuin::ui::math {

/// A number as siunitx writes it, as mathematics: 1.5e-3 with its power of ten, 12345 in groups, +- as a sign.
std::optional<QString> texOfNumber(QStringView number);
/// A unit: \metre\per\second\squared, \km, or kg.m/s^2.
std::optional<QString> texOfUnit(QStringView unit);
/// An angle: 30, or 30;15;2 in degrees, minutes and seconds.
std::optional<QString> texOfAngle(QStringView angle);

} // namespace alcuin::ui::math
