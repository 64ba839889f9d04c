#include "math/font/math_font.h"

#include <QFontDatabase>
#include <QFontInfo>

#include <algorithm>
#include <cmath>

namespace alcuin::ui::math {

namespace {

/// Best first; see ARCHITECTURE.md for why.
constexpr const char* kFamilies[] = {"TeX Gyre Pagella Math",
                                     "STIX Two Math",
                                     "Latin Modern Math",
                                     "Libertinus Math",
                                     "TeX Gyre Termes Math",
                                     "Cambria Math",
                                     "TeX Gyre Schola Math",
                                     "TeX Gyre Bonum Math",
                                     "Asana Math",
                                     "DejaVu Math TeX Gyre",
                                     "STIX Math"};
constexpr qsizetype kMostSizes = 64;
constexpr qsizetype kMostOutlines = 4000; ///< about 1 KiB each

} // namespace

std::shared_ptr<const MathFont> MathFont::ofFamily(const QString& family) {
    QFont font(family);
    font.setPixelSize(64);
    font.setStyleStrategy(QFont::NoFontMerging);
    font.setHintingPreference(QFont::PreferNoHinting);
    if (QFontInfo(font).family() != family) {
        return nullptr;
    }
    QRawFont raw = QRawFont::fromFont(font);
    std::shared_ptr<MathFont> result(new MathFont);
    if (!raw.isValid() || raw.unitsPerEm() <= 0 || !result->m_table.read(raw.fontTable("MATH"))) {
        return nullptr;
    }
    result->m_scriptForms = readScriptForms(raw.fontTable("GSUB"));
    result->m_family = family;
    result->m_font = font;
    result->m_unitsPerEm = raw.unitsPerEm();
    result->m_design = raw;
    result->m_design.setPixelSize(raw.unitsPerEm());
    if (const quint32 x = result->glyphOf(U'x'); x != 0) {
        result->m_xHeight = -result->bounds(x).top();
    }
    return result;
}

std::shared_ptr<const MathFont> MathFont::installed() {
    const QStringList families = QFontDatabase::families();
    for (const char* family : kFamilies) {
        if (const QString name = QString::fromLatin1(family); families.contains(name)) {
            if (auto font = ofFamily(name)) {
                return font;
            }
        }
    }
    for (const QString& name : families) {
        if (name.contains(QLatin1String("Math"))) {
            if (auto font = ofFamily(name)) {
                return font;
            }
        }
    }
    return nullptr;
}

quint32 MathFont::glyphOf(char32_t character) const {
    const auto known = m_glyphs.constFind(character);
    if (known != m_glyphs.constEnd()) {
        return *known;
    }
    const auto glyphs = m_design.glyphIndexesForString(QString::fromUcs4(&character, 1));
    const quint32 glyph = glyphs.isEmpty() ? 0 : glyphs.first();
    m_glyphs.insert(character, glyph);
    return glyph;
}

quint32 MathFont::scriptForm(quint32 glyph, int level) const {
    const auto found = m_scriptForms.constFind(glyph);
    if (level <= 0 || found == m_scriptForms.constEnd() || found->empty()) {
        return glyph;
    }
    return (*found)[std::min(size_t(level), found->size()) - 1];
}

const MathFont::Metrics& MathFont::metrics(quint32 glyph) const {
    const auto known = m_metrics.constFind(glyph);
    if (known != m_metrics.constEnd()) {
        return *known;
    }
    Metrics metrics;
    const auto advances = m_design.advancesForGlyphIndexes({glyph}, QRawFont::UseDesignMetrics);
    metrics.advance = advances.isEmpty() ? 0 : advances.first().x() / m_unitsPerEm;
    const QRectF box = m_design.boundingRect(glyph);
    metrics.bounds = {box.x() / m_unitsPerEm, box.y() / m_unitsPerEm, box.width() / m_unitsPerEm,
                      box.height() / m_unitsPerEm};
    return *m_metrics.insert(glyph, metrics);
}

double MathFont::advance(quint32 glyph) const {
    return metrics(glyph).advance;
}

QRectF MathFont::bounds(quint32 glyph) const {
    return metrics(glyph).bounds;
}

double MathFont::italics(quint32 glyph) const {
    if (m_table.italics.isEmpty()) { // STIX 1.1 has none: what hangs over is measured
        const Metrics& box = metrics(glyph);
        return box.advance > 0 ? std::max(0.0, box.bounds.right() - box.advance) : 0;
    }
    return m_table.italics.value(glyph) / m_unitsPerEm;
}

double MathFont::accentAttachment(quint32 glyph) const {
    const auto found = m_table.accentAttachment.constFind(glyph);
    if (found != m_table.accentAttachment.constEnd()) {
        return *found / m_unitsPerEm;
    }
    const Metrics& box = metrics(glyph);
    return box.advance > 0 ? (box.advance + italics(glyph)) / 2 : box.bounds.center().x();
}

double MathFont::kern(quint32 glyph, Corner corner, double height) const {
    const auto found = m_table.kerns.constFind(glyph);
    if (found == m_table.kerns.constEnd()) {
        return 0;
    }
    return (*found)[size_t(corner)].at(int(std::lround(height * m_unitsPerEm))) / m_unitsPerEm;
}

const Construction* MathFont::vertical(quint32 glyph) const {
    const auto found = m_table.vertical.constFind(glyph);
    return found == m_table.vertical.constEnd() ? nullptr : &*found;
}

const Construction* MathFont::horizontal(quint32 glyph) const {
    const auto found = m_table.horizontal.constFind(glyph);
    return found == m_table.horizontal.constEnd() ? nullptr : &*found;
}

QRawFont MathFont::at(double pixelSize) const {
    const int key = int(std::lround(pixelSize * 64));
    const auto known = m_sizes.constFind(key);
    if (known != m_sizes.constEnd()) {
        return *known;
    }
    if (m_sizes.size() >= kMostSizes) {
        m_sizes.clear();
    }
    QRawFont font = m_design;
    font.setPixelSize(key / 64.0);
    m_sizes.insert(key, font);
    return font;
}

QPainterPath MathFont::outline(quint32 glyph, double pixelSize) const {
    const quint64 key = (quint64(std::lround(pixelSize * 64)) << 32) | glyph;
    const auto known = m_outlines.constFind(key);
    if (known != m_outlines.constEnd()) {
        return *known;
    }
    if (m_outlines.size() >= kMostOutlines) {
        m_outlines.clear();
    }
    QPainterPath path = at(pixelSize).pathForGlyph(glyph);
    path.setFillRule(Qt::WindingFill);
    m_outlines.insert(key, path);
    return path;
}

QFont MathFont::wordFont(double pixelSize) const {
    QFont font(m_family);
    font.setPixelSize(std::max(1, int(std::lround(pixelSize))));
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace alcuin::ui::math
