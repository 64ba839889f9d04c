#pragma once

#include <QObject>

#include <memory>
#include <optional>
#include <utility>

namespace alcuin::app {

/// Says once, from another thread, that an answer is there. Part of Reply.
class ReplySignal : public QObject {
    Q_OBJECT
signals:
    void given();
};

/// An answer on its way from a thread that works to one that waits for it: `callback(Answer)` runs on `context`'s
/// thread, from its event loop; not at all if the context is gone by then. Copies are the same answer.
/// Threads: made where the context lives or while it does; given once, on any thread.
template <typename Answer>
class Reply {
public:
    template <typename Callback>
    Reply(QObject* context, Callback callback) {
        QObject::connect(
            m_signal.get(), &ReplySignal::given, context,
            [answer = m_answer, callback = std::move(callback)]() mutable { callback(std::move(**answer)); },
            Qt::QueuedConnection);
    }

    void give(Answer answer) const {
        m_answer->emplace(std::move(answer));
        emit m_signal->given();
    }

private:
    std::shared_ptr<std::optional<Answer>> m_answer = std::make_shared<std::optional<Answer>>();
    std::shared_ptr<ReplySignal> m_signal = std::make_shared<ReplySignal>();
};

} // namespace alcuin::app
