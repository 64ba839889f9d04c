#pragma once

#include <QObject>
#include <QtTest/QTest>

#include <functional>
#include <memory>
#include <vector>

namespace alcuin::tests {

/// A test class of this executable: the file it stands in (without folder and ending) and how to make it.
struct RegisteredTest {
    const char* file;
    std::function<std::unique_ptr<QObject>()> make;
};

std::vector<RegisteredTest>& registeredTests();

struct Registration {
    Registration(const char* file, std::function<std::unique_ptr<QObject>()> make) {
        registeredTests().push_back({file, std::move(make)});
    }
};

/// Notes that something was skipped, so that the process can report itself as skipped (exit code 77).
void noteSkip();

} // namespace alcuin::tests

/// Registers a test class; stands once in each tst_<file>.cpp, before its .moc include.
#define ALCUIN_TEST(Class)                                                                                             \
    static const ::alcuin::tests::Registration kRegistration{__FILE__,                                                 \
                                                             [] { return std::unique_ptr<QObject>(new Class); }};

/// Skips the running test function and says why; the whole class is then shown as skipped by ctest.
#define ALCUIN_SKIP(reason)                                                                                            \
    do {                                                                                                               \
        ::alcuin::tests::noteSkip();                                                                                   \
        QSKIP(reason);                                                                                                 \
    } while (false)
