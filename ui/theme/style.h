#pragma once

#include <QProxyStyle>

class QApplication;

namespace alcuin::ui {

class Theme;
struct Colors;

/// Fusion in our colours: rounded controls with a visible focus ring, thin scroll bars, roomy menus. The only place
/// that says what a standard control looks like; there are no style sheets.
class AlcuinStyle : public QProxyStyle {
    Q_OBJECT
public:
    explicit AlcuinStyle(const Theme& theme);

    /// No fades or slides, where the desktop asks for that.
    void setReducedMotion(bool reduced);

    using QProxyStyle::polish;
    using QProxyStyle::unpolish;
    void polish(QWidget* widget) override;
    void unpolish(QWidget* widget) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget = nullptr) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget = nullptr) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget = nullptr) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl sub,
                         const QWidget* widget = nullptr) const override;
    QRect subElementRect(SubElement element, const QStyleOption* option,
                         const QWidget* widget = nullptr) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget = nullptr) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option = nullptr,
                    const QWidget* widget = nullptr) const override;
    QIcon standardIcon(StandardPixmap which, const QStyleOption* option = nullptr,
                       const QWidget* widget = nullptr) const override;
    int styleHint(StyleHint hint, const QStyleOption* option = nullptr, const QWidget* widget = nullptr,
                  QStyleHintReturn* data = nullptr) const override;

private:
    const Theme& m_theme;
    bool m_reducedMotion = false;
};

/// Gives `application` the style, and palette and font of `theme`, now and whenever it changes. `theme` must live as
/// long as `application`. Returns the style, which `application` owns.
AlcuinStyle* installTheme(QApplication& application, Theme& theme);

/// One line of `words`, in the middle of `place`'s height and at the start or the end side of the painter's layout
/// direction. The words' own letters say which way they are read, so that a Latin title keeps its question mark behind
/// it where the window runs from right to left, and an Arabic one where it doesn't. `flags` are more of Qt::TextFlag.
void drawWords(QPainter& painter, const QRect& place, const QString& words, Qt::Alignment side = Qt::AlignLeading,
               int flags = 0);

/// `words` as they are given to Qt where it draws them itself in a line that is read in `direction`: marked, where
/// their own letters are read the other way, so that the line begins at its side and their punctuation stays at their
/// end.
QString readIn(Qt::LayoutDirection direction, const QString& words);

/// `words` cut with an ellipsis so that they are no wider than `width`, also where letters join differently at the cut.
QString elided(const QFontMetrics& metrics, const QString& words, int width);

/// A rounded ground, framed where the colours ask for it.
void paintGround(QPainter& painter, const QRectF& rect, double radius, const QColor& fill, const Colors& colors);

/// The ring around what has the keyboard's focus.
void paintFocusRing(QPainter& painter, const QRectF& rect, double radius, const Theme& theme);

} // namespace alcuin::ui
