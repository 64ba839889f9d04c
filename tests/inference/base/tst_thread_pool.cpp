#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QThread>

#include <sched.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "base/thread_pool.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

class ThreadPoolTest : public QObject {
    Q_OBJECT

private slots:
    void everyItemRunsOnce_data() {
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("chunk");
        for (const int threads : {1, 2, 3, 8}) {
            for (const int count : {0, 1, 7, 64, 1000}) {
                for (const int chunk : {0, 1, 3, 1000, 5000}) {
                    QTest::addRow("%d threads, %d items by %d", threads, count, chunk) << threads << count << chunk;
                }
            }
        }
    }

    void everyItemRunsOnce() {
        QFETCH(int, threads);
        QFETCH(int, count);
        QFETCH(int, chunk);
        ThreadPool pool(threads);
        QCOMPARE(pool.threads(), threads);
        std::vector<std::atomic<int>> runs(static_cast<std::size_t>(count));
        std::atomic<bool> inRange{true};
        for (int repeat = 0; repeat < 5; ++repeat) {
            pool.parallelFor(runs.size(), static_cast<std::size_t>(chunk),
                             [&](std::size_t begin, std::size_t end, int worker) noexcept {
                                 if (begin >= end || worker < 0 || worker >= threads ||
                                     end - begin > static_cast<std::size_t>(std::max(1, chunk))) {
                                     inRange = false;
                                 }
                                 for (std::size_t i = begin; i < end; ++i) {
                                     ++runs[i];
                                 }
                             });
        }
        QVERIFY(inRange);
        for (const auto& each : runs) {
            QCOMPARE(each.load(), 5);
        }
    }

    /// Many jobs that end at once: a worker that comes late must not touch the next one's work.
    void shortJobsFollowEachOther() {
        ThreadPool pool(4);
        std::size_t wrong = 0;
        for (std::size_t job = 0; job < 20000; ++job) {
            const std::size_t count = 1 + job % 9;
            std::array<std::atomic<std::size_t>, 9> seen{};
            pool.parallelFor(count, 1, [&](std::size_t begin, std::size_t, int) noexcept { seen[begin] += job + 1; });
            for (std::size_t i = 0; i < seen.size(); ++i) {
                wrong += seen[i] == (i < count ? job + 1 : 0) ? 0 : 1;
            }
        }
        QCOMPARE(wrong, std::size_t{0});
    }

    void workersHelpAndTheCallerIsTheFirst() {
        ThreadPool pool(2);
        std::mutex mutex;
        std::set<int> workers;
        std::atomic<int> present{0};
        const auto caller = std::this_thread::get_id();
        std::atomic<bool> callerIsZero{true};
        // Two chunks that wait for each other: only two threads can finish them.
        pool.parallelFor(2, 1, [&](std::size_t, std::size_t, int worker) noexcept {
            ++present;
            while (present < 2) {
                std::this_thread::yield();
            }
            if ((worker == 0) != (std::this_thread::get_id() == caller)) {
                callerIsZero = false;
            }
            const std::scoped_lock lock(mutex);
            workers.insert(worker);
        });
        QCOMPARE(workers.size(), std::size_t{2});
        QVERIFY(callerIsZero);
    }

    void aWorkersRunBeginsWhereItIsSaidTo() {
        constexpr int kThreads = 3;
        ThreadPool pool(kThreads);
        for (const auto& [count, chunk] : {std::pair<std::size_t, std::size_t>{3, 1}, {10, 2}, {11, 3}, {100, 7}}) {
            std::array<std::atomic<std::size_t>, kThreads> first{};
            std::array<std::atomic<bool>, kThreads> seen{};
            std::atomic<int> present{0};
            // Nobody goes on before all have begun, so none can have taken another's first chunk.
            pool.parallelFor(count, chunk, [&](std::size_t begin, std::size_t, int worker) noexcept {
                const auto place = static_cast<std::size_t>(worker);
                if (!seen.at(place).exchange(true)) {
                    first.at(place) = begin;
                    ++present;
                    while (present < kThreads) {
                        std::this_thread::yield();
                    }
                }
            });
            for (int worker = 0; worker < kThreads; ++worker) {
                QCOMPARE(pool.runBegin(count, chunk, worker), first.at(static_cast<std::size_t>(worker)).load());
            }
            QCOMPARE(pool.runBegin(count, chunk, kThreads), count);
        }
        QCOMPARE(pool.runBegin(2, 2, 0), std::size_t{0});
        QCOMPARE(pool.runBegin(2, 2, 1), std::size_t{2});
    }

    void denormalsCountAsZeroOnlyWhileWorking() {
        ThreadPool pool(2);
        const volatile float tiny = std::numeric_limits<float>::denorm_min();
        std::atomic<int> flushed{0};
        std::atomic<int> present{0};
        pool.parallelFor(2, 1, [&](std::size_t, std::size_t, int) noexcept {
            ++present;
            while (present < 2) {
                std::this_thread::yield();
            }
            const volatile float large = tiny * 0x1p100F;
            flushed += large == 0.0F ? 1 : 0;
        });
        QCOMPARE(flushed.load(), 2);
        const volatile float large = tiny * 0x1p100F;
        QVERIFY(large > 0.0F);
    }

    /// Sleeping workers use no processor time: what the process has used doesn't grow with the time that passes.
    void anIdlePoolSleeps() {
        ThreadPool pool(4);
        pool.parallelFor(64, 1, [](std::size_t, std::size_t, int) noexcept {});
        QTRY_VERIFY_WITH_TIMEOUT(usedDuring(std::chrono::milliseconds(100)) < std::chrono::milliseconds(10), 20000);
    }

