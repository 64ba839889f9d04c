#include "theme/style.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStyleOption>
#include <QTextEdit>
#include <QToolTip>

#include <algorithm>

#include "theme/icons.h"
#include "theme/style_painting.h"
#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kButtonHeight = 32;
constexpr int kMenuItemHeight = 30;
constexpr int kScrollBarExtent = 12;
constexpr int kShortestSlider = 32;
constexpr int kTextAreaFrame = 6; ///< inside it the corners of the text's ground stay within the rounded ones

/// Where the slider of a scroll bar without end buttons lies.
QRect sliderRect(const QStyleOptionSlider& option) {
    const bool vertical = option.orientation == Qt::Vertical;
    const int length = vertical ? option.rect.height() : option.rect.width();
    const qint64 range = static_cast<qint64>(option.maximum) - option.minimum;
    int slider = length;
    int at = 0;
    if (range > 0) {
        slider = static_cast<int>(static_cast<qint64>(length) * option.pageStep / (range + option.pageStep));
        slider = std::clamp(slider, std::min(kShortestSlider, length), length);
        at = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition, length - slider,
                                             option.upsideDown);
    }
    const QRect rect = vertical ? QRect(option.rect.left(), option.rect.top() + at, option.rect.width(), slider)
                                : QRect(option.rect.left() + at, option.rect.top(), slider, option.rect.height());
    return rect;
}

/// Several lines of text to be edited, with a frame of its own.
bool isTextArea(const QWidget* widget) {
    const auto* area = qobject_cast<const QFrame*>(widget);
    return area != nullptr && area->frameShape() == QFrame::StyledPanel &&
           (qobject_cast<const QPlainTextEdit*>(widget) != nullptr ||
            qobject_cast<const QTextEdit*>(widget) != nullptr);
}

/// A list or table that stands as a field among others, with a frame of its own.
bool isFramedList(const QWidget* widget) {
    const auto* view = qobject_cast<const QAbstractItemView*>(widget);
    return view != nullptr && view->frameShape() == QFrame::StyledPanel;
}
} // namespace

AlcuinStyle::AlcuinStyle(const Theme& theme) : QProxyStyle(QStringLiteral("Fusion")), m_theme(theme) {}

void AlcuinStyle::setReducedMotion(bool reduced) {
    m_reducedMotion = reduced;
}

void AlcuinStyle::polish(QWidget* widget) {
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton*>(widget) != nullptr || qobject_cast<QScrollBar*>(widget) != nullptr) {
        widget->setAttribute(Qt::WA_Hover, true);
    }
    if (isTextArea(widget)) {
        widget->installEventFilter(this);
    }
}

void AlcuinStyle::unpolish(QWidget* widget) {
    if (qobject_cast<QAbstractButton*>(widget) != nullptr || qobject_cast<QScrollBar*>(widget) != nullptr) {
        widget->setAttribute(Qt::WA_Hover, false);
    }
    widget->removeEventFilter(this);
    QProxyStyle::unpolish(widget);
}

/// A text area draws its text anew when the keyboard comes or goes, but not its frame.
bool AlcuinStyle::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
        if (auto* widget = qobject_cast<QWidget*>(watched)) {
            widget->update();
        }
    }
    return QProxyStyle::eventFilter(watched, event);
}

void AlcuinStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const {
    painter->save();
    switch (element) {
    case PE_FrameFocusRect:
        paintFocusRing(*painter, option->rect, Space::kCorner, m_theme);
        break;
    case PE_PanelButtonCommand:
        paintPushButton(*painter, *option, m_theme);
        break;
    case PE_FrameDefaultButton:
    case PE_PanelMenu:
    case PE_FrameStatusBarItem:
        break;
    case PE_PanelButtonTool:
        paintToolButton(*painter, *option, m_theme);
        break;
    case PE_PanelLineEdit:
        if (const auto* edit = qobject_cast<const QLineEdit*>(widget); edit != nullptr && !edit->hasFrame()) {
            break;
        }
        paintLineEdit(*painter, *option, m_theme);
        break;
    case PE_FrameLineEdit:
        break; // PE_PanelLineEdit has drawn it
    case PE_Frame:
        if (isTextArea(widget) || isFramedList(widget)) {
            paintLineEdit(*painter, *option, m_theme);
        } else {
            QProxyStyle::drawPrimitive(element, option, painter, widget);
        }
        break;
    case PE_PanelItemViewItem:
        if (isFramedList(widget)) {
            paintListItem(*painter, *option, m_theme);
        } else {
            QProxyStyle::drawPrimitive(element, option, painter, widget);
        }
        break;
    case PE_FrameMenu:
    case PE_PanelTipLabel:
        paintRaisedPanel(*painter, option->rect, m_theme);
        break;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
    painter->restore();
}

void AlcuinStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const {
    painter->save();
    const Colors& colors = m_theme.colors();
    if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        button != nullptr && element == CE_PushButtonLabel) {
        paintPushButtonLabel(*painter, *button, m_theme);
    } else if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
               item != nullptr && element == CE_MenuItem) {
        paintMenuItem(*painter, *item, m_theme);
    } else if (element == CE_MenuEmptyArea) {
        painter->fillRect(option->rect, colors.raised);
    } else if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option);
               bar != nullptr && element == CE_ProgressBar) {
        paintProgressBar(*painter, *bar, m_theme);
    } else if (const auto* row = qstyleoption_cast<const QStyleOptionViewItem*>(option);
               row != nullptr && element == CE_ItemViewItem) {
        QStyleOptionViewItem marked = *row;
        marked.text = readIn(row->direction, row->text);
        if (isFramedList(widget)) {
            marked.palette.setColor(QPalette::HighlightedText, colors.ink); // the fill is a light one
            marked.state &= ~State_HasFocus;                                // the list's ring says so
        }
        QProxyStyle::drawControl(element, &marked, painter, widget);
    } else if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
               combo != nullptr && element == CE_ComboBoxLabel) {
        // What doesn't fit ends with an ellipsis, not within a letter.
        QStyleOptionComboBox cut = *combo;
        const QRect field = proxy()->subControlRect(CC_ComboBox, combo, SC_ComboBoxEditField, widget);
        const int icon = combo->currentIcon.isNull() ? 0 : combo->iconSize.width() + Space::k1;
        cut.currentText = combo->fontMetrics.elidedText(combo->currentText, Qt::ElideRight, field.width() - icon - 2);
        QProxyStyle::drawControl(element, &cut, painter, widget);
    } else if (element == CE_Splitter) {
        QRect handle = option->rect; // wide enough to be taken hold of; what is seen is a line
        if ((option->state & State_Horizontal) != 0) {
            handle = QRect(handle.center().x(), handle.top(), 1, handle.height());
        } else {
            handle = QRect(handle.left(), handle.center().y(), handle.width(), 1);
        }
        painter->fillRect(handle, colors.line);
    } else {
        QProxyStyle::drawControl(element, option, painter, widget);
    }
    painter->restore();
}

void AlcuinStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                     const QWidget* widget) const {
    const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control == CC_ScrollBar && slider != nullptr) {
        painter->save();
        paintScrollBarSlider(*painter, sliderRect(*slider), *slider, m_theme);
        painter->restore();
        return;
    }
    if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        control == CC_ComboBox && combo != nullptr && !combo->editable) {
        painter->save();
        paintComboBox(*painter, *combo, m_theme);
        painter->restore();
        return;
    }
    if (const auto* number = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        number != nullptr && number->buttonSymbols == QAbstractSpinBox::NoButtons) {
        painter->save();
        paintLineEdit(*painter, *option, m_theme);
        painter->restore();
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect AlcuinStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl sub,
                                  const QWidget* widget) const {
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control != CC_ScrollBar || bar == nullptr) {
        const QRect rect = QProxyStyle::subControlRect(control, option, sub, widget);
        const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        if (control != CC_ComboBox || sub != SC_ComboBoxEditField || combo == nullptr || combo->editable) {
            return rect;
        }
        const int arrow = comboArrowSide(m_theme) + Space::k2;
        return visualRect(combo->direction, combo->rect, combo->rect.adjusted(Space::k2, 0, -arrow - Space::k1, 0));
    }
    const QRect slider = sliderRect(*bar);
    const QRect& whole = bar->rect;
    const bool vertical = bar->orientation == Qt::Vertical;
    switch (sub) {
    case SC_ScrollBarSlider:
        return slider;
    case SC_ScrollBarGroove:
        return whole;
    case SC_ScrollBarSubPage:
        return vertical ? QRect(whole.topLeft(), QPoint(whole.right(), slider.top() - 1))
                        : QRect(whole.topLeft(), QPoint(slider.left() - 1, whole.bottom()));
    case SC_ScrollBarAddPage:
        return vertical ? QRect(QPoint(whole.left(), slider.bottom() + 1), whole.bottomRight())
                        : QRect(QPoint(slider.right() + 1, whole.top()), whole.bottomRight());
    default:
        return {};
    }
}

