#include <QThread>

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

    void usableCoresAreAtLeastOneAndNoMoreThanThereAre() {
        const int cores = ThreadPool::usableCores();
        QVERIFY(cores >= 1);
        QVERIFY(cores <= static_cast<int>(std::thread::hardware_concurrency()));
    }

private:
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
