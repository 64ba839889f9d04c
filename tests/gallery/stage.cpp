#include "gallery/stage.h"

#include <QPainter>
#include <QTimer>

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

} // namespace

const QList<Variant>& variants() {
    static const QList<Variant> all{{"light", false, false, false, 1},
                                    {"dark", true, false, false, 1},
                                    {"contrast", false, true, false, 1},
                                    {"rtl", false, false, true, 1},
                                    {"200", false, false, false, 2}};
    return all;
}

Stage::Stage(const Variant& variant, bool withModel) : WindowFixture(false) {
    theme->setMode(variant.dark ? ui::ThemeMode::kDark : ui::ThemeMode::kLight);
    if (variant.highContrast) {
        theme->setHighContrast(true, highContrastPalette());
    }
    theme->setZoom(variant.zoom);
    window->setLayoutDirection(variant.rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    window->resize(variant.zoom > 1 ? QSize(1400, 1000) : QSize(1120, 760));
    if (withModel) {
        addModel(QStringLiteral("SmolLM2-135M-Instruct.gguf"));
        models->refresh();
        models->use(modelDirectory() + QStringLiteral("/SmolLM2-135M-Instruct.gguf"));
        if (!waitUntilReady()) {
            qFatal("the model isn't ready");
        }
    }
    settle();
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

QUuid Stage::store(const QString& question, const QString& answer, int turns) {
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
            if (auto done = store.finishAnswer(turn->answer.id, storage::MessageState::kComplete, {part}, generation);
                !done) {
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

void Stage::photographDuring(const std::function<void()>& open) {
    QTimer::singleShot(250, window.get(), [this] {
        m_taken = photograph();
        while (QWidget* popup = QApplication::activePopupWidget()) {
            popup->close();
        }
    });
    open();
}

QImage Stage::photograph() {
    if (!m_taken.isNull()) {
        return m_taken;
    }
    settle();
    QImage image = window->grab().toImage();
    QPainter painter(&image);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    for (QWidget* other : QApplication::topLevelWidgets()) {
        if (other == window.get() || !other->isVisible()) {
            continue;
        }
        // Where the platform has put it: menus stand where they were opened, dialogs over the window.
        const QPoint at = other->frameGeometry().topLeft() - window->frameGeometry().topLeft();
        painter.drawPixmap(at, other->grab());
    }
    return image;
}

} // namespace alcuin::gallery
