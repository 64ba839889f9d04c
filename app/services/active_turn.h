#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QUuid>

#include <optional>
#include <vector>

#include <alcuin/inference/text_engine.h>
#include <alcuin/storage/records.h>

#include "services/chat_values.h"

namespace alcuin::app {

/// One answer being written: reads the engine's mailbox at most every 33 ms and gathers what is to be stored.
/// Begins with what `answer` and `generation` have already, so that an answer can be gone on with. Lives on the GUI
/// thread. Stores nothing itself: it says when to, with `flushDue` and `ended`.
class ActiveTurn : public QObject {
    Q_OBJECT
public:
    /// What stands in the answer at the moment, ready for the store.
    struct Snapshot {
        std::vector<storage::Part> parts;
        storage::Generation generation;
    };

    ActiveTurn(const QUuid& conversation, const MessageView& answer, storage::Generation generation,
               QObject* parent = nullptr);
    ~ActiveTurn() override;

    const QUuid& conversation() const;
    const QUuid& answer() const;
    Snapshot snapshot() const;
    MessageView view() const;
    bool hasEnded() const;

    /// Starts reading what the engine writes.
    void follow(inference::RequestHandle handle);
    /// Asks the engine to stop; `ended` comes when it has. Before `follow`, it stops what is followed later.
    void cancel();
    /// Takes what is in the mailbox now, without waiting.
    void drain();

signals:
    void reading(qint64 done, qint64 total);
    void reasoningDelta(const QString& text);
    void answerDelta(const QString& text);
    /// At least once a second while something new came.
    void flushDue();
    /// Once, as the last signal. `error` is not empty for kFailed.
    void ended(alcuin::app::MessageState state, const QString& error);

private:
    void wake();
    void take(inference::Event& event);
    void take(inference::TextDelta& delta);
    void take(const inference::Progress& progress);
    void take(const inference::Finished& finished);
    void take(const inference::Error& error);
    void end(MessageState state, const QString& error);

    QUuid m_conversation;
    MessageView m_view;
    storage::Generation m_generation;
    std::string m_text;
    std::string m_reasoning;
    std::optional<inference::RequestHandle> m_handle;
    QTimer m_drainTimer;
    QTimer m_flushTimer;
    QElapsedTimer m_sinceDrain;
    QElapsedTimer m_reasoningClock;
    qint64 m_reasonedBeforeMs = 0;
    bool m_continues = false;
    bool m_cancelled = false;
    bool m_ended = false;
};

} // namespace alcuin::app
