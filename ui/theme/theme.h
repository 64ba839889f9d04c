#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>

namespace alcuin::ui {

/// Colours of code, by what it is; all else has the ink's. Readable on the code background and on paper.
struct Syntax {
    QColor comment;
    QColor string;
    QColor number;  ///< and constants
    QColor keyword; ///< and tags, headings
    QColor type;
    QColor function;
    QColor meta; ///< directives, attributes, variables with a sign, what stands out in a string
};

/// Every colour of the program. Widgets ask for these and for nothing else.
struct Colors {
    QColor paper;     ///< the window
    QColor surface;   ///< sidebar, composer, cards
    QColor raised;    ///< menus, dialogs
    QColor line;      ///< separates; a control's outline is ink3
    QColor ink;       ///< text
    QColor ink2;      ///< secondary text
    QColor ink3;      ///< hints, outlines
    QColor disabled;  ///< words, signs and outlines of what can't be used now; steps back from ink3, still legible
    QColor accent;    ///< the one colour that asks for attention
    QColor accentInk; ///< text on accent
    QColor code;      ///< behind code
    QColor positive;
    QColor caution;
    QColor negative;
    Syntax syntax;
    bool dark = false;
    /// Round what its ground alone tells apart from the rest; transparent where the ground is enough.
    QColor frame = Qt::transparent;
};

/// How much of the ink (or accent) a fill takes on under the pointer, when pressed, when chosen.
constexpr double kHoverShare = 0.06;
constexpr double kPressedShare = 0.12;
constexpr double kChosenShare = 0.14;
/// How far apart two colours are in brightness, 1 to 21. Source: WCAG 2.2, contrast ratio.
double contrastOf(const QColor& a, const QColor& b);
/// `share` of `front` over `back`.
QColor mixed(const QColor& back, const QColor& front, double share);

enum class ThemeMode { kSystem, kLight, kDark };

enum class FontRole { kBody, kSecondary, kControl, kTitle, kHeading, kCode };

/// Distances on a grid of 4, in device-independent pixels.
struct Space {
    static constexpr int k1 = 4;
    static constexpr int k2 = 8;
    static constexpr int k3 = 12;
    static constexpr int k4 = 16;
    static constexpr int k6 = 24;
    static constexpr int k8 = 32;
    static constexpr int kCorner = 8;
    static constexpr int kComposerCorner = 12;
    static constexpr int kReadingWidth = 760;
    static constexpr int kSidebarWidth = 264;
    static constexpr int kHitTarget = 28; ///< at 100%; Theme::grown() says how large now
    static constexpr int kIcon = 20;      ///< likewise
    static constexpr int kSmallIcon = 18; ///< beside words in a control; likewise
};

/// The look: colours, fonts, zoom. One per program, owned by the composition root and handed to whoever draws.
class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(QObject* parent = nullptr);

    const Colors& colors() const;
    QPalette palette() const; ///< the same colours in Qt's roles

    ThemeMode mode() const;
    void setMode(ThemeMode mode);
    /// What the desktop prefers; counts while mode() is kSystem.
    void setDesktopDark(bool dark);
    /// The desktop asks for high contrast: colours are then the system's own, whatever mode() says.
    void setHighContrast(bool on, const QPalette& system);

    /// 1.0 is 100%; bounded to 0.5 .. 3.
    double zoom() const;
    void setZoom(double zoom);
    /// How large an icon or a small button of `size` pixels at 100% is now: it grows half as fast as the text, so that
    /// it stays in proportion without pushing the words away, and never shrinks below what a hand can hit.
    int grown(int size) const;
    QFont font(FontRole role) const;
    /// How wide a column of text is at most: 72 characters of the body font, or Space::kReadingWidth, whichever is
    /// less.
    double readingWidth() const;

    static Colors light();
    static Colors dark();

signals:
    /// Colours or fonts are others now: repaint, lay out again.
    void changed();

private:
    void apply();

    ThemeMode m_mode = ThemeMode::kSystem;
    bool m_desktopDark = false;
    bool m_highContrast = false;
    QPalette m_systemPalette;
    double m_zoom = 1.0;
    Colors m_colors;
};

} // namespace alcuin::ui
