#pragma once

#include <QList>
#include <QUuid>

#include "services/chat_values.h"
#include "theme/icons.h"
#include "widgets/card.h"

class QPushButton;
class QVBoxLayout;

namespace alcuin::ui {

class IconButton;
class Label;

/// Questions that wait for the answer before them, above the composer. Each can be taken back into the composer,
/// moved and removed; a held queue says why and can be sent on.
class QueueStrip : public Card {
    Q_OBJECT
public:
    explicit QueueStrip(const Theme& theme, QWidget* parent = nullptr);

    /// An empty `held` stands for a queue that goes on by itself.
    void show(const QList<app::Queued>& waiting, const QString& held);
    const QList<app::Queued>& waiting() const;

signals:
    void editRequested(const QUuid& queued);
    void removeRequested(const QUuid& queued);
    void moveRequested(const QUuid& queued, int index);
    void sendNowRequested();

private:
    void rebuild();
    QWidget* makeRow(int index);

    QList<app::Queued> m_waiting;
    QString m_held;
    QUuid m_focused; ///< the row whose buttons had the keyboard, across rebuilding
    Icon m_focusedButton{};
    Label* m_title;
    QPushButton* m_sendNow;
    QWidget* m_rows;
};

} // namespace alcuin::ui
