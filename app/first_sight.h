#pragma once

#include <QObject>

class QWidget;

namespace alcuin::app {

class ConversationService;

/// Logs once when a window has been painted and its list of conversations is there: from then on it can be used. For
/// whoever measures the start from outside.
class FirstSight : public QObject {
    Q_OBJECT
public:
    FirstSight(QWidget& window, const ConversationService& conversations);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void look();

    QWidget& m_window;
    bool m_painted = false;
    bool m_listed = false;
};

} // namespace alcuin::app
