#include "theme/desktop_appearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFileInfo>

namespace alcuin::ui {

namespace {
constexpr auto kService = "org.freedesktop.portal.Desktop";
constexpr auto kPath = "/org/freedesktop/portal/desktop";
constexpr auto kInterface = "org.freedesktop.portal.Settings";
constexpr auto kAppearance = "org.freedesktop.appearance";
constexpr auto kGnomeInterface = "org.gnome.desktop.interface";
constexpr auto kGnomeA11y = "org.gnome.desktop.a11y.interface";
constexpr int kTimeoutMs = 5000;

/// The value inside however many variants: Read wraps it twice, SettingChanged once.
QVariant unwrapped(QVariant value) {
    while (value.userType() == qMetaTypeId<QDBusVariant>()) {
        value = value.value<QDBusVariant>().variant();
    }
    return value;
}

/// libdbus would otherwise try to start a bus of its own, and wait for it.
bool hasSessionBus() {
    if (qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) {
        return true;
    }
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !runtime.isEmpty() && QFileInfo::exists(runtime + QStringLiteral("/bus"));
}
} // namespace

DesktopAppearance::DesktopAppearance(QObject* parent) : QObject(parent) {}

void DesktopAppearance::start() {
    if (!hasSessionBus()) {
        return;
    }
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        return;
    }
    bus.connect(QString::fromLatin1(kService), QString::fromLatin1(kPath), QString::fromLatin1(kInterface),
                QStringLiteral("SettingChanged"), this, SLOT(settingChanged(QString, QString, QDBusVariant)));
    ask(QString::fromLatin1(kAppearance), QStringLiteral("color-scheme"));
    ask(QString::fromLatin1(kAppearance), QStringLiteral("contrast"));
    ask(QString::fromLatin1(kGnomeA11y), QStringLiteral("high-contrast"));
    ask(QString::fromLatin1(kGnomeInterface), QStringLiteral("enable-animations"));
}

void DesktopAppearance::ask(const QString& nameSpace, const QString& key) {
    QDBusMessage call = QDBusMessage::createMethodCall(QString::fromLatin1(kService), QString::fromLatin1(kPath),
                                                       QString::fromLatin1(kInterface), QStringLiteral("Read"));
    call << nameSpace << key;
    auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, kTimeoutMs), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, nameSpace, key] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid()) {
            apply(nameSpace, key, QVariant::fromValue(reply.value()));
        }
        watcher->deleteLater();
    });
}

void DesktopAppearance::settingChanged(const QString& nameSpace, const QString& key, const QDBusVariant& value) {
    apply(nameSpace, key, QVariant::fromValue(value));
}

void DesktopAppearance::apply(const QString& nameSpace, const QString& key, const QVariant& value) {
    const QVariant plain = unwrapped(value);
    if (nameSpace == QLatin1String(kAppearance) && key == QLatin1String("color-scheme")) {
        // 0: no preference, 1: dark, 2: light; others are to be taken as 0.
        emit darkChanged(plain.toUInt() == 1);
    } else if (nameSpace == QLatin1String(kAppearance) && key == QLatin1String("contrast")) {
        m_contrastAsked = plain.toUInt() == 1;
        emit highContrastChanged(m_contrastAsked || m_gnomeContrast);
    } else if (nameSpace == QLatin1String(kGnomeA11y) && key == QLatin1String("high-contrast")) {
        m_gnomeContrast = plain.toBool();
        emit highContrastChanged(m_contrastAsked || m_gnomeContrast);
    } else if (nameSpace == QLatin1String(kGnomeInterface) && key == QLatin1String("enable-animations")) {
        emit reducedMotionChanged(!plain.toBool());
    }
}

} // namespace alcuin::ui
