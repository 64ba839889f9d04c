#include "theme/theme.h"

#include <QFontDatabase>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {
constexpr double kMinZoom = 0.5;
constexpr double kMaxZoom = 3.0;
constexpr int kReadingCharacters = 72;

double sizeFactor(FontRole role) {
    switch (role) {
    case FontRole::kTitle:
        return 1.44;
    case FontRole::kHeading:
        return 1.2;
    default:
        return 1.0;
    }
}

/// Points added to the system's size.
double sizeOffset(FontRole role) {
    switch (role) {
    case FontRole::kBody:
    case FontRole::kTitle:
    case FontRole::kHeading:
        return 1.0;
    case FontRole::kSecondary:
        return -1.0;
    default:
        return 0.0;
    }
}

constexpr double kHighContrast = 7.0; ///< Source: WCAG 2.2, success criterion 1.4.6

/// Source: WCAG 2.2, relative luminance.
double luminanceOf(const QColor& color) {
    const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(double(color.redF())) + 0.7152 * linear(double(color.greenF())) +
           0.0722 * linear(double(color.blueF()));
}

/// As much of the colour as keeps it well readable; in the end the ink itself.
QColor strengthened(const QColor& color, const QColor& ink, const QColor& back) {
    constexpr int kSteps = 20;
    for (int step = 0; step < kSteps; ++step) {
        const QColor tried = mixed(color, ink, double(step) / kSteps);
        if (contrastOf(tried, back) >= kHighContrast) {
            return tried;
        }
    }
    return ink;
}

Syntax strengthened(const Syntax& syntax, const QColor& ink, const QColor& back) {
    const auto strong = [&](const QColor& color) { return strengthened(color, ink, back); };
    return {.comment = strong(syntax.comment),
            .string = strong(syntax.string),
            .number = strong(syntax.number),
            .keyword = strong(syntax.keyword),
            .type = strong(syntax.type),
            .function = strong(syntax.function),
            .meta = strong(syntax.meta)};
}

/// What the system has for what can't be used, where that can be told from text and be read; else a grey between.
QColor disabledOf(const QPalette& system, const QColor& paper, const QColor& ink) {
    constexpr double kLegible = 3.0;
    constexpr double kToldApart = 1.5;
    constexpr double kShare = 0.55;
    const QColor own = system.color(QPalette::Disabled, QPalette::Text);
    const bool fits = contrastOf(own, paper) >= kLegible && contrastOf(own, ink) >= kToldApart;
    return fits ? own : mixed(paper, ink, kShare);
}

/// The system's own colours in our roles; hints are as strong as text.
Colors fromSystem(const QPalette& p) {
    const QColor paper = p.color(QPalette::Base);
    const QColor ink = p.color(QPalette::Text);
    // The accent is text, too: a link's. What stands on it has to be read there.
    const QColor accent = strengthened(p.color(QPalette::Highlight), ink, paper);
    const QColor chosen = p.color(QPalette::HighlightedText);
    const QColor accentInk = contrastOf(chosen, accent) >= kHighContrast ? chosen : paper;
    const bool isDark = paper.lightnessF() < ink.lightnessF();
    const Syntax syntax = isDark ? Theme::dark().syntax : Theme::light().syntax;
    return {.paper = paper,
            .surface = paper,
            .raised = paper,
            .line = ink,
            .ink = ink,
            .ink2 = ink,
            .ink3 = ink,
            .disabled = disabledOf(p, paper, ink),
            .accent = accent,
            .accentInk = accentInk,
            .code = paper,
            .positive = ink,
            .caution = ink,
            .negative = ink,
            .syntax = strengthened(syntax, ink, paper),
            .dark = isDark,
            .frame = ink};
}
} // namespace

