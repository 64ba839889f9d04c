#include "math/math.h"

#include <QHash>
#include <QPaintEngine>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "math/layout/setter.h"
#include "math/tex/parser.h"
#include "theme/theme.h"

namespace alcuin::ui::math {

namespace {

/// How far something at a height must move to begin on a whole device pixel.
double snapOf(const QTransform& device, double y) {
    if (device.type() > QTransform::TxScale || device.m22() <= 0) {
        return 0;
    }
    const double at = y * device.m22() + device.dy();
    return (std::round(at) - at) / device.m22();
}

/// A rule on whole device pixels, at least one thick, so that it is as sharp as the letters.
QRectF snapped(const QTransform& device, const QRectF& rule) {
    if (device.type() > QTransform::TxScale || device.m22() <= 0 || device.m11() <= 0) {
        return rule;
    }
    QRectF result = rule;
    const bool upright = rule.height() > rule.width();
    if (upright) {
        const double left = std::round(rule.left() * device.m11() + device.dx());
        const double width = std::max(1.0, std::round(rule.width() * device.m11()));
        result.setLeft((left - device.dx()) / device.m11());
        result.setWidth(width / device.m11());
    } else {
        const double top = std::round(rule.top() * device.m22() + device.dy());
        const double height = std::max(1.0, std::round(rule.height() * device.m22()));
        result.setTop((top - device.dy()) / device.m22());
        result.setHeight(height / device.m22());
    }
    return result;
}

/// Of a run, the glyphs that stand between two heights.
QGlyphRun runWithin(const QGlyphRun& run, double top, double bottom) {
    const auto indexes = run.glyphIndexes();
    const auto positions = run.positions();
    QList<quint32> keptIndexes;
    QList<QPointF> keptPositions;
    for (qsizetype i = 0; i < positions.size(); ++i) {
        if (positions.at(i).y() >= top && positions.at(i).y() < bottom) {
            keptIndexes.append(indexes.at(i));
            keptPositions.append(positions.at(i));
        }
    }
    QGlyphRun kept = run;
    kept.setGlyphIndexes(keptIndexes);
    kept.setPositions(keptPositions);
    return kept;
}

/// A colour of the same hue that can be read on the ground on which `ink` is read: light where that is dark. Where the
/// ink is black or white itself, the desktop asked for much contrast, and gets it.
QColor readable(const QColor& colour, const QColor& ink) {
    constexpr double kEnough = 4.5; // Source: WCAG 2.2, 1.4.3; 1.4.6 for much contrast
    constexpr double kMuch = 7;
    constexpr float kStep = 0.04F;
    const bool lightInk = ink.lightnessF() > 0.5F;
    const QColor ground = lightInk ? QColor(0x1E1E1E) : QColor(0xF4F2ED); // about that of the windows
    const bool extreme = ink == QColor(Qt::black) || ink == QColor(Qt::white);
    QColor result = colour;
    for (float lightness = colour.lightnessF(); contrastOf(result, ground) < (extreme ? kMuch : kEnough);) {
        lightness += lightInk ? kStep : -kStep;
        if (lightness <= 0 || lightness >= 1) {
            return ink;
        }
        result = QColor::fromHslF(std::max(0.0F, colour.hslHueF()), colour.hslSaturationF(), lightness);
    }
    return result;
}

/// Glyphs of one size and colour, to be drawn together.
struct Glyphs {
    QList<quint32> indexes;
    QList<QPointF> positions;
};

} // namespace

/// The colours of one formula's parts where it is painted now.
class MathLayout::Inks {
public:
    explicit Inks(const QColor& ink) : m_ink(ink) {}

