#pragma once

#include <QCache>
#include <QString>

#include <memory>

#include "math/math.h"

namespace alcuin::ui::math {

/// Sets formulas with one font and keeps those that were set last, so that what scrolls into view again costs nothing.
class Formulas {
public:
    /// Null if no font for formulas is installed.
    static std::shared_ptr<Formulas> withInstalledFont();
    explicit Formulas(std::shared_ptr<const MathFont> font) : m_font(std::move(font)) {}

    /// A formula without its signs beside text of that height of x. Null if it can't be set.
    std::shared_ptr<const MathLayout> set(const QString& tex, double pixelSize, double xHeight, bool display);

    /// For tests: how many were set, and not found set already.
    int setCount() const {
        return m_count;
    }

private:
    static constexpr int kKept = 1024;

    std::shared_ptr<const MathFont> m_font;
    QCache<QString, std::shared_ptr<const MathLayout>> m_known{kKept};
    int m_count = 0;
};

} // namespace alcuin::ui::math