double contrastOf(const QColor& a, const QColor& b) {
    const double first = luminanceOf(a);
    const double second = luminanceOf(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QColor mixed(const QColor& back, const QColor& front, double share) {
    const auto part = static_cast<float>(share);
    const auto mix = [part](float b, float f) { return b + (f - b) * part; };
    return QColor::fromRgbF(mix(back.redF(), front.redF()), mix(back.greenF(), front.greenF()),
                            mix(back.blueF(), front.blueF()));
}

Theme::Theme(QObject* parent) : QObject(parent), m_colors(light()) {}

const Colors& Theme::colors() const {
    return m_colors;
}

ThemeMode Theme::mode() const {
    return m_mode;
}

void Theme::setMode(ThemeMode mode) {
    if (mode != m_mode) {
        m_mode = mode;
        apply();
    }
}

void Theme::setDesktopDark(bool dark) {
    if (dark != m_desktopDark) {
        m_desktopDark = dark;
        apply();
    }
}

void Theme::setHighContrast(bool on, const QPalette& system) {
    if (on != m_highContrast || (on && system != m_systemPalette)) {
        m_highContrast = on;
        m_systemPalette = system;
        apply();
    }
}

double Theme::zoom() const {
    return m_zoom;
}

void Theme::setZoom(double zoom) {
    const double bounded = std::clamp(zoom, kMinZoom, kMaxZoom);
    if (!qFuzzyCompare(bounded, m_zoom)) {
        m_zoom = bounded;
        emit changed();
    }
}

int Theme::grown(int size) const {
    return static_cast<int>(std::lround(size * (1 + std::max(0.0, m_zoom - 1) / 2)));
}

QFont Theme::font(FontRole role) const {
    QFont font =
        QFontDatabase::systemFont(role == FontRole::kCode ? QFontDatabase::FixedFont : QFontDatabase::GeneralFont);
    const double base = QFontDatabase::systemFont(QFontDatabase::GeneralFont).pointSizeF();
    font.setPointSizeF((base > 0 ? base + sizeOffset(role) : 10.0) * sizeFactor(role) * m_zoom);
    if (role == FontRole::kTitle || role == FontRole::kHeading) {
        font.setWeight(QFont::DemiBold);
    }
    return font;
}

double Theme::readingWidth() const {
    const double characters =
        kReadingCharacters * QFontMetricsF(font(FontRole::kBody)).horizontalAdvance(QLatin1Char('0'));
    return std::min(characters, Space::kReadingWidth * std::max(1.0, m_zoom));
}

Colors Theme::light() {
    return {.paper = QColor(0xFBFAF7),
            .surface = QColor(0xF3F1EB),
            .raised = QColor(0xFFFFFF),
            .line = QColor(0xE2DED4),
            .ink = QColor(0x1F2328),
            .ink2 = QColor(0x555B63),
            .ink3 = QColor(0x646A72),
            .disabled = QColor(0x868B92),
            .accent = QColor(0x1B6B73),
            .accentInk = QColor(0xFFFFFF),
            .code = QColor(0xF0EDE4),
            .positive = QColor(0x26734A),
            .caution = QColor(0x8A5C00),
            .negative = QColor(0xB3372F),
            .syntax = {.comment = QColor(0x6A675E),
                       .string = QColor(0x2E6A3C),
                       .number = QColor(0x9A3D22),
                       .keyword = QColor(0x733780),
                       .type = QColor(0x1A666E),
                       .function = QColor(0x22568F),
                       .meta = QColor(0x7D5600)},
            .dark = false};
}

Colors Theme::dark() {
    return {.paper = QColor(0x16181B),
            .surface = QColor(0x1E2126),
            .raised = QColor(0x262A30),
            .line = QColor(0x32373E),
            .ink = QColor(0xE8E5DE),
            .ink2 = QColor(0xA9AFB7),
            .ink3 = QColor(0x8C939C),
            .disabled = QColor(0x72787F),
            .accent = QColor(0x6FC3C9),
            .accentInk = QColor(0x0E2A2D),
            .code = QColor(0x20242A),
            .positive = QColor(0x6CC08B),
            .caution = QColor(0xE0B252),
            .negative = QColor(0xF08A80),
            .syntax = {.comment = QColor(0x8F948F),
                       .string = QColor(0x9FC593),
                       .number = QColor(0xE3A182),
                       .keyword = QColor(0xCBA3DD),
                       .type = QColor(0x77C2C6),
                       .function = QColor(0x92B8EA),
                       .meta = QColor(0xD6B972)},
            .dark = true};
}

QPalette Theme::palette() const {
    const Colors& c = m_colors;
    QPalette palette;
    palette.setColor(QPalette::Window, c.paper);
    palette.setColor(QPalette::WindowText, c.ink);
    palette.setColor(QPalette::Base, c.paper);
    palette.setColor(QPalette::AlternateBase, c.surface);
    palette.setColor(QPalette::Text, c.ink);
    palette.setColor(QPalette::PlaceholderText, c.ink3);
    palette.setColor(QPalette::Button, c.surface);
    palette.setColor(QPalette::ButtonText, c.ink);
    palette.setColor(QPalette::BrightText, c.negative);
    palette.setColor(QPalette::ToolTipBase, c.raised);
    palette.setColor(QPalette::ToolTipText, c.ink);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.accentInk);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::LinkVisited, c.accent);
    palette.setColor(QPalette::Light, c.raised);
    palette.setColor(QPalette::Midlight, c.surface);
    palette.setColor(QPalette::Mid, c.line);
    palette.setColor(QPalette::Dark, c.ink3);
    palette.setColor(QPalette::Shadow, c.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, c.disabled);
    }
    return palette;
}

void Theme::apply() {
    const bool useDark = m_mode == ThemeMode::kDark || (m_mode == ThemeMode::kSystem && m_desktopDark);
    m_colors = m_highContrast ? fromSystem(m_systemPalette) : useDark ? dark() : light();
    emit changed();
}

} // namespace alcuin::ui
