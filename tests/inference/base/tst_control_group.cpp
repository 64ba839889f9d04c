#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <filesystem>

#include "base/available_memory.h"
#include "base/control_group.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

class ControlGroupTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        root_ = std::make_unique<QTemporaryDir>();
    }

    void noGroupsSetNoQuota() {
        QVERIFY(!processorQuota(path("proc"), path("cgroup")).has_value());
    }

    void version2TakesTheTightestOfTheWayUp() {
        write("proc/self/cgroup", "0::/user/app\n");
        write("cgroup/user/app/cpu.max", "max 100000\n");
        QVERIFY(!processorQuota(path("proc"), path("cgroup")).has_value());
        write("cgroup/user/cpu.max", "150000 100000\n");
        QCOMPARE(processorQuota(path("proc"), path("cgroup")).value_or(0), 1.5);
        write("cgroup/cpu.max", "50000 100000\n");
        QCOMPARE(processorQuota(path("proc"), path("cgroup")).value_or(0), 0.5);
    }

    void version1ReadsItsOwnHierarchy() {
        write("proc/self/cgroup", "4:memory:/other\n3:cpuacct,cpu:/box\n");
        write("cgroup/cpu/box/cpu.cfs_quota_us", "-1\n");
        write("cgroup/cpu/box/cpu.cfs_period_us", "100000\n");
        QVERIFY(!processorQuota(path("proc"), path("cgroup")).has_value());
        write("cgroup/cpu/box/cpu.cfs_quota_us", "250000\n");
        QCOMPARE(processorQuota(path("proc"), path("cgroup")).value_or(0), 2.5);
    }

    void memoryIsTheSystemsOrTheGroupsWhicheverIsLess() {
        write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:  100 kB\nMemAvailable:    8000 kB\n");
        QCOMPARE(availableMemory(path("proc"), path("cgroup")), std::uint64_t{8000} * 1024);
        write("proc/self/cgroup", "0::/app\n");
        write("cgroup/app/memory.max", "6000000\n");
        write("cgroup/app/memory.current", "5000000\n");
        QCOMPARE(availableMemory(path("proc"), path("cgroup")), std::uint64_t{1000000});
        write("cgroup/app/memory.stat", "anon 1\ninactive_file 500000\n"); // cache comes back
        QCOMPARE(availableMemory(path("proc"), path("cgroup")), std::uint64_t{1500000});
        write("cgroup/app/memory.max", "max\n");
        QCOMPARE(availableMemory(path("proc"), path("cgroup")), std::uint64_t{8000} * 1024);
    }

    void memoryBeyondALimitIsNone() {
        write("proc/self/cgroup", "0::/app\n");
        write("cgroup/app/memory.max", "100\n");
        write("cgroup/app/memory.current", "200\n");
        QCOMPARE(availableMemory(path("proc"), path("cgroup")), std::uint64_t{0});
    }

    void thisMachineSaysSomething() {
        QVERIFY(availableMemory() > 0);
    }

private:
    std::filesystem::path path(const char* name) const {
        return root_->filePath(QLatin1String(name)).toStdString();
    }

    void write(const char* name, const char* text) const {
        const QString file = root_->filePath(QLatin1String(name));
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
    }

    std::unique_ptr<QTemporaryDir> root_;
};

ALCUIN_TEST(ControlGroupTest)
#include "tst_control_group.moc"
