#include "gallery/scenes.h"

#include "chat/transcript_private.h"
#include "gallery/texts.h"

namespace alcuin::gallery {

namespace {

using inference::Channel;
using inference::FinishReason;

void fillSidebar(Stage& stage) {
    stage.store(QStringLiteral("Notes on the flood of 1784"), essay(2));
    stage.store(QStringLiteral("A recipe for lentil soup"), essay(1));
    stage.store(QStringLiteral("How do I rebase onto main without losing my stash?"), program());
}

void toTop(Stage& stage) {
    auto& state = ui::TranscriptAccess::of(stage.page().transcript());
    state.follow = false;
    state.setValue(0);
    state.settle();
}

void answered(Stage& stage, const QString& question, const QString& text) {
    fillSidebar(stage);
    stage.exchange(question, text);
    toTop(stage);
    stage.hoverTurn(1);
}

std::size_t thinkingAloud(Stage& stage) {
    fillSidebar(stage);
    const auto request = stage.ask(QStringLiteral("Why is the sum of the first n squares a cubic in n?"));
    stage.engine->write(request, thinking().toStdString(), Channel::kReasoning);
    stage.settle(100);
    return request;
}

void endedBy(Stage& stage, FinishReason reason) {
    const auto request = thinkingAloud(stage);
    stage.engine->write(request, essay(1).toStdString());
    stage.settle(80);
    stage.engine->finish(request, reason);
    stage.waitUntilIdle();
}

} // namespace

std::vector<Scene> answerScenes() {
    std::vector<Scene> all;
    all.push_back({"answer", "code", [](Stage& stage) {
                       answered(stage, QStringLiteral("How do I get the k largest values of a list?"), program());
                   }});
    all.push_back({"answer", "mathematics", [](Stage& stage) {
                       answered(stage, QStringLiteral("Why is the sum of squares a cubic?"), proof());
                   }});
    all.push_back({"answer", "table",
                   [](Stage& stage) { answered(stage, QStringLiteral("B-tree or LSM tree?"), comparison()); }});
    all.push_back({"answer", "arabic",
                   [](Stage& stage) { answered(stage, arabic().section(QLatin1Char('\n'), 0, 0), arabic()); }});
    all.push_back({"answer", "reading", [](Stage& stage) {
                       fillSidebar(stage);
                       const auto request = stage.ask(essay(3));
                       stage.engine->read(request, 120, 400);
                       stage.settle(120);
                   }});
    all.push_back({"answer", "thinking", [](Stage& stage) { thinkingAloud(stage); }});
    all.push_back({"answer", "reasoning-open", [](Stage& stage) {
                       const auto request = thinkingAloud(stage);
                       stage.engine->write(request, proof().toStdString());
                       stage.engine->finish(request);
                       stage.waitUntilIdle();
                       ui::TranscriptAccess::of(stage.page().transcript()).toggleReasoning(1);
                       toTop(stage);
                   }});
    all.push_back({"answer", "streaming", [](Stage& stage) {
                       const auto request = thinkingAloud(stage);
                       stage.engine->write(request, proof().left(330).toStdString());
                       stage.settle(120);
                   }});
    all.push_back({"answer", "stopped", [](Stage& stage) { endedBy(stage, FinishReason::kCancelled); }});
    all.push_back({"answer", "cut-off", [](Stage& stage) { endedBy(stage, FinishReason::kLength); }});
    all.push_back({"answer", "context-full", [](Stage& stage) { endedBy(stage, FinishReason::kContextFull); }});
    all.push_back({"answer", "failed", [](Stage& stage) {
                       const auto request = thinkingAloud(stage);
                       stage.engine->fail(request, {inference::ErrorCode::kIo,
                                                    "Reading 4,096 bytes at 81,920 failed: input/output error"});
                       stage.waitUntilIdle();
                   }});
    all.push_back({"answer", "interrupted", [](Stage& stage) {
                       fillSidebar(stage);
                       stage.page().open(stage.store(QStringLiteral("How high was the water?"), essay(1), 1,
                                                     storage::MessageState::kInterrupted));
                       stage.settle();
                   }});
    all.push_back({"answer", "branches", [](Stage& stage) {
                       fillSidebar(stage);
                       stage.exchange(QStringLiteral("Name a river."), QStringLiteral("The Loire."));
                       for (const char* other : {"The Danube.", "The Ebro."}) {
                           const auto requests = stage.engine->requests().size();
                           emit stage.page().transcript().regenerateRequested(
                               ui::TranscriptAccess::of(stage.page().transcript()).list.turn(1).view().id);
                           if (!QTest::qWaitFor([&] { return stage.engine->requests().size() > requests; })) {
                               return;
                           }
                           stage.engine->write(requests, other);
                           stage.engine->finish(requests);
                           stage.waitUntilIdle();
                           stage.settle(100);
                       }
                       stage.hoverTurn(1);
                   }});
    all.push_back({"answer", "edit-question", [](Stage& stage) {
                       fillSidebar(stage);
                       stage.exchange(QStringLiteral("Name a river."), QStringLiteral("The Loire."));
                       const auto& turn = ui::TranscriptAccess::of(stage.page().transcript()).list.turn(0).view();
                       emit stage.page().transcript().editRequested(turn.id, turn.text);
                   }});
    all.push_back({"answer", "selection", [](Stage& stage) {
                       answered(stage, QStringLiteral("B-tree or LSM tree?"), comparison());
                       stage.page().transcript().selectAll();
                   }});
    all.push_back({"answer", "very-long", [](Stage& stage) {
                       fillSidebar(stage);
                       stage.engine->setContextLength(1 << 20);
                       stage.exchange(essay(30), essay(60));
                       toTop(stage);
                   }});
    return all;
}

} // namespace alcuin::gallery