QRect AlcuinStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const {
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto* edit = qobject_cast<const QLineEdit*>(widget);
    const bool framed = element == SE_LineEditContents && edit != nullptr && edit->hasFrame();
    constexpr int kInside = Space::k2; // words begin where those of a text area do
    return framed ? rect.intersected(option->rect.adjusted(kInside, 0, -kInside, 0)) : rect;
}

QSize AlcuinStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                    const QWidget* widget) const {
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    // Words keep their room above and below, however large they are.
    const int letters = option != nullptr ? option->fontMetrics.height() : 0;
    const int height = std::max(kButtonHeight, letters + Space::k3);
    switch (type) {
    case CT_PushButton:
        return {result.width() + 2 * m_theme.grown(Space::k2), std::max(result.height(), height)};
    case CT_ComboBox:
        return {result.width() + m_theme.grown(Space::k4), std::max(result.height(), height)};
    case CT_LineEdit:
        return {result.width() + 2 * kTextAreaFrame, std::max(result.height(), height)};
    case CT_ItemViewItem:
        return isFramedList(widget) ? result.expandedTo(QSize(0, Space::kHitTarget)) : result;
    case CT_ToolButton:
        return result.expandedTo(QSize(m_theme.grown(Space::kHitTarget), m_theme.grown(Space::kHitTarget)));
    case CT_MenuItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator) {
                return {result.width(), 9};
            }
            const QFontMetrics metrics(item->font);
            const int words = metrics.size(Qt::TextShowMnemonic, item->text).width();
            return {words + menuMarkWidth(m_theme) + Space::k8,
                    std::max(metrics.height() + Space::k3, kMenuItemHeight)};
        }
        return result;
    default:
        return result;
    }
}

int AlcuinStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
    case PM_ScrollBarExtent:
        return m_theme.grown(kScrollBarExtent);
    case PM_ScrollBarSliderMin:
        return kShortestSlider;
    case PM_DefaultFrameWidth:
        return isTextArea(widget) || isFramedList(widget) ? kTextAreaFrame
                                                          : QProxyStyle::pixelMetric(metric, option, widget);
    case PM_ScrollView_ScrollBarSpacing:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_MenuPanelWidth:
        return 1;
    case PM_MenuHMargin:
    case PM_MenuVMargin:
        return Space::k1;
    case PM_FocusFrameHMargin: // before and behind an item's words
        return isFramedList(widget) ? Space::k1 : QProxyStyle::pixelMetric(metric, option, widget);
    case PM_MessageBoxIconSize:
        return Space::k6;
    case PM_ToolTipLabelFrameWidth:
        return 6;
    case PM_ButtonIconSize:
    case PM_SmallIconSize:
        return m_theme.grown(Space::kSmallIcon);
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return m_theme.grown(QProxyStyle::pixelMetric(metric, option, widget));
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QIcon AlcuinStyle::standardIcon(StandardPixmap which, const QStyleOption* option, const QWidget* widget) const {
    // A tool button's icon is painted without a direction.
    const bool mirrored =
        (widget != nullptr ? widget->layoutDirection() : QGuiApplication::layoutDirection()) == Qt::RightToLeft;
    switch (which) {
    case SP_MessageBoxWarning:
    case SP_MessageBoxCritical:
        return makeIcon(Icon::kWarning, m_theme);
    case SP_MessageBoxInformation:
    case SP_MessageBoxQuestion:
        return makeIcon(Icon::kDetails, m_theme);
    // Of Qt's own file dialog, where the desktop has none.
    case SP_ArrowBack:
    case SP_FileDialogBack:
        return makeIcon(mirrored ? Icon::kForward : Icon::kBack, m_theme);
    case SP_ArrowForward:
        return makeIcon(mirrored ? Icon::kBack : Icon::kForward, m_theme);
    case SP_FileDialogToParent:
        return makeIcon(Icon::kSend, m_theme);
    case SP_FileDialogNewFolder:
        return makeIcon(Icon::kPlus, m_theme);
    case SP_FileDialogListView:
        return makeIcon(Icon::kTiles, m_theme);
    case SP_FileDialogDetailedView:
        return makeIcon(Icon::kMenu, m_theme);
    case SP_DirIcon:
    case SP_DirClosedIcon:
    case SP_DirOpenIcon:
    case SP_DirLinkIcon:
    case SP_DirHomeIcon:
        return makeIcon(Icon::kFolder, m_theme);
    case SP_FileIcon:
    case SP_FileLinkIcon:
        return makeIcon(Icon::kFile, m_theme);
    case SP_ComputerIcon:
    case SP_DesktopIcon:
    case SP_DriveHDIcon:
        return makeIcon(Icon::kComputer, m_theme);
    default:
        return QProxyStyle::standardIcon(which, option, widget);
    }
}

int AlcuinStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                           QStyleHintReturn* data) const {
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ScrollBar_Transient:
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    case SH_Menu_Scrollable: // else a menu higher than the screen goes on in columns beyond its side
        return 1;
    case SH_ToolTipLabel_Opacity:
        return 255;
    case SH_Widget_Animation_Duration:
        return m_reducedMotion ? 0 : 120;
    case SH_Menu_SubMenuPopupDelay:
        return 150;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

void drawWords(QPainter& painter, const QRect& place, const QString& words, Qt::Alignment side, int flags) {
    const Qt::LayoutDirection direction = painter.layoutDirection();
    const Qt::Alignment at = QStyle::visualAlignment(direction, side) | Qt::AlignAbsolute;
    painter.setLayoutDirection(words.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    painter.drawText(place, int(at | Qt::AlignVCenter) | Qt::TextSingleLine | flags, words);
    painter.setLayoutDirection(direction);
}

QString elided(const QFontMetrics& metrics, const QString& words, int width) {
    constexpr int kTries = 4; // each takes off what the one before was too wide by
    QString shown = metrics.elidedText(words, Qt::ElideRight, width);
    int room = width;
    for (int i = 0; i < kTries && shown != words; ++i) {
        const int over = metrics.horizontalAdvance(shown) - width;
        if (over <= 0) {
            break;
        }
        room -= over;
        shown = metrics.elidedText(words, Qt::ElideRight, room);
    }
    return shown;
}

QString readIn(Qt::LayoutDirection direction, const QString& words) {
    const bool mirrored = direction == Qt::RightToLeft;
    if (words.isEmpty() || words.isRightToLeft() == mirrored) {
        return words;
    }
    constexpr QChar kLeftToRightMark(0x200E);
    constexpr QChar kRightToLeftMark(0x200F);
    constexpr QChar kLeftToRightEmbedding(0x202A);
    constexpr QChar kRightToLeftEmbedding(0x202B);
    constexpr QChar kPop(0x202C);
    const QChar mark = mirrored ? kRightToLeftMark : kLeftToRightMark;
    const QChar embedding = mirrored ? kLeftToRightEmbedding : kRightToLeftEmbedding;
    return QString(mark) + embedding + words + kPop;
}

AlcuinStyle* installTheme(QApplication& application, Theme& theme) {
    auto* style = new AlcuinStyle(theme);
    QApplication::setStyle(style);
    const auto apply = [&theme] {
        QApplication::setPalette(theme.palette());
        QApplication::setFont(theme.font(FontRole::kControl));
        QToolTip::setPalette(theme.palette());
        QToolTip::setFont(theme.font(FontRole::kSecondary));
    };
    apply();
    QObject::connect(&theme, &Theme::changed, &application, apply);
    return style;
}

} // namespace alcuin::ui
