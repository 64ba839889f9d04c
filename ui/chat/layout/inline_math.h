#pragma once

#include <QTextLayout>

#include <memory>
#include <vector>

#include "chat/layout/look.h"
#include "chat/markdown/block.h"
#include "math/math.h"

namespace alcuin::ui {

/// A text with its formulas replaced by one character each, which is as wide as the formula. Two ways of counting:
/// places in the text, as everyone else counts, and places in what is laid out.
class InlineMath {
public:
    struct Object {
        int at = 0;     ///< the character that stands for it
        int start = 0;  ///< its source in the text
        int length = 0; ///< of that source
        int link = -1;
        std::shared_ptr<const math::MathLayout> layout;
        double scale = 1; ///< smaller than one where the line is narrower than the formula

        double width() const {
            return layout->width() * scale;
        }
    };

    InlineMath(const markdown::InlineText& text, const TextLook& look);

    const QString& laidText() const {
        return m_text;
    }
    /// Those of the text but of formulas that were set, counted in the laid out text.
    const QList<markdown::Span>& spans() const {
        return m_spans;
    }
    const std::vector<Object>& objects() const {
        return m_objects;
    }
    /// Makes formulas fit a line. True if a width changed.
    bool fit(double width);
    QList<QTextLayout::FormatRange> formats() const;
    double widest() const;

    /// Anything inside a formula is the whole formula.
    int laidStart(int place) const;
    int laidEnd(int place) const;
    int textPlace(int laid) const;

private:
    QString m_text;
    QList<markdown::Span> m_spans;
    std::vector<Object> m_objects;
    QFont m_font;
    double m_space = 0; ///< advance of the character that stands for a formula
};

} // namespace alcuin::ui
