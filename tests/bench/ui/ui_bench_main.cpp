#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include <alcuin/storage/conversation_store.h>

#include "bench/ui/busy_engine.h"
#include "chat/transcript_private.h"
#include "engines/local_loader.h"
#include "services/record_conversion.h"
#include "support/real_model.h"
#include "ui/chat/sample.h"
#include "ui/window/window_fixture.h"

namespace {

using namespace alcuin;
using tests::WindowFixture;

constexpr int kMessages = 10000;
constexpr int kOpenings = 12;
constexpr int kFrames = 1500;
constexpr int kScrollPixels = 240;
constexpr int kTokenCharacters = 4;
constexpr qsizetype kLongAnswer = 40000;

double at(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void report(const char* what, double aimMs, const char* aim, const std::vector<double>& ms) {
    std::printf("%-58s p50 %7.2f  p95 %7.2f  p99 %7.2f  max %7.2f ms   (aim %s %g)\n", what, at(ms, 0.5), at(ms, 0.95),
                at(ms, 0.99), at(ms, 1), aim, aimMs);
    std::fflush(stdout);
}

double since(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// Processor time of this thread.
double threadMs() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// A stored conversation of so many messages, of different lengths, the same every time.
QUuid fill(WindowFixture& f, int messages) {
    const auto path = tests::longPath(messages);
    const auto made = f.storage->call([&](storage::Database& database) -> storage::Result<storage::Id> {
        storage::ConversationStore store(database);
        storage::Id conversation;
        std::optional<storage::Id> parent;
        for (qsizetype i = 0; i + 1 < path.size(); i += 2) {
            storage::Part question;
            question.text = path[i].text.toStdString();
            auto turn = store.appendTurn(conversation, parent, {question}, {});
            if (!turn) {
                return tl::unexpected(turn.error());
            }
            storage::Part answer;
            answer.text = path[i + 1].text.toStdString();
            if (auto done = store.finishAnswer(turn->answer.id, storage::MessageState::kComplete, {answer},
                                               *turn->answer.generation);
                !done) {
                return tl::unexpected(done.error());
            }
            conversation = turn->conversation.id;
            parent = turn->answer.id;
        }
        return conversation;
    });
    if (!made) {
        qFatal("%s", made.error().message.c_str());
    }
    return app::toUuid(*made);
}

/// From the click to the last message painted, the store's reading included.
void benchOpening(WindowFixture& f, tests::BusyEngine& engine, const QUuid& conversation) {
    std::vector<double> ms;
    auto& transcript = f.page().transcript();
    for (int i = 0; i < kOpenings; ++i) {
        f.page().newChat();
        QTest::qWait(100);
        engine.keepBusy();
        QElapsedTimer timer;
        timer.start();
        f.page().open(conversation);
        while (ui::TranscriptAccess::of(transcript).list.count() < kMessages) {
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        transcript.viewport()->repaint();
        ms.push_back(since(timer));
    }
    report("open a conversation of 10,000 messages", 300, "max", ms);
}

void benchScrolling(WindowFixture& f, tests::BusyEngine& engine) {
    auto& transcript = f.page().transcript();
    auto* bar = transcript.verticalScrollBar();
    std::vector<double> ms;
    for (int i = 0; i < kFrames; ++i) {
        if (i % 60 == 0) {
            engine.keepBusy();
        }
        if (i % 300 == 299) { // elsewhere, where nothing was laid out before
            bar->setValue(bar->maximum() / (2 + i / 300));
            QApplication::processEvents();
        }
        QElapsedTimer timer;
        timer.start();
        bar->setValue(bar->value() - kScrollPixels);
        transcript.viewport()->repaint();
        ms.push_back(since(timer));
        QApplication::processEvents();
    }
    report("a frame while scrolling through it", 16, "p99", ms);
}

/// What one token costs the GUI thread, painting included, while an answer grows.
void benchTokens(WindowFixture& f, tests::BusyEngine& engine, const char* what, const QString& text) {
    auto& transcript = f.page().transcript();
    app::MessageView reply = tests::answer({});
    reply.state = app::MessageState::kStreaming;
    auto path = tests::longPath(200);
    path.append(tests::question(QStringLiteral("And now?")));
    path.append(reply);
    transcript.setPath(path);
    transcript.jumpToEnd();
    QApplication::processEvents();
    std::vector<double> ms;
    std::vector<double> work;
    int token = 0;
    for (qsizetype i = 0; i < text.size(); i += kTokenCharacters) {
        if (token++ % 200 == 0) {
            engine.keepBusy();
        }
        QElapsedTimer timer;
        timer.start();
        const double workBefore = threadMs();
        transcript.appendAnswer(reply.id, text.mid(i, kTokenCharacters));
        ui::TranscriptAccess::of(transcript).flush();
        transcript.viewport()->repaint();
        ms.push_back(since(timer));
        work.push_back(threadMs() - workBefore);
    }
    report(what, 4, "p99", work);
    report("  the same by the wall's clock", 4, "p99", ms);
}

} // namespace

/// What the window costs its thread while the engine decodes on all cores.
int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QString model = tests::realModelPath();
    if (model.isEmpty()) {
        std::fprintf(stderr, "%s\n", tests::kNoRealModel);
        return 1;
    }
    WindowFixture f(model, [] { return std::make_unique<app::LocalLoader>(); });
    if (!f.waitUntilReady()) {
        std::fprintf(stderr, "the model could not be loaded\n");
        return 1;
    }
    f.window->resize(1200, 900);
    const QUuid conversation = fill(f, kMessages);
    tests::BusyEngine engine(f.models->engine(), 8);
    QTest::qWait(500);
    engine.keepBusy();
    QElapsedTimer clock;
    clock.start();
    benchOpening(f, engine, conversation);
    benchScrolling(f, engine);
    const QString rich = tests::richAnswer();
    benchTokens(f, engine, "a token of a mixed answer of 40,000 characters", rich.repeated(24).left(kLongAnswer));
    benchTokens(f, engine, "a token of one paragraph of 40,000 characters",
                QStringLiteral("some words of it ").repeated(2353));
    benchTokens(f, engine, "a token of a code block of 40,000 characters",
                QLatin1String("```cpp\n") + QStringLiteral("    int someValue = 0; // n\n").repeated(1400));
    benchTokens(f, engine, "a token of a list of 40,000 characters",
                QStringLiteral("1. **Point**: what there is to say about it\n").repeated(910));
    const auto metrics = f.models->engine()->metrics();
    std::printf("meanwhile the engine wrote %llu tokens in %.1f s on %d cores\n",
                static_cast<unsigned long long>(metrics.decodeTokens), since(clock) / 1000,
                QThread::idealThreadCount());
    return 0;
}