    const QColor& of(quint32 own) const {
        if (own == 0) {
            return m_ink;
        }
        auto found = m_known.find(own);
        if (found == m_known.end()) {
            const QColor colour = QColor::fromRgb(own);
            found = m_known.insert(own, (own & 0xFF000000) == kAsItIs ? colour : readable(colour, m_ink));
        }
        return *found;
    }

private:
    QColor m_ink;
    mutable QHash<quint32, QColor> m_known;
};

void MathLayout::take(const MathFont& font, const Setter& setter, const Picture& picture) {
    std::map<std::pair<double, quint32>, Glyphs> glyphs;
    for (size_t i = 0; i < picture.marks.size(); ++i) {
        const Mark& mark = picture.marks[i];
        switch (mark.kind) {
        case Mark::Kind::kGlyph: {
            Glyphs& group = glyphs[{mark.size, mark.ink}];
            group.indexes.append(mark.glyph);
            group.positions.append({mark.x, mark.y});
            m_letters.append({font.outline(mark.glyph, mark.size), QPointF(mark.x, mark.y), mark.ink});
            break;
        }
        case Mark::Kind::kOutline: {
            // The pieces of one sign are one outline: they overlap, and their edges mustn't be drawn twice.
            Outline outline;
            outline.ink = mark.ink;
            outline.path.setFillRule(Qt::WindingFill);
            for (; i < picture.marks.size() && picture.marks[i].kind == Mark::Kind::kOutline &&
                   picture.marks[i].ink == outline.ink;
                 ++i) {
                const Mark& piece = picture.marks[i];
                outline.path.addPath(font.outline(piece.glyph, piece.size).translated(piece.x, piece.y));
            }
            outline.meetsRule = i < picture.marks.size() && picture.marks[i].kind == Mark::Kind::kRule;
            outline.ruleTop = outline.meetsRule ? picture.marks[i].y : 0;
            m_outlines.append(outline);
            --i;
            break;
        }
        case Mark::Kind::kRule:
            m_rules.append({{mark.x, mark.y, mark.dx, mark.dy}, mark.ink});
            break;
        case Mark::Kind::kGround:
            m_grounds.append({{mark.x, mark.y, mark.dx, mark.dy}, mark.ink});
            break;
        case Mark::Kind::kLine:
            m_strokes.append({QLineF(mark.x, mark.y, mark.x + mark.dx, mark.y + mark.dy), mark.size, mark.ink});
            break;
        case Mark::Kind::kFrame:
            m_frames.append({QRectF(mark.x, mark.y, mark.dx, mark.dy), mark.size, mark.ink});
            break;
        case Mark::Kind::kWords: {
            QGlyphRun run = setter.words().at(qsizetype(mark.glyph));
            auto positions = run.positions();
            for (QPointF& position : positions) {
                position += QPointF(mark.x, mark.y);
            }
            run.setPositions(positions);
            m_words.append({run, mark.ink});
            break;
        }
        }
    }
    for (const auto& [look, group] : glyphs) {
        QGlyphRun run;
        run.setRawFont(font.at(look.first));
        run.setGlyphIndexes(group.indexes);
        run.setPositions(group.positions);
        m_runs.append({run, look.second});
    }
}

std::unique_ptr<MathLayout> layoutMath(QStringView tex, const MathFont& font, double pixelSize, bool display) {
    const std::optional<Formula> formula = parseTex(tex);
    if (!formula || pixelSize <= 0) {
        return nullptr;
    }
    Setter setter(font, pixelSize);
    const Picture picture = setter.formula(*formula, display);
    if (setter.failed()) {
        return nullptr;
    }
    auto layout = std::make_unique<MathLayout>();
    layout->m_width = picture.width;
    layout->m_ascent = picture.ascent;
    layout->m_descent = picture.descent;
    layout->m_lineEnds = setter.lineEnds();
    layout->take(font, setter, picture);
    return layout;
}

/// On a screen as outlines: Qt draws the glyphs of this kind of font with a correction that makes them thin on paper
/// colour and heavy on a dark ground beside those of the text.
void MathLayout::paintLetters(QPainter& painter, QPointF at, const Inks& inks, const QRectF& clip) const {
    const auto drawRun = [&](const Run& run) {
        painter.setPen(inks.of(run.ink));
        painter.drawGlyphRun(at, clip.isEmpty() ? run.glyphs
                                                : runWithin(run.glyphs, clip.top() - at.y(), clip.bottom() - at.y()));
    };
    for (const Run& run : m_words) {
        drawRun(run);
    }
    if (painter.paintEngine()->type() != QPaintEngine::Raster) {
        for (const Run& run : m_runs) {
            drawRun(run);
        }
        return;
    }
    const QTransform before = painter.transform();
    for (const Letter& letter : m_letters) {
        painter.setTransform(QTransform::fromTranslate(at.x() + letter.at.x(), at.y() + letter.at.y()) * before);
        painter.fillPath(letter.path, inks.of(letter.ink));
    }
    painter.setTransform(before);
}

void MathLayout::paintRules(QPainter& painter, QPointF at, const Inks& inks) const {
    const QTransform device = painter.deviceTransform();
    for (const Rule& rule : m_rules) {
        painter.fillRect(snapped(device, rule.rect.translated(at)), inks.of(rule.ink));
    }
    for (const Frame& frame : m_frames) {
        const QRectF outer = frame.rect.translated(at);
        const double thick = frame.thickness;
        const QRectF sides[] = {{outer.left(), outer.top(), outer.width(), thick},
                                {outer.left(), outer.bottom() - thick, outer.width(), thick},
                                {outer.left(), outer.top(), thick, outer.height()},
                                {outer.right() - thick, outer.top(), thick, outer.height()}};
        for (const QRectF& side : sides) {
            painter.fillRect(snapped(device, side), inks.of(frame.ink));
        }
    }
}

void MathLayout::paint(QPainter& painter, QPointF at, const QColor& ink, const QRectF& clip) const {
    const Inks inks(ink);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QTransform device = painter.deviceTransform();
    at.ry() += snapOf(device, at.y());
    for (const Rule& ground : m_grounds) {
        painter.fillRect(ground.rect.translated(at), QColor::fromRgb(ground.ink));
    }
    paintLetters(painter, at, inks, clip);
    paintRules(painter, at, inks);
    for (const Outline& outline : m_outlines) {
        const double shift = outline.meetsRule ? snapOf(device, at.y() + outline.ruleTop) : 0;
        painter.fillPath(outline.path.translated(at.x(), at.y() + shift), inks.of(outline.ink));
    }
    painter.setBrush(Qt::NoBrush);
    for (const Stroke& stroke : m_strokes) {
        painter.setPen(QPen(inks.of(stroke.ink), stroke.thickness, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(stroke.line.translated(at));
    }
    painter.restore();
}

QString spokenMath(QStringView tex) {
    const std::optional<Formula> formula = parseTex(tex);
    return formula ? speak(*formula) : QString();
}

} // namespace alcuin::ui::math
