#include "math/formulas.h"

#include <algorithm>
#include <cmath>

namespace alcuin::ui::math {

std::shared_ptr<Formulas> Formulas::withInstalledFont() {
    static std::weak_ptr<Formulas> shared; // of all views that live now
    if (auto known = shared.lock()) {
        return known;
    }
    std::shared_ptr<const MathFont> font = MathFont::installed();
    auto formulas = font ? std::make_shared<Formulas>(std::move(font)) : nullptr;
    shared = formulas;
    return formulas;
}

std::shared_ptr<const MathLayout> Formulas::set(const QString& tex, double pixelSize, double xHeight, bool display) {
    // Small letters as high as those around them: sans serif faces have larger ones than faces for formulas.
    constexpr double kMostGrowth = 1.25;
    const double wanted = m_font->xHeight() > 0 ? xHeight / m_font->xHeight() : pixelSize;
    const double size = std::round(std::clamp(wanted, pixelSize, kMostGrowth * pixelSize) * 8) / 8;
    const QString key = QString::number(size) + (display ? QLatin1Char('d') : QLatin1Char('t')) + tex;
    if (const auto* known = m_known.object(key)) {
        return *known;
    }
    ++m_count;
    std::shared_ptr<const MathLayout> layout = layoutMath(tex, *m_font, size, display);
    m_known.insert(key, new std::shared_ptr<const MathLayout>(layout));
    return layout;
}

} // namespace alcuin::ui::math
