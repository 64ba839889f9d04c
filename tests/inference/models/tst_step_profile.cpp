#include <QtTest/QTest>
#include <chrono>
#include <thread>

#include "models/step_profile.h"
#include "support/test_registry.h"

using alcuin::inference::StepPart;
using alcuin::inference::StepProfile;

class StepProfileTest : public QObject {
    Q_OBJECT

private slots:
    void offItSaysNothing() {
        StepProfile profile;
        profile.beginStep(true, 4);
        { const auto measured = profile.measure(StepPart::kDown, 100); }
        QVERIFY(profile.table().empty());
    }

    void theTimeOfAnInnerPartIsItsOwn() {
        StepProfile profile(true);
        profile.beginStep(true, 4);
        const auto begin = std::chrono::steady_clock::now();
        {
            const auto norm = profile.measure(StepPart::kNorm);
            const auto prepare = profile.measure(StepPart::kPrepare);
            while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(20)) {
            }
        }
        const std::string table = profile.table();
        QVERIFY(table.starts_with("prefill of 4.0 rows, 1 times: "));
        QVERIFY2(share(table, "prepare") > 90, table.c_str());
        QVERIFY2(share(table, "norm") < 10, table.c_str());
    }

    void promptsAndAnswersAreKeptApart() {
        StepProfile profile(true);
        for (const bool prefill : {true, false, false}) {
            profile.beginStep(prefill, prefill ? 512 : 2);
            const auto measured = profile.measure(prefill ? StepPart::kGateUp : StepPart::kHead, 1'000'000);
        }
        const std::string table = profile.table();
        QVERIFY(table.find("prefill of 512.0 rows, 1 times") != std::string::npos);
        QVERIFY(table.find("decode of 2.0 rows, 2 times") != std::string::npos);
        QVERIFY(table.find("gate, up") < table.find("decode"));
        QVERIFY(table.find("head") > table.find("decode"));
        QVERIFY(table.find("TFLOP/s") != std::string::npos);
    }

private:
    /// Per cent of the whole that the table gives a part.
    static double share(const std::string& table, const std::string& part) {
        const auto line = table.find("  " + part + " ");
        const auto end = table.find('%', line);
        return line == std::string::npos
                   ? 0
                   : std::stod(table.substr(table.rfind(" ", end - 1), end - table.rfind(" ", end - 1)));
    }
};

ALCUIN_TEST(StepProfileTest)
#include "tst_step_profile.moc"