    /// None of the process's threads wakes up while nobody has work for the pool.
    void anIdlePoolIsNeverWokenUp() {
        ThreadPool pool(4);
        pool.parallelFor(64, 1, [](std::size_t, std::size_t, int) noexcept {});
        QTRY_COMPARE_WITH_TIMEOUT(switchesOfOthersDuring(std::chrono::seconds(1)), 0L, 20000);
        // The same count does see a thread that wakes up.
        std::atomic<bool> stop{false};
        std::thread restless([&] {
            while (!stop) {
                QThread::msleep(20);
            }
        });
        const long seen = switchesOfOthersDuring(std::chrono::milliseconds(500));
        stop = true;
        restless.join();
        QVERIFY(seen > 0);
    }

    /// Jobs that come after workers fell asleep, and callers that fall asleep before workers are done.
    void sleepersAreWoken() {
        ThreadPool pool(3);
        for (int job = 0; job < 5; ++job) {
            QThread::msleep(5); // longer than workers spin
            std::atomic<int> present{0};
            pool.parallelFor(3, 1, [&](std::size_t, std::size_t, int worker) noexcept {
                ++present;
                while (present < 3) { // needs all three
                    std::this_thread::yield();
                }
                if (worker != 0) {
                    QThread::msleep(5); // longer than the caller spins
                }
            });
            QCOMPARE(present.load(), 3);
        }
    }

    /// Neighbouring chunks are one worker's, so that memory is read in long runs.
    void everyWorkerBeginsWithARunOfItsOwn() {
        ThreadPool pool(2);
        std::array<std::atomic<int>, 8> by{};
        std::atomic<int> present{0};
        pool.parallelFor(8, 1, [&](std::size_t begin, std::size_t, int worker) noexcept {
            by[begin] = worker;
            ++present;
            while (present < 2) { // both have begun before either goes on
                std::this_thread::yield();
            }
        });
        QCOMPARE(by[0].load(), 0);
        QCOMPARE(by[4].load(), 1);
    }

    void affinityLimitsTheCores() {
        int cores = 0;
        int threads = 0;
        std::thread([&] { // a mask is a thread's own
            cpu_set_t set;
            sched_getaffinity(0, sizeof set, &set);
            int first = 0;
            while (CPU_ISSET(first, &set) == 0) {
                ++first;
            }
            CPU_ZERO(&set);
            CPU_SET(first, &set);
            if (sched_setaffinity(0, sizeof set, &set) == 0) {
                cores = ThreadPool::usableCores();
                threads = ThreadPool(0).threads();
            }
        })
            .join();
        QCOMPARE(cores, 1);
        QCOMPARE(threads, 1);
    }

    void theQuotaLimitsTheCores_data() {
        QTest::addColumn<QByteArray>("quota");
        QTest::addColumn<int>("most");
        QTest::newRow("none") << QByteArray("max 100000\n") << std::numeric_limits<int>::max();
        QTest::newRow("half a core") << QByteArray("50000 100000\n") << 1;
        QTest::newRow("one and a half") << QByteArray("150000 100000\n") << 1;
        QTest::newRow("two") << QByteArray("200000 100000\n") << 2;
    }

    void theQuotaLimitsTheCores() {
        QFETCH(QByteArray, quota);
        QFETCH(int, most);
        const QTemporaryDir root;
        const auto write = [&root](const char* name, const QByteArray& text) {
            const QString path = root.filePath(QLatin1String(name));
            QDir().mkpath(QFileInfo(path).path());
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        };
        QVERIFY(write("proc/self/cgroup", "0::/app\n"));
        const std::filesystem::path base = root.path().toStdString();
        const int unlimited = ThreadPool::usableCores(base / "proc", base / "cgroup");
        QVERIFY(write("cgroup/app/cpu.max", quota));
        QCOMPARE(ThreadPool::usableCores(base / "proc", base / "cgroup"), std::min(unlimited, most));
    }

    void usableCoresAreAtLeastOneAndNoMoreThanThereAre() {
        const int cores = ThreadPool::usableCores();
        QVERIFY(cores >= 1);
        QVERIFY(cores <= static_cast<int>(std::thread::hardware_concurrency()));
    }

private:
    /// Times that threads other than this one went to sleep and so had woken up, while this one waits on a clock.
    static long switchesOfOthersDuring(std::chrono::milliseconds wait) {
        const auto count = [] {
            const QString own = QString::number(QFileInfo(QStringLiteral("/proc/thread-self"))
                                                    .canonicalFilePath()
                                                    .section(QLatin1Char('/'), -1)
                                                    .toLongLong());
            long sum = 0;
            for (const QString& thread : QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs)) {
                QFile status(QStringLiteral("/proc/self/task/%1/status").arg(thread));
                if (thread.startsWith(QLatin1Char('.')) || thread == own || !status.open(QIODevice::ReadOnly)) {
                    continue;
                }
                for (const QByteArray& line : status.readAll().split('\n')) {
                    if (line.startsWith("voluntary_ctxt_switches:")) {
                        sum += line.mid(line.indexOf(':') + 1).trimmed().toLong();
                    }
                }
            }
            return sum;
        };
        const long before = count();
        QThread::msleep(static_cast<unsigned long>(wait.count()));
        return count() - before;
    }

    /// Processor time of the whole process while this thread waits on a clock.
    static std::chrono::microseconds usedDuring(std::chrono::milliseconds wait) {
        const auto used = [] {
            rusage usage{};
            getrusage(RUSAGE_SELF, &usage);
            return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
        };
        const auto before = used();
        QThread::msleep(static_cast<unsigned long>(wait.count()));
        return used() - before;
    }
};

ALCUIN_TEST(ThreadPoolTest)
#include "tst_thread_pool.moc"
