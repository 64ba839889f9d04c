#pragma once

#include <QImage>
#include <QSemaphore>
#include <QString>

#include <string>

#include <alcuin/storage/records.h>

#include "ui/window/window_fixture.h"

class QPainter;

namespace alcuin::gallery {

/// One way of looking at a scene.
struct Variant {
    const char* name = "light";
    bool dark = false;
    bool highContrast = false;
    bool rightToLeft = false;
    double zoom = 1; ///< of the text, in the window
    QSize size{1120, 760};
    bool smallScreen = false; ///< on the screen that is scaled to 300%
};

/// Light, dark, high contrast, right to left, light with its text at 200%, and on a screen of 1920 x 1080 dots at 300%.
const QList<Variant>& variants();

/// What Qt's offscreen platform is to be told about screens before it starts: a large one, and a small one at 300%.
QByteArray screens();

/// The whole window over the real services, an engine that a scene writes for, and a database of its own.
class Stage : public tests::WindowFixture {
public:
    explicit Stage(const Variant& variant, bool withModel = true);
    ~Stage();

    /// Asks and waits until the engine has it. The request's number.
    std::size_t ask(const QString& text);
    /// Asks, and has it answered at once.
    void exchange(const QString& question, const QString& answer);
    /// Stores a conversation without the window's help.
    QUuid store(const QString& question, const QString& answer, int turns = 1,
                storage::MessageState end = storage::MessageState::kComplete);
    void open(const QUuid& conversation);
    /// Lets everything that was begun end: events, the store, timers of the window.
    void settle(int ms = 60);
    /// The pointer rests over a turn, so that its actions show.
    void hoverTurn(int turn);
    /// The pointer rests there.
    void hover(QWidget& widget, const QPoint& at) const;
    /// The keyboard comes to this widget.
    static void focus(QWidget& widget);
    /// A model's file with its size, but nothing in it.
    void addModelOf(const QString& name, qint64 bytes) const;
    /// Loads a model that stays half loaded as long as the stage stands.
    void loadForever(const QString& name);
    /// Opens something that doesn't return before it is closed, a menu: photographs it and closes it.
    void photographDuring(const std::function<void()>& open);
    /// The window with menus, popovers and dialogs over it.
    QImage photograph();

private:
    void waitForLedger();
    QPixmap pictureOf(QWidget& widget) const;
    void paintDialog(QPainter& painter, QWidget& dialog, const QPoint& at) const;

    int m_density = 1;
    QSemaphore m_loadEnds;
    QImage m_taken; ///< by photographDuring
};

} // namespace alcuin::gallery
