#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include "program.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

class TestPlanCommand : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const auto run = runProgram({"synth", "--like", "smollm2-135m", "--type", "q8_0", "-o", model()});
        QVERIFY2(run.exitCode == 0, run.err.constData());
    }

    void reckonsFromTheHeader() {
        const QJsonObject one = plan({"--context", "1024"});
        QCOMPARE(one["context_length"].toInt(), 1024);
        QVERIFY(one["weights"].toDouble() > 100e6);
        double sum = 0;
        for (const char* part : {"weights", "state", "workspace", "scratch", "fixed"}) {
            QVERIFY2(one[QLatin1String(part)].toDouble() > 0, part);
            sum += one[QLatin1String(part)].toDouble();
        }
        QCOMPARE(one["total"].toDouble(), sum);
        QCOMPARE(one["fits"].toBool(), sum <= one["available"].toDouble());
        // 30 layers, 3 heads of 64, keys and values in bf16; pages come in slabs.
        const double need = 1024.0 * 30 * 3 * 64 * 2 * 2;
        const auto isAbout = [](const QJsonObject& got, double bytes) {
            constexpr double kSlab = 16.0 * 1024 * 1024;
            return got["state"].toDouble() >= bytes && got["state"].toDouble() <= bytes + kSlab;
        };
        QVERIFY(isAbout(one, need));
        QVERIFY(isAbout(plan({"--context", "1024", "--sequences", "3"}), 3 * need));
        QVERIFY(isAbout(plan({"--context", "1024", "--f32"}), 2 * need));
        // 64 numbers and a scale of four bytes where bf16 has 128 bytes.
        QVERIFY(isAbout(plan({"--context", "8192", "--kv", "int8"}), 8 * need * 68 / 128));
        QVERIFY(plan({"--context", "8192", "--kv", "int8"})["state"].toDouble() < 8 * need * 3 / 4);
        QCOMPARE(runProgram({"plan", model(), "--kv", "int4"}).exitCode, 2);
    }

    void saysWhetherItFits() {
        const auto fits = runProgram({"plan", model(), "--context", "64"});
        QVERIFY2(fits.out.contains("It fits."), fits.out.constData());
        const auto huge = runProgram({"plan", model(), "--sequences", "4096"});
        QVERIFY2(huge.out.contains("It doesn't fit."), huge.out.constData());
    }

    void wrongUsageIsExplained() {
        QCOMPARE(runProgram({"plan", m_directory.filePath("none.gguf")}).exitCode, 1);
        QCOMPARE(runProgram({"plan", model(), "--sequences", "0"}).exitCode, 2);
    }

private:
    QString model() const {
        return m_directory.filePath("model.gguf");
    }

    QJsonObject plan(const QStringList& options) const {
        const auto run = runProgram(QStringList{"plan", model(), "--json"} + options);
        return QJsonDocument::fromJson(run.out).object();
    }

    QTemporaryDir m_directory;
};

ALCUIN_TEST(TestPlanCommand)
#include "tst_plan_command.moc"
