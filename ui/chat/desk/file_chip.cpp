#include "chat/desk/file_chip.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>

#include <algorithm>

#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/hover.h"
#include "widgets/icon_button.h"

namespace alcuin::ui {

namespace {
constexpr int kWidest = 280;
} // namespace

FileChip::FileChip(const app::Attachment& attachment, const Theme& theme, QWidget* parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_name(attachment.name)
    , m_size(sizeWords(attachment.bytes))
    , m_remove(new IconButton(theme, Icon::kClose, tr("Remove %1").arg(attachment.name), this)) {
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setFont(theme.font(FontRole::kControl));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setAccessibleName(tr("File %1, %2").arg(m_name, m_size));
    setAccessibleDescription(tr("Shows its text; Delete removes it"));
    setToolTip(tr("%1, %2\nPress to read what goes along").arg(m_name, m_size));
    connect(m_remove, &IconButton::clicked, this, &FileChip::removeRequested);
}

QString FileChip::sizeWords(qint64 bytes) {
    return QLocale().formattedDataSize(bytes, bytes < 1000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QSize FileChip::sizeHint() const {
    const QFontMetrics metrics = fontMetrics();
    const int text = metrics.horizontalAdvance(m_name) + Space::k2 + metrics.horizontalAdvance(m_size);
    const int remove = m_theme.grown(Space::kHitTarget);
    const int wanted =
        Space::k2 + m_theme.grown(Space::kSmallIcon) + Space::k1 + text + Space::k1 + remove + 2 + Space::k2;
    return {std::min(wanted, static_cast<int>(kWidest * std::max(1.0, m_theme.zoom()))),
            std::max({32, metrics.height() + Space::k2, remove + Space::k1})};
}

void FileChip::resizeEvent(QResizeEvent* event) {
    QAbstractButton::resizeEvent(event);
    const int side = m_theme.grown(Space::kHitTarget);
    const QRect place(width() - side - 2, (height() - side) / 2, side, side);
    m_remove->setGeometry(QStyle::visualRect(layoutDirection(), rect(), place));
}

void FileChip::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) {
        emit removeRequested();
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

void FileChip::paintEvent(QPaintEvent*) {
    const Colors& c = m_theme.colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.ink3, 1));
    painter.setBrush(isHovered(*this) ? mixed(c.raised, c.ink, kHoverShare) : c.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Space::kCorner, Space::kCorner);
    const auto placed = [this](const QRect& r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    painter.setLayoutDirection(layoutDirection());
    const int icon = m_theme.grown(Space::kSmallIcon);
    paintIcon(painter, Icon::kFile, placed({Space::k2, (height() - icon) / 2, icon, icon}), c.ink2);
    const int left = Space::k2 + icon + Space::k1;
    const int right = width() - m_remove->width() - 2 - Space::k1;
    const int size = fontMetrics().horizontalAdvance(m_size);
    const QRect name(left, 0, std::max(0, right - size - Space::k2 - left), height());
    const QString shown = fontMetrics().elidedText(m_name, Qt::ElideMiddle, name.width());
    const int used = fontMetrics().horizontalAdvance(shown);
    painter.setPen(c.ink);
    drawWords(painter, placed(name), shown);
    painter.setPen(c.ink3);
    drawWords(painter, placed({left + used + Space::k2, 0, size + 1, height()}), m_size);
    if (hasFocus()) {
        paintFocusRing(painter, rect(), Space::kCorner, m_theme);
    }
}

} // namespace alcuin::ui
