#pragma once

#include <QFont>
#include <QPainterPath>
#include <QRawFont>
#include <QRectF>

#include <memory>

#include "math/font/math_table.h"
#include "math/font/script_forms.h"

namespace alcuin::ui::math {

/// A font with an OpenType MATH table. Lengths that it answers are in em, so that they are multiplied by a size in
/// pixels; y goes down, as Qt's does.
class MathFont {
public:
    /// The best font for formulas that is installed; null if there is none.
    static std::shared_ptr<const MathFont> installed();
    /// Null if the family isn't installed or has no usable MATH table.
    static std::shared_ptr<const MathFont> ofFamily(const QString& family);

    const QString& family() const {
        return m_family;
    }
    double constant(Constant constant) const {
        return m_table.of(constant) / m_unitsPerEm;
    }
    double displayOperatorMinHeight() const {
        return m_table.displayOperatorMinHeight / m_unitsPerEm;
    }
    double scriptScale() const {
        return m_table.scriptPercent / 100.0;
    }
    double scriptScriptScale() const {
        return m_table.scriptScriptPercent / 100.0;
    }
    double radicalDegreeRaise() const {
        return m_table.radicalDegreeBottomRaisePercent / 100.0;
    }
    double minConnectorOverlap() const {
        return m_table.minConnectorOverlap / m_unitsPerEm;
    }
    double xHeight() const {
        return m_xHeight;
    }

    /// 0 if the font doesn't have the character.
    quint32 glyphOf(char32_t character) const;
    /// The glyph to use in a script (level 1) or a script of a script (2).
    quint32 scriptForm(quint32 glyph, int level) const;
    double advance(quint32 glyph) const;
    QRectF bounds(quint32 glyph) const;
    double italics(quint32 glyph) const;
    /// Where an accent belongs, from the glyph's origin.
    double accentAttachment(quint32 glyph) const;
    /// What a script at that height over the baseline moves in by at the glyph's corner.
    double kern(quint32 glyph, Corner corner, double height) const;
    const Construction* vertical(quint32 glyph) const;
    const Construction* horizontal(quint32 glyph) const;
    double em(int designUnits) const {
        return designUnits / m_unitsPerEm;
    }

    /// For painting.
    QRawFont at(double pixelSize) const;
    /// From the glyph's origin.
    QPainterPath outline(quint32 glyph, double pixelSize) const;
    /// For words in a formula whose letters this font doesn't have.
    QFont wordFont(double pixelSize) const;

private:
    MathFont() = default;

    struct Metrics {
        double advance = 0;
        QRectF bounds;
    };
    const Metrics& metrics(quint32 glyph) const;

    QString m_family;
    QFont m_font;
    QRawFont m_design; ///< one pixel is one design unit
    double m_unitsPerEm = 1000;
    double m_xHeight = 0.45;
    MathTable m_table;
    ScriptForms m_scriptForms;
    mutable QHash<quint32, Metrics> m_metrics;
    mutable QHash<char32_t, quint32> m_glyphs;
    mutable QHash<int, QRawFont> m_sizes; ///< by 64ths of a pixel
    mutable QHash<quint64, QPainterPath> m_outlines;
};

} // namespace alcuin::ui::math
