#pragma once

#include <QColor>
#include <QIcon>
#include <QRectF>

class QPainter;
class QPainterPath;

namespace alcuin::ui {

class Theme;

/// Our own set, drawn on a grid of 20 with strokes of 1.5.
enum class Icon {
    kCopy,
    kCheck,
    kEdit,
    kRegenerate,
    kBack,
    kForward,
    kStop,
    kSend,
    kAttach,
    kDown,
    kMenu,
    kSidebar,
    kPlus,
    kSearch,
    kTrash,
    kClose,
    kDisclosure, ///< points where reading goes; turn the painter by 90 degrees for "open"
    kExpand,     ///< a menu opens below
    kCollapse,
    kWarning,
    kModel,
    kFolder,
    kMore,
    kUndo,
    kKeyboard,
    kPin,
    kArchive,
    kExport,
    kImport,
    kContinue, ///< lines that go on
    kDetails,
    kParameters, ///< sliders
    kTemporary,  ///< what leaves no trace
    kFile,
    kSnippet,
    kPersona,
    kCompact, ///< much becomes little
    kTiles,   ///< things side by side
    kComputer,
    kPrint,
    kCount
};

/// Draws `icon` in the largest square centred in `rect`. Icons that point sideways are mirrored when the painter's
/// layout direction is right to left.
void paintIcon(QPainter& painter, Icon icon, const QRectF& rect, const QColor& color);

/// The same as a QIcon, for menus and actions: it takes the theme's colours and the screen's resolution when painted.
/// `theme` must outlive the icon.
QIcon makeIcon(Icon icon, const Theme& theme);

/// The program's own icon, drawn from code: a page with a written line and its initial.
void paintApplicationIcon(QPainter& painter, const QRectF& rect);
QIcon makeApplicationIcon();

/// What `data` draws: SVG path data with the absolute commands M L H V C A Z, arcs being parts of circles.
/// An empty path when it isn't that.
QPainterPath parsePathData(const char* data);

} // namespace alcuin::ui
