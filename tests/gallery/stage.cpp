#include "gallery/stage.h"

#include <QDialog>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QPainterPath>
#include <QScreen>
#include <QSignalSpy>
#include <QTimer>
#include <QWindow>

#include <alcuin/storage/conversation_store.h>

#include "chat/transcript_private.h"
#include "services/record_conversion.h"

namespace alcuin::gallery {

namespace {

/// As desktops have it: white on black, with one loud colour for what is chosen.
QPalette highContrastPalette() {
    QPalette palette(Qt::white, Qt::black, Qt::white, Qt::white, Qt::white, Qt::white, Qt::white, Qt::black, Qt::black);
    palette.setColor(QPalette::Highlight, QColor(0x1AEBFF));
    palette.setColor(QPalette::HighlightedText, Qt::black);
    palette.setColor(QPalette::Link, QColor(0xFFFF00));
    return palette;
}

/// A desktop in a language written from the right has every window of the program so, from its start. False: the
/// window begins without a model.
bool directed(bool rightToLeft) {
    QGuiApplication::setLayoutDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    return false;
}

constexpr qint64 kSmallModelBytes = 91'700'000;

/// 1920 x 1080 dots at 300%: what is left for the program to lay out.
constexpr QRect kSmallScreen(4000, 0, 640, 360);
constexpr int kSmallScreenDensity = 3;
const QString kUsualName = QStringLiteral("usual");
const QString kSmallName = QStringLiteral("small");

} // namespace

const QList<Variant>& variants() {
    static const QList<Variant> all{{"light", false, false, false, 1},
                                    {"dark", true, false, false, 1},
                                    {"contrast", false, true, false, 1},
                                    {"rtl", false, false, true, 1},
                                    {"200", false, false, false, 2, {1400, 1000}},
                                    {"300", false, false, false, 1, kSmallScreen.size(), true}};
    return all;
}

QByteArray screens() {
    const auto screen = [](const QString& name, const QRect& place) {
        return QJsonObject{{QStringLiteral("name"), name},
                           {QStringLiteral("x"), place.x()},
                           {QStringLiteral("y"), place.y()},
                           {QStringLiteral("width"), place.width()},
                           {QStringLiteral("height"), place.height()},
                           {QStringLiteral("logicalDpi"), 96},
                           {QStringLiteral("logicalBaseDpi"), 96},
                           {QStringLiteral("dpr"), 1}}; // it doesn't draw at another: `pictureOf` does
    };
    return QJsonDocument(QJsonObject{{QStringLiteral("screens"), QJsonArray{screen(kUsualName, {0, 0, 1920, 1200}),
                                                                            screen(kSmallName, kSmallScreen)}}})
        .toJson();
}

Stage::Stage(const Variant& variant, bool withModel) : WindowFixture(directed(variant.rightToLeft)) {
    theme->setMode(variant.dark ? ui::ThemeMode::kDark : ui::ThemeMode::kLight);
    if (variant.highContrast) {
        theme->setHighContrast(true, highContrastPalette());
    }
    theme->setZoom(variant.zoom);
    m_density = variant.smallScreen ? kSmallScreenDensity : 1;
    for (QScreen* screen : QGuiApplication::screens()) {
        if (screen->name() == (variant.smallScreen ? kSmallName : kUsualName)) {
            window->windowHandle()->setScreen(screen);
            window->setGeometry(QRect(screen->geometry().topLeft(), variant.size));
        }
    }
    if (withModel) {
        addModelOf(QStringLiteral("SmolLM2-135M-Instruct.gguf"), kSmallModelBytes);
        models->refresh();
        models->use(modelDirectory() + QStringLiteral("/SmolLM2-135M-Instruct.gguf"));
        if (!waitUntilReady()) {
            qFatal("the model isn't ready");
        }
    }
    settle();                              // it has its size
    hover(page(), page().rect().center()); // from where the platform has it at first
    settle();
    hover(*window, {window->width() - 2, window->height() - 2}); // where nothing answers to it
    settle();
}

Stage::~Stage() {
    m_loadEnds.release();
}

void Stage::addModelOf(const QString& name, qint64 bytes) const {
    addModel(name);
    if (!QFile::resize(modelDirectory() + QLatin1Char('/') + name, bytes)) {
        qFatal("%s can't be made", qPrintable(name));
    }
}

void Stage::loadForever(const QString& name) {
    whileLoading = [this] { m_loadEnds.acquire(); };
    models->use(modelDirectory() + QLatin1Char('/') + name);
    settle(200);
}

void Stage::hover(QWidget& widget, const QPoint& at) const {
    QTest::mouseMove(&widget, at);
}

void Stage::focus(QWidget& widget) {
    widget.activateWindow();
    widget.setFocus(Qt::TabFocusReason);
}

std::size_t Stage::ask(const QString& text) {
    const auto number = engine->requests().size();
    composer().setText(text);
    press(Qt::Key_Return);
    if (!QTest::qWaitFor([&] { return engine->requests().size() > number; })) {
        qFatal("the question didn't reach the engine");
    }
    return number;
}

void Stage::exchange(const QString& question, const QString& answer) {
    const auto request = ask(question);
    engine->write(request, answer.toStdString());
    engine->finish(request);
    if (!waitUntilIdle()) {
        qFatal("the answer didn't end");
    }
    settle();
}

QUuid Stage::store(const QString& question, const QString& answer, int turns, storage::MessageState end) {
    const auto stored = storage->call([&](storage::Database& database) -> storage::Result<storage::Id> {
        storage::ConversationStore store(database);
        storage::Id conversation;
        std::optional<storage::Id> parent;
        for (int i = 0; i < turns; ++i) {
            storage::Part part;
            part.text = question.toStdString();
            auto turn = store.appendTurn(conversation, parent, {part}, {});
            if (!turn) {
                return tl::unexpected(turn.error());
            }
            part.text = answer.toStdString();
            storage::Generation generation;
            generation.modelName = "SmolLM2-135M-Instruct";
            const auto state = i + 1 == turns ? end : storage::MessageState::kComplete;
            if (auto done = store.finishAnswer(turn->answer.id, state, {part}, generation); !done) {
                return tl::unexpected(done.error());
            }
            conversation = turn->conversation.id;
            parent = turn->answer.id;
        }
        return conversation;
    });
    if (!stored) {
        qFatal("%s", stored.error().message.c_str());
    }
    conversations->refresh();
    settle();
    return app::toUuid(*stored);
}

void Stage::open(const QUuid& conversation) {
    page().open(conversation);
    settle(120);
}

void Stage::settle(int ms) {
    QTest::qWait(ms);
}

void Stage::hoverTurn(int turn) {
    auto& state = ui::TranscriptAccess::of(page().transcript());
    state.hoverAt(state.list.origin(turn) + QPointF(20, 20) - QPointF(0, state.value()));
}

/// Drawn at the density of the screen that it stands on.
QPixmap Stage::pictureOf(QWidget& widget) const {
    QPixmap picture(widget.size() * m_density);
    picture.setDevicePixelRatio(m_density);
    picture.fill(Qt::transparent);
    widget.render(&picture);
    return picture;
}

void Stage::photographDuring(const std::function<void()>& open) {
    QTimer::singleShot(250, window.get(), [this] {
        m_taken = photograph();
        while (QWidget* popup = QApplication::activePopupWidget()) {
            popup->close();
        }
    });
    open();
    if (!QTest::qWaitFor([this] { return !m_taken.isNull(); })) { // it may open something and go on
        qFatal("nothing was photographed");
    }
}

/// What a window manager puts round a dialog: a title, an outline and a shadow.
void Stage::paintDialog(QPainter& painter, QWidget& dialog, const QPoint& at) const {
    constexpr int kTitleHeight = 36;
    constexpr int kShadow = 12;
    const ui::Colors& c = theme->colors();
    const QRect frame = QRect(at, dialog.size()).adjusted(0, -kTitleHeight, 0, 0);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (int width = kShadow; width > 0; --width) {
        painter.setBrush(QColor(0, 0, 0, 5));
        painter.drawRoundedRect(frame.adjusted(-width, -width + 4, width, width + 4), width, width);
    }
    painter.setPen(QPen(c.ink3, 1));
    painter.setBrush(c.surface);
    painter.drawRect(QRectF(frame).adjusted(-0.5, -0.5, 0.5, 0.5));
    painter.setPen(c.ink);
    painter.setFont(theme->font(ui::FontRole::kControl));
    painter.drawText(QRect(frame.topLeft(), QSize(frame.width(), kTitleHeight)), Qt::AlignCenter, dialog.windowTitle());
    painter.restore();
}

/// The count of tokens runs on a thread of its own; a picture shows what it comes to.
void Stage::waitForLedger() {
    if (models->state() != app::EngineState::kReady) {
        return;
    }
    constexpr int kPatienceMs = 2000;
    QSignalSpy counted(ledger.get(), &app::LedgerService::ledgerChanged);
    ledger->refresh();
    counted.wait(kPatienceMs);
}

QImage Stage::photograph() {
    if (!m_taken.isNull()) {
        return m_taken;
    }
    waitForLedger();
    settle();
    QList<QWidget*> others;
    const QRect whole(QPoint(), window->size());
    QRect shown = whole; // and what reaches out of the window
    const auto placeOf = [&](const QWidget& other) {
        // Where the platform has put it: menus stand where they were opened, dialogs over the window.
        return QRect(other.frameGeometry().topLeft() - window->frameGeometry().topLeft(), other.size());
    };
    for (QWidget* other : QApplication::topLevelWidgets()) {
        if (other != window.get() && other->isVisible()) {
            others.push_back(other);
            shown |= placeOf(*other);
        }
    }
    QPixmap image(shown.size() * m_density);
    image.setDevicePixelRatio(m_density);
    image.fill(theme->colors().line);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.translate(-shown.topLeft());
    painter.drawPixmap(whole.topLeft(), pictureOf(*window));
    for (QWidget* other : others) {
        const QPoint at = placeOf(*other).topLeft();
        if (qobject_cast<QDialog*>(other) != nullptr) {
            paintDialog(painter, *other, at);
        }
        painter.drawPixmap(at, pictureOf(*other));
    }
    painter.end();
    return image.toImage();
}

} // namespace alcuin::gallery
