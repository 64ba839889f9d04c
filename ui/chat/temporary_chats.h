#pragma once

#include <QObject>
#include <QUuid>

#include "services.h"

namespace alcuin::ui {

class Composer;
class TemporaryStrip;
class UndoBar;

/// Chats of which nothing is kept: begun, marked while they are shown, and forgotten a while after they were left.
class TemporaryChats : public QObject {
    Q_OBJECT
public:
    TemporaryChats(const Services& services, TemporaryStrip& strip, Composer& composer, UndoBar& undoBar,
                   QObject* parent = nullptr);

    /// Null if it can't be made; it was said why.
    QUuid begin();
    bool isTemporary(const QUuid& conversation) const;
    /// This conversation is shown now.
    void mark(const QUuid& conversation);
    /// It is in no list: it can be gone back to for a while, and then it is forgotten for good; an empty one at once.
    void leave(const QUuid& conversation, bool empty);

signals:
    void backRequested(const QUuid& conversation);

private:
    void forget(const QUuid& conversation);

    Services m_services;
    TemporaryStrip& m_strip;
    Composer& m_composer;
    UndoBar& m_undoBar;
    QUuid m_shown;
    QUuid m_left; ///< can be gone back to
};

} // namespace alcuin::ui
