#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>

#include <cstdio>
#include <unistd.h>

#include "chat/transcript_view.h"
#include "theme/theme.h"
#include "ui/chat/hostile_messages.h"
#include "ui/chat/sample.h"

namespace {

using namespace alcuin;

/// As a question and its answer: painted at the top, in the middle and at the end.
void show(ui::TranscriptView& view, const QString& text) {
    view.setPath({tests::question(text), tests::answer(text)});
    for (const int part : {0, 1, 2}) {
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() * part / 2);
        QApplication::processEvents();
        view.grab();
    }
}

} // namespace

/// Shows every hostile message once and prints how long each took. What happens between the two accesses of
/// /alcuin-hostile is the messages' doing: a tracer sees them.
int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QByteArray trap = argc > 1 ? argv[1] : "/nonexistent/trap.png";
    auto messages = tests::hostileMessages(trap);
    messages += tests::messagesNaming(trap);
    ui::Theme theme;
    ui::TranscriptView view(theme);
    view.resize(700, 600);
    view.show();
    show(view, tests::richAnswer()); // fonts and icons are read once
    show(view, tests::rightToLeftAnswer());
    (void)::access("/alcuin-hostile/begin", F_OK);
    QElapsedTimer clock;
    qint64 slowest = 0;
    QByteArray slowestName;
    for (const auto& [name, text] : messages) {
        clock.start();
        show(view, QString::fromUtf8(text));
        if (clock.elapsed() > slowest) {
            slowest = clock.elapsed();
            slowestName = name;
        }
    }
    (void)::access("/alcuin-hostile/end", F_OK);
    std::printf("%lld messages shown; the slowest took %lld ms: %s\n", static_cast<long long>(messages.size()),
                static_cast<long long>(slowest), slowestName.constData());
    return 0;
}
