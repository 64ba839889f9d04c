#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "chat/find/finder.h"
#include "chat/transcript_private.h"
#include "theme/theme.h"
#include "ui/chat/sample.h"

namespace {

using namespace alcuin;

double at(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[size_t(share * double(values.size() - 1))];
}

void report(const char* what, const std::vector<double>& ms) {
    std::printf("%-44s median %7.2f ms   p99 %7.2f ms   most %7.2f ms\n", what, at(ms, 0.5), at(ms, 0.99), at(ms, 1));
}

double timed(const std::function<void()>& work) {
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.nsecsElapsed()) / 1e6;
}

void streamed(const ui::Theme& theme, const char* what, const QString& text) {
    ui::TranscriptView view(theme);
    view.resize(900, 800);
    view.show();
    QImage image(view.size(), QImage::Format_ARGB32_Premultiplied);
    app::MessageView reply = tests::answer({});
    reply.state = app::MessageState::kStreaming;
    view.setPath({tests::question(QStringLiteral("Q")), reply});
    constexpr int kToken = 4;
    std::vector<double> ms;
    for (qsizetype i = 0; i < text.size(); i += kToken) {
        ms.push_back(timed([&] {
            view.appendAnswer(reply.id, text.mid(i, kToken));
            ui::TranscriptAccess::of(view).flush();
        }));
    }
    report(what, ms);
}

/// Words looked for in a whole conversation: the longest that the window waits for one slice of it.
void found(const ui::Theme& theme, const char* what, const QList<app::MessageView>& path, const QString& words) {
    ui::TranscriptView view(theme);
    view.resize(900, 800);
    view.show();
    view.setPath(path);
    ui::TurnList& turns = ui::TranscriptAccess::of(view).list;
    for (int round = 0; round < 3; ++round) {
        ui::Finder finder(turns);
        QElapsedTimer whole;
        whole.start();
        finder.setQuery({words, false}, 0);
        while (!finder.isComplete()) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        std::printf("%-44s longest slice %5.2f ms   %d found in %lld ms\n", what, finder.longestSliceMs(),
                    finder.count(), static_cast<long long>(whole.elapsed()));
    }
}

void findings(const ui::Theme& theme) {
    found(theme, "find in 10,000 messages", tests::longPath(10000), QStringLiteral("the"));
    QList<app::MessageView> rich;
    QList<app::MessageView> plain;
    for (int i = 0; i < 60; ++i) {
        const QString answer = (tests::richAnswer() + tests::mathAnswer()).repeated(40).left(60000);
        rich += {tests::question(QStringLiteral("Q")), tests::answer(answer)};
        plain +=
            {tests::question(QStringLiteral("Q")), tests::answer(QStringLiteral("some words of it ").repeated(3500))};
    }
    found(theme, "find in answers of 60,000 characters", rich, QStringLiteral("the"));
    found(theme, "find in paragraphs of 60,000 characters", plain, QStringLiteral("words"));
}

} // namespace

/// What the transcript costs the GUI thread: opening long chats, scrolling, and each token of long answers. Painting is
/// counted with scrolling, by the raster engine. --find: what looking for words costs it instead.
int main(int argc, char** argv) {
    QApplication application(argc, argv);
    ui::Theme theme;
    if (application.arguments().contains(QStringLiteral("--find"))) {
        findings(theme);
        return 0;
    }
    ui::TranscriptView view(theme);
    view.resize(900, 800);
    view.show();
    QApplication::processEvents();
    const auto path = tests::longPath(10000);
    report("open a chat of 10,000 messages", {timed([&] { view.setPath(path); })});
    std::vector<double> scrolls;
    for (int i = 0; i < 600; ++i) {
        scrolls.push_back(timed([&] {
            view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() - 240);
            view.grab();
        }));
    }
    report("scroll it by 240 px and paint", scrolls);
    streamed(theme, "a token of a 40,000 character answer", tests::richAnswer().repeated(24).left(40000));
    streamed(theme, "a token of one 40,000 character paragraph", QStringLiteral("some words of it ").repeated(2353));
    streamed(theme, "a token of a 40,000 character code block",
             QLatin1String("```cpp\n") + QStringLiteral("    int someValue = 0;\n").repeated(1739));
    streamed(theme, "a token of a 40,000 character list",
             QStringLiteral("1. **Point**: what there is to say about it\n").repeated(910));
    return 0;
}
