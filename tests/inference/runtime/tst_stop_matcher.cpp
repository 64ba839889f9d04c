#include <string>
#include <vector>

#include "runtime/stop_matcher.h"
#include "support/test_registry.h"

using alcuin::inference::StopMatcher;

namespace {

/// The text shown when `text` arrives in pieces of `size` bytes.
std::string shown(const std::vector<std::string>& stops, const std::string& text, std::size_t size) {
    StopMatcher matcher(stops);
    std::string result;
    for (std::size_t at = 0; at < text.size(); at += size) {
        result += matcher.push(text.substr(at, size));
    }
    return result + matcher.finish();
}

} // namespace

class TestStopMatcher : public QObject {
    Q_OBJECT

private slots:
    void cutsTheSameHoweverTheTextArrives() {
        const std::string text = "one END\nUsEr two \nUser: three STOP";
        for (std::size_t size = 1; size <= text.size(); ++size) {
            QCOMPARE(shown({"\nUser:", "STOP"}, text, size), std::string("one END\nUsEr two "));
            QCOMPARE(shown({"nowhere"}, text, size), text);
            QCOMPARE(shown({}, text, size), text);
        }
    }

    void holdsBackWhatMayBecomeAStopString() {
        StopMatcher matcher({"\nUser:"});
        QCOMPARE(matcher.push("hello\nUs"), std::string("hello"));
        QCOMPARE(matcher.push("ual"), std::string("\nUsual"));
        QVERIFY(!matcher.found());
        QCOMPARE(matcher.push("\nUse"), std::string());
        QCOMPARE(matcher.push("r: hi"), std::string());
        QVERIFY(matcher.found());
        QCOMPARE(matcher.push("more"), std::string());
        QCOMPARE(matcher.finish(), std::string());
    }

    void aStringThatRepeatsItselfIsFound() {
        QCOMPARE(shown({"aab"}, "aaab", 1), std::string("a"));
        QCOMPARE(shown({"abab", "bac"}, "ababac", 2), std::string());
    }

    void finishReturnsAnUnfinishedStop() {
        StopMatcher matcher({"STOP"});
        QCOMPARE(matcher.push("full ST"), std::string("full "));
        QCOMPARE(matcher.finish(), std::string("ST"));
    }
};

ALCUIN_TEST(TestStopMatcher)
#include "tst_stop_matcher.moc"
