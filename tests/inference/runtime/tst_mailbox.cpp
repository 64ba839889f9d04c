#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <alcuin/inference/mailbox.h>
#include <alcuin/inference/text_engine.h>

#include "support/test_registry.h"

using namespace alcuin::inference;

class TestMailbox : public QObject {
    Q_OBJECT

private slots:
    void mergesTextOfOneChannel() {
        Mailbox box;
        box.post(TextDelta{Channel::kAnswer, "a", {1}});
        box.post(TextDelta{Channel::kAnswer, "b", {2, 3}});
        box.post(TextDelta{Channel::kReasoning, "c", {4}});
        box.post(TextDelta{Channel::kAnswer, "d", {}});
        const auto events = box.drain();
        QCOMPARE(events.size(), std::size_t(3));
        QCOMPARE(std::get<TextDelta>(events[0]).text, std::string("ab"));
        QCOMPARE(std::get<TextDelta>(events[0]).tokens, (std::vector<Token>{1, 2, 3}));
        QCOMPARE(std::get<TextDelta>(events[1]).channel, Channel::kReasoning);
        QCOMPARE(std::get<TextDelta>(events[2]).text, std::string("d"));
        QVERIFY(box.drain().empty());
    }

    void mergesProgressToTheLatest() {
        Mailbox box;
        box.post(Progress{1, 10});
        box.post(Progress{7, 10});
        const auto events = box.drain();
        QCOMPARE(events.size(), std::size_t(1));
        QCOMPARE(std::get<Progress>(events[0]).done, std::size_t(7));
    }

    void wakesOnceUntilDrained() {
        Mailbox box;
        int wakes = 0;
        box.onReady([&] { ++wakes; });
        QCOMPARE(wakes, 0);
        box.post(TextDelta{Channel::kAnswer, "a", {}});
        box.post(TextDelta{Channel::kAnswer, "b", {}});
        box.post(Finished{});
        QCOMPARE(wakes, 1);
        QCOMPARE(box.drain().size(), std::size_t(2));
        QCOMPARE(wakes, 1);
    }

    void wakesAtOnceWhenSomethingWaits() {
        Mailbox box;
        box.post(Progress{1, 2});
        std::size_t drained = 0;
        box.onReady([&] { drained = box.drain().size(); }); // draining from the wake-up is allowed
        QCOMPARE(drained, std::size_t(1));
    }

    void aLoneEndingWakesAndIsDrained() {
        Mailbox box;
        int wakes = 0;
        box.onReady([&] { ++wakes; });
        box.post(Finished{FinishReason::kCancelled, {}, {}});
        QCOMPARE(wakes, 1);
        QCOMPARE(box.drain().size(), std::size_t(1));
        QVERIFY(box.drain().empty());
    }

    void nothingComesAfterTheEnd() {
        Mailbox box;
        box.post(Error{ErrorCode::kInternal, "x"});
        box.post(Finished{});
        box.post(TextDelta{Channel::kAnswer, "late", {}});
        const auto events = box.drain();
        QCOMPARE(events.size(), std::size_t(1));
        QVERIFY(std::holds_alternative<Error>(events[0]));
        box.post(TextDelta{Channel::kAnswer, "later", {}});
        QVERIFY(box.drain().empty());
    }

    void noCallIsUnderWayAfterRemovingTheWake() {
        for (int round = 0; round < 200; ++round) {
            Mailbox box;
            std::atomic<bool> removed{false};
            std::atomic<bool> calledLate{false};
            box.onReady([&] {
                if (removed.load()) {
                    calledLate = true;
                }
            });
            std::thread writer([&] {
                for (int i = 0; i < 50; ++i) {
                    box.post(Progress{static_cast<std::size_t>(i), 50});
                    box.drain();
                }
            });
            box.onReady(nullptr);
            removed = true;
            writer.join();
            QVERIFY(!calledLate.load());
        }
    }

    void loosesNothingBetweenThreads() {
        Mailbox box;
        std::thread writer([&] {
            for (int i = 0; i < 5000; ++i) {
                box.post(TextDelta{i % 3 == 0 ? Channel::kReasoning : Channel::kAnswer, "x", {i}});
            }
            box.post(Finished{});
        });
        std::vector<Token> tokens;
        bool finished = false;
        while (!finished) {
            for (const auto& event : box.drain()) {
                if (const auto* delta = std::get_if<TextDelta>(&event)) {
                    tokens.insert(tokens.end(), delta->tokens.begin(), delta->tokens.end());
                }
                finished = finished || std::holds_alternative<Finished>(event);
            }
        }
        writer.join();
        QCOMPARE(tokens.size(), std::size_t(5000));
        for (int i = 0; i < 5000; ++i) {
            QCOMPARE(tokens[static_cast<std::size_t>(i)], i);
        }
    }

    void destroyingOrReplacingAHandleCancels() {
        struct Control : RequestControl {
            int cancels = 0;
            void cancel() override {
                ++cancels;
            }
            void pause() override {}
            void resume() override {}
            void setPriority(Priority /*priority*/) override {}
        };
        const auto first = std::make_shared<Control>();
        const auto second = std::make_shared<Control>();
        {
            RequestHandle handle(first, std::make_shared<Mailbox>());
            handle = RequestHandle(second, std::make_shared<Mailbox>());
            QCOMPARE(first->cancels, 1);
            QCOMPARE(second->cancels, 0);
        }
        QCOMPARE(second->cancels, 1);
    }
};

ALCUIN_TEST(TestMailbox)
#include "tst_mailbox.moc"
