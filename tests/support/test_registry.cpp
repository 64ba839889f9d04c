#include "test_registry.h"

#include <QFileInfo>

namespace alcuin::tests {

namespace {
bool skippedSomething = false;
constexpr int kSkipExitCode = 77;
} // namespace

std::vector<RegisteredTest>& registeredTests() {
    static std::vector<RegisteredTest> tests;
    return tests;
}

void noteSkip() {
    skippedSomething = true;
}

/// Runs every registered class, or with `--only tst_x` the one whose file has that name. Returns the exit code.
int runRegisteredTests(QStringList arguments) {
    QString only;
    if (const auto at = arguments.indexOf(QStringLiteral("--only")); at >= 0 && at + 1 < arguments.size()) {
        only = arguments.at(at + 1);
        arguments.remove(at, 2);
    }
    int failures = 0;
    int ran = 0;
    for (const auto& test : registeredTests()) {
        if (!only.isEmpty() && QFileInfo(QString::fromUtf8(test.file)).completeBaseName() != only) {
            continue;
        }
        ++ran;
        const auto object = test.make();
        failures += QTest::qExec(object.get(), arguments);
    }
    if (ran == 0) {
        qCritical("no test class stands in %s", qPrintable(only));
        return 1;
    }
    if (failures != 0) {
        return 1;
    }
    return skippedSomething ? kSkipExitCode : 0;
}

} // namespace alcuin::tests
