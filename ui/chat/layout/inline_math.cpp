#include "chat/layout/inline_math.h"

#include <QFontMetricsF>

#include <algorithm>

#include "chat/markdown/math_marks.h"
#include "math/formulas.h"

namespace alcuin::ui {

namespace {
constexpr QChar kStandIn(0xA0); ///< a space that no line is broken at
constexpr double kLeastScale = 0.5;
} // namespace

InlineMath::InlineMath(const markdown::InlineText& text, const TextLook& look) : m_text(text.text), m_font(look.font) {
    const auto isMath = [](const markdown::Span& span) { return (span.style & markdown::kMath) != 0; };
    if (!look.formulas || std::none_of(text.spans.begin(), text.spans.end(), isMath)) {
        m_spans = text.spans;
        return;
    }
    const QFontMetricsF metrics(look.font);
    m_space = metrics.horizontalAdvance(kStandIn);
    m_text.clear();
    int copied = 0;
    for (const markdown::Span& span : text.spans) {
        m_text += QStringView(text.text).mid(copied, span.start - copied);
        copied = span.start;
        std::shared_ptr<const math::MathLayout> layout;
        if (isMath(span)) {
            const auto formula = markdown::MathSource::of(text.text.mid(span.start, span.length));
            layout = formula.closed ? look.formulas->set(look.definitions + formula.inside(), pixelSizeOf(look.font),
                                                         metrics.xHeight(), formula.display)
                                    : nullptr;
        }
        if (layout) {
            m_objects.push_back({int(m_text.size()), span.start, span.length, span.link, layout, 1});
            m_text += kStandIn;
        } else {
            markdown::Span moved = span;
            moved.start = int(m_text.size());
            m_spans.append(moved);
            m_text += QStringView(text.text).mid(span.start, span.length);
        }
        copied = span.start + span.length;
    }
    m_text += QStringView(text.text).mid(copied);
}

bool InlineMath::fit(double width) {
    bool changed = false;
    for (Object& object : m_objects) {
        const double natural = object.layout->width();
        const double scale = natural > width ? std::max(kLeastScale, width / natural) : 1;
        changed = changed || scale != object.scale;
        object.scale = scale;
    }
    return changed;
}

QList<QTextLayout::FormatRange> InlineMath::formats() const {
    QList<QTextLayout::FormatRange> formats;
    for (const Object& object : m_objects) {
        QTextLayout::FormatRange range;
        range.start = object.at;
        range.length = 1;
        QFont font = m_font;
        font.setLetterSpacing(QFont::AbsoluteSpacing, object.width() - m_space);
        range.format.setFont(font);
        formats.append(range);
    }
    return formats;
}

double InlineMath::widest() const {
    double widest = 0;
    for (const Object& object : m_objects) {
        widest = std::max(widest, object.layout->width());
    }
    return widest;
}

int InlineMath::laidStart(int place) const {
    int shorter = 0;
    for (const Object& object : m_objects) {
        if (object.start + object.length > place) {
            return object.start < place ? object.at : place - shorter;
        }
        shorter += object.length - 1;
    }
    return place - shorter;
}

int InlineMath::laidEnd(int place) const {
    int shorter = 0;
    for (const Object& object : m_objects) {
        if (object.start + object.length > place) {
            return object.start < place ? object.at + 1 : place - shorter;
        }
        shorter += object.length - 1;
    }
    return place - shorter;
}

int InlineMath::textPlace(int laid) const {
    int longer = 0;
    for (const Object& object : m_objects) {
        if (object.at >= laid) {
            break;
        }
        longer += object.length - 1;
    }
    return laid + longer;
}

} // namespace alcuin::ui
