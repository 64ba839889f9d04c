#pragma once

#include <QFont>

#include <memory>

#include "theme/theme.h"

namespace alcuin::ui {

namespace highlight {
class Library;
}

namespace math {
class Formulas;
}

/// How one kind of running text is set.
struct TextLook {
    QFont font;
    QFont codeFont;
    QColor ink;
    QColor linkInk;
    QColor codeFill;
    double lineHeight = 0;                    ///< distance of baselines in pixels, more where a line needs it
    std::shared_ptr<math::Formulas> formulas; ///< null: formulas are shown as they were written
    QString definitions;                      ///< of the message's own commands, read before each formula
};

/// Where a flow of blocks stands.
enum class Place { kAnswer, kQuestion, kReasoning };

/// Everything the layout takes from the theme, read once per change of it.
struct Look {
    Colors colors;
    QFont body;
    QFont secondary;
    QFont control;
    QFont code;
    QFont heading;
    QFont title;
    double em = 0;      ///< pixel size of the body font
    double smallEm = 0; ///< pixel size of the secondary font
    double codeAdvance = 0;
    double columnWidth = 0;            ///< of the reading column, where the window has room
    double target = Space::kHitTarget; ///< the side of a small button
    double icon = Space::kIcon;
    double smallIcon = Space::kSmallIcon;
    Qt::LayoutDirection direction = Qt::LeftToRight;
    bool paper = false;                            ///< printed: nothing scrolls, nothing can be pressed
    double pageHeight = 0;                         ///< of the text on a page, where it is paper
    std::shared_ptr<math::Formulas> formulas;      ///< null: no font for them is installed
    std::shared_ptr<highlight::Library> languages; ///< for the colours of code
    QString definitions;                           ///< what the message's formulas define

    /// Null languages: a library of its own, of which nothing is read until code is shown.
    static Look of(const Theme& theme, Qt::LayoutDirection direction,
                   std::shared_ptr<highlight::Library> languages = nullptr);

    TextLook text(Place place) const;
    TextLook headingText(Place place, int level) const;
    /// One line of words around the text: labels, measurements.
    TextLook label(const QColor& ink) const;
    double lineHeight(Place place) const;
    QColor codeFill(Place place) const;
    bool isRightToLeft() const {
        return direction == Qt::RightToLeft;
    }
};

double pixelSizeOf(const QFont& font);

} // namespace alcuin::ui
