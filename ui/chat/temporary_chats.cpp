#include "chat/temporary_chats.h"

#include <QTimer>

#include <utility>

#include "chat/composer.h"
#include "chat/temporary_strip.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "widgets/undo_bar.h"

namespace alcuin::ui {

namespace {
constexpr int kGraceMs = 60'000; ///< how long one that was left can be gone back to
}

TemporaryChats::TemporaryChats(const Services& services, TemporaryStrip& strip, Composer& composer, UndoBar& undoBar,
                               QObject* parent)
    : QObject(parent), m_services(services), m_strip(strip), m_composer(composer), m_undoBar(undoBar) {}

QUuid TemporaryChats::begin() {
    return m_services.chat.beginTemporary();
}

bool TemporaryChats::isTemporary(const QUuid& conversation) const {
    return m_services.conversations.isTemporary(conversation);
}

void TemporaryChats::mark(const QUuid& conversation) {
    m_shown = conversation;
    m_composer.setTemporary(isTemporary(conversation));
    m_strip.setVisible(isTemporary(conversation));
}

void TemporaryChats::leave(const QUuid& conversation, bool empty) {
    if (!isTemporary(conversation)) {
        return;
    }
    if (empty) {
        m_services.chat.endTemporary(conversation);
        return;
    }
    if (const QUuid before = std::exchange(m_left, conversation); !before.isNull() && before != conversation) {
        m_services.chat.endTemporary(before);
    }
    QTimer::singleShot(kGraceMs, this, [this, conversation] { forget(conversation); });
    m_undoBar.offer(tr("The temporary chat is about to be forgotten"), [this, conversation] {
        m_left = {};
        emit backRequested(conversation);
    });
}

void TemporaryChats::forget(const QUuid& conversation) {
    if (m_left == conversation && m_shown != conversation) {
        m_left = {};
        m_services.chat.endTemporary(conversation);
    }
}

} // namespace alcuin::ui
