#pragma once

#include <QObject>
#include <QVariant>

class QDBusVariant;

namespace alcuin::ui {

/// What the desktop says about its looks, asked of the settings portal over D-Bus (org.freedesktop.portal.Settings).
/// Nothing here waits: answers come as signals. Without a portal nothing is ever reported.
class DesktopAppearance : public QObject {
    Q_OBJECT
public:
    explicit DesktopAppearance(QObject* parent = nullptr);

    /// Asks, and goes on listening. Connects to the session bus only where there is one: it never starts one.
    void start();

    /// Takes one setting as the portal reports it.
    void apply(const QString& nameSpace, const QString& key, const QVariant& value);

signals:
    void darkChanged(bool dark);
    void highContrastChanged(bool on);
    void reducedMotionChanged(bool on);

private slots:
    void settingChanged(const QString& nameSpace, const QString& key, const QDBusVariant& value);

private:
    void ask(const QString& nameSpace, const QString& key);

    bool m_contrastAsked = false;
    bool m_gnomeContrast = false;
};

} // namespace alcuin::ui
