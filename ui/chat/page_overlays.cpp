#include "chat/page_overlays.h"

#include <QEvent>

#include <algorithm>

#include "chat/page_body.h"
#include "chat/transcript_view.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/undo_bar.h"

namespace alcuin::ui {

namespace {
constexpr int kUndoBarWidth = 440;
}

PageOverlays::PageOverlays(const Theme& theme, PageBody& body, QWidget& below, QObject* parent)
    : QObject(parent)
    , m_theme(theme)
    , m_body(body)
    , m_below(below)
    , m_jump(new IconButton(theme, Icon::kDown, tr("Jump to the end"), body.parentWidget()))
    , m_undoBar(new UndoBar(theme, body.parentWidget())) {
    m_jump->setLook(IconButton::Look::kRaised);
    m_jump->hide();
    body.installEventFilter(this);
    connect(&body, &PageBody::currentChanged, this, &PageOverlays::place);
    connect(&body.transcript(), &TranscriptView::atEndChanged, this, &PageOverlays::place);
    connect(m_undoBar, &UndoBar::placeNeeded, this, &PageOverlays::place);
    connect(m_jump, &IconButton::clicked, this, [this] {
        m_body.transcript().jumpToEnd();
        emit jumped();
    });
}

UndoBar& PageOverlays::undoBar() const {
    return *m_undoBar;
}

bool PageOverlays::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &m_body && (event->type() == QEvent::Resize || event->type() == QEvent::Move)) {
        place();
    }
    return QObject::eventFilter(watched, event);
}

void PageOverlays::place() {
    const QRect area = m_body.geometry();
    const int middle = m_below.geometry().center().x();
    int bottom = area.bottom() - Space::k2;
    if (!m_undoBar->isHidden()) {
        const int least = static_cast<int>(kUndoBarWidth * std::max(1.0, m_theme.zoom()));
        const int most =
            std::min(std::max(least, static_cast<int>(m_theme.readingWidth())), area.width() - 2 * Space::k4);
        const int width = std::clamp(m_undoBar->sizeHint().width(), std::min(least, most), most);
        const int height = m_undoBar->heightForWidth(width); // its words take more lines before they are cut
        m_undoBar->setGeometry(middle - width / 2, bottom - height, width, height);
        m_undoBar->raise();
        bottom -= height + Space::k2;
    }
    m_body.setCovered(area.bottom() - Space::k2 - bottom);
    const QSize size = m_jump->sizeHint();
    m_jump->setGeometry(QRect(QPoint(middle - size.width() / 2, bottom - size.height()), size));
    m_jump->setVisible(m_body.showsTranscript() && !m_body.transcript().isAtEnd());
    m_jump->raise();
}

} // namespace alcuin::ui
