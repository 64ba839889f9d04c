#include <QApplication>
#include <QDir>
#include <QFontDatabase>
#include <QMouseEvent>

#include <cstdio>
#include <functional>

#include "chat/transcript_private.h"
#include "chat/transcript_view.h"
#include "theme/theme.h"
#include "ui/chat/sample.h"

namespace {

using namespace alcuin;
using app::MessageState;
using app::MessageView;

struct Scene {
    const char* name;
    QSize size;
    std::function<void(ui::TranscriptView&)> fill;
    Qt::LayoutDirection direction = Qt::LeftToRight;
    double zoom = 1;
};

void hover(ui::TranscriptView& view, int turn) {
    auto& state = ui::TranscriptAccess::of(view);
    const QPointF at = state.list.origin(turn) + QPointF(20, 20) - QPointF(0, state.value());
    state.hoverAt(at);
}

void top(ui::TranscriptView& view) {
    auto& state = ui::TranscriptAccess::of(view);
    state.follow = false;
    state.setValue(0);
    state.settle();
}

MessageView thinker(const QString& text, MessageState state) {
    MessageView view = tests::answer(text);
    view.state = state;
    view.reasoning = QStringLiteral("The question is about the capital. France has had Paris as its capital since the "
                                    "late tenth century, with interruptions.\n\nI should answer in one sentence.");
    view.reasoningDurationMs = 12300;
    return view;
}

std::vector<Scene> scenes() {
    std::vector<Scene> all;
    all.push_back({"rich", {900, 1500}, [](ui::TranscriptView& view) {
                       view.setPath({tests::question(QStringLiteral("How does a binary search work? Show it in C++.")),
                                     tests::answer(tests::richAnswer())});
                       top(view);
                       hover(view, 1);
                   }});
    all.push_back({"conversation", {900, 900}, [](ui::TranscriptView& view) {
                       MessageView first = tests::question(QStringLiteral("What is the capital of France?"));
                       MessageView reply =
                           thinker(QStringLiteral("The capital of France is Paris."), MessageState::kComplete);
                       reply.siblings = {QUuid::createUuid(), reply.id, QUuid::createUuid()};
                       reply.siblingIndex = 1;
                       MessageView more = tests::question(QStringLiteral(
                           "Thank you. And now a longer one, so that the card has to break its lines somewhere in the "
                           "middle:\n\n- this is typed\n- as it is\n\n```sh\nls -l | sort\n```"));
                       MessageView open =
                           thinker(QStringLiteral("Of course. This one shows its thinking."), MessageState::kComplete);
                       view.setPath({first, reply, more, open});
                       ui::TranscriptAccess::of(view).toggleReasoning(3);
                       view.jumpToEnd();
                       hover(view, 3);
                   }});
    all.push_back({"states", {900, 1250}, [](ui::TranscriptView& view) {
                       MessageView stopped = tests::answer(QStringLiteral("The list begins with"));
                       stopped.state = MessageState::kCancelled;
                       MessageView interrupted = tests::answer(QStringLiteral("It was being written when"));
                       interrupted.state = MessageState::kInterrupted;
                       MessageView full = tests::answer(QStringLiteral("There was more to say."));
                       full.state = MessageState::kContextFull;
                       full.measurements.contextLength = 8192;
                       MessageView failed = tests::answer({});
                       failed.state = MessageState::kFailed;
                       failed.error =
                           QStringLiteral("The model file could not be read: SmolLM2-135M-Instruct.Q4_1.gguf "
                                          "is no longer there. Choose another model, or put the file back.");
                       failed.measurements = {};
                       failed.modelName.clear();
                       MessageView waiting = tests::answer({});
                       waiting.state = MessageState::kStreaming;
                       const auto ask = [](const char* text) { return tests::question(QString::fromUtf8(text)); };
                       view.setPath({ask("Count"), stopped, ask("Write"), interrupted, ask("More"), full, ask("Fail"),
                                     failed, ask("Read"), waiting});
                       view.setReading(waiting.id, 120, 400);
                   }});
    all.push_back({"streaming", {900, 560}, [](ui::TranscriptView& view) {
                       MessageView reply = thinker({}, MessageState::kStreaming);
                       view.setPath({tests::question(QStringLiteral("What is the capital of France?")), reply});
                       ui::TranscriptAccess::of(view).toggleReasoning(1);
                   }});
    all.push_back({"selection", {900, 620}, [](ui::TranscriptView& view) {
                       view.setPath(
                           {tests::question(QStringLiteral("Select across turns")),
                            tests::answer(QStringLiteral("Some **strong** text with `code` and a "
                                                         "[link](https://example.org).\n\n```\nint main() {\n    "
                                                         "return 0;\n}\n```\n\nLast."))});
                       view.selectAll();
                       ui::TranscriptAccess::of(view).focusedTurn = 1;
                   }});
    all.push_back({"mirrored",
                   {900, 760},
                   [](ui::TranscriptView& view) {
                       MessageView reply = thinker(tests::rightToLeftAnswer(), MessageState::kComplete);
                       reply.siblings = {reply.id, QUuid::createUuid()};
                       view.setPath({tests::question(tests::rightToLeftAnswer().left(30)), reply,
                                     tests::question(QStringLiteral("English in between"))});
                       hover(view, 1);
                   },
                   Qt::RightToLeft});
    all.push_back({"narrow", {380, 900}, [](ui::TranscriptView& view) {
                       view.setPath({tests::question(QStringLiteral("How does a binary search work? Show it in C++.")),
                                     tests::answer(tests::richAnswer())});
                       hover(view, 1);
                   }});
    all.push_back(
        {"notes", {900, 700}, [](ui::TranscriptView& view) {
             view.setPath({tests::question(QStringLiteral("What is water?")), tests::answer(tests::notedAnswer())});
             top(view);
         }});
    all.push_back({"find", {900, 700}, [](ui::TranscriptView& view) {
                       view.setPath({tests::question(QStringLiteral("How does a binary search work? Show it in C++.")),
                                     tests::answer(tests::richAnswer())});
                       top(view);
                       view.find(QStringLiteral("the"));
                       while (view.matchCount() == 0) {
                           QApplication::processEvents();
                       }
                       view.findNext();
                   }});
    const auto mathScene = [](ui::TranscriptView& view) {
        view.setPath({tests::question(QStringLiteral("How are quadratic equations solved? It costs $5 or $10.")),
                      tests::answer(tests::mathAnswer())});
        top(view);
    };
    all.push_back({"math", {900, 1500}, mathScene});
    all.push_back({"math-mirrored", {900, 1500}, mathScene, Qt::RightToLeft});
    all.push_back({"math-narrow", {380, 1900}, mathScene});
    all.push_back({"math-zoomed", {1500, 1500}, mathScene, Qt::LeftToRight, 2});
    all.push_back({"math-selected", {900, 1500}, [mathScene](ui::TranscriptView& view) {
                       mathScene(view);
                       view.selectAll();
                   }});
    all.push_back({"zoomed",
                   {1200, 900},
                   [](ui::TranscriptView& view) {
                       view.setPath({tests::question(QStringLiteral("How does a binary search work?")),
                                     tests::answer(tests::richAnswer())});
                       top(view);
                   },
                   Qt::LeftToRight,
                   1.5});
    return all;
}

} // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "usage: transcript_gallery DIRECTORY [FONT] [SCENE]\n");
        return 2;
    }
    if (argc > 2) {
        QFont font(QString::fromLocal8Bit(argv[2]), 10);
        QApplication::setFont(font);
    }
    const QDir directory(QString::fromLocal8Bit(argv[1]));
    for (const Scene& scene : scenes()) {
        if (argc > 3 && QString::fromLatin1(scene.name) != QString::fromLocal8Bit(argv[3])) {
            continue;
        }
        for (const auto mode : {ui::ThemeMode::kLight, ui::ThemeMode::kDark}) {
            ui::Theme theme;
            theme.setMode(mode);
            theme.setZoom(scene.zoom);
            QApplication::setPalette(theme.palette());
            ui::TranscriptView view(theme);
            view.setLayoutDirection(scene.direction);
            view.resize(scene.size);
            view.show();
            view.setFocus();
            QApplication::processEvents();
            scene.fill(view);
            QApplication::processEvents();
            const QString name = QStringLiteral("%1-%2.png")
                                     .arg(QLatin1String(scene.name), mode == ui::ThemeMode::kDark ? "dark" : "light");
            if (!view.grab().save(directory.filePath(name))) {
                std::fprintf(stderr, "can't write %s\n", qPrintable(directory.filePath(name)));
                return 1;
            }
        }
    }
    return 0;
}
