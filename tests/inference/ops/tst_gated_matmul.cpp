#include <QtTest/QTest>

#include <cmath>
#include <cstring>

#include "base/thread_pool.h"
#include "ops/gated_matmul.h"
#include "random_matrix.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

class GatedMatmulTest : public QObject {
    Q_OBJECT

private slots:
    void equalsADoubleReferenceWhereverItIsCut_data() {
        QTest::addColumn<std::size_t>("rows");
        QTest::addColumn<std::size_t>("forward");
        QTest::addColumn<std::size_t>("depth");
        const std::size_t shapes[][3] = {{1, 64, 32},    {1, 1, 1},       {17, 33, 40}, {5, 600, 7},
                                         {128, 100, 96}, {300, 1056, 31}, {513, 48, 64}};
        for (const auto& [rows, forward, depth] : shapes) {
            QTest::addRow("%zu rows, %zu x %zu", rows, forward, depth) << rows << forward << depth;
        }
    }

    void equalsADoubleReferenceWhereverItIsCut() {
        QFETCH(std::size_t, rows);
        QFETCH(std::size_t, forward);
        QFETCH(std::size_t, depth);
        const RandomMatrix gate(forward, depth, 1);
        const RandomMatrix up(forward, depth, 2);
        const RandomMatrix down(3, forward, 3);
        const auto x = randomNumbers(rows * depth, 4);
        const std::size_t third = rows / 3;
        const std::vector<ops::RowSpan> two{{0, third, RowClass::kPrefill}, {third, rows, RowClass::kDecode}};
        const auto whole = run(gate, up, down, x, rows, 1, two, gate.linear.panels());
        double error = 0;
        double power = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t f = 0; f < forward; ++f) {
                const double z = gate.product(x.data() + r * depth, f);
                const double want = z / (1 + std::exp(-z)) * up.product(x.data() + r * depth, f);
                const double difference = static_cast<double>(whole[r * forward + f]) - want;
                error += difference * difference;
                power += want * want;
            }
        }
        QVERIFY2(error < 1e-11 * power, qPrintable(QString::number(error / power)));
        for (const std::size_t panels : {std::size_t{2}, std::size_t{6}}) {
            const auto cut = run(gate, up, down, x, rows, 2, two, panels);
            QCOMPARE(std::memcmp(cut.data(), whole.data(), whole.size() * sizeof(float)), 0);
        }
    }

    void countsEachWeightOncePerStep() {
        const RandomMatrix gate(96, 64, 1);
        const RandomMatrix up(96, 64, 2);
        const RandomMatrix down(3, 96, 3);
        for (const std::size_t rows : {1U, 16U, 17U, 128U}) {
            const auto x = randomNumbers(rows * 64, 4);
            StepTraffic traffic;
            run(gate, up, down, x, rows, 2, std::vector<ops::RowSpan>{{0, rows, RowClass::kDecode}}, 2, &traffic);
            QCOMPARE(traffic.weightBytes, gate.weight.bytes + up.weight.bytes);
            QCOMPARE(traffic.multiplyAdds, rows * 2 * 96 * 64);
        }
    }

    void whatDoesntFitIsRefused() {
        const RandomMatrix gate(64, 32, 1);
        const RandomMatrix up(64, 32, 2);
        const auto x = randomNumbers(32, 4);
        std::vector<float> y(64);
        ThreadPool pool(1);
        Stream stream({}, pool);
        QVERIFY(stream.reserveScratch(ops::gatedScratchBytes()).has_value());
        const ops::GatedResult result{swiglu(), {}, y.data(), {}, {}};
        const std::vector<ops::RowSpan> one{{0, 1, RowClass::kDecode}};
        const auto refused = [&](std::size_t rows, std::size_t depth, std::size_t begin, std::size_t end) {
            const ops::MatmulInput input{x.data(), {}, {}, nullptr, rows, depth};
            const auto done = ops::gatedMatmul(stream, input, {&gate.linear, &up.linear}, result, one, begin, end);
            return !done && done.error().code == ErrorCode::kInvalidArgument;
        };
        QVERIFY(refused(1, 31, 0, 4)); // another depth
        QVERIFY(refused(0, 32, 0, 4)); // rows that aren't there
        QVERIFY(refused(1, 32, 0, 6)); // panels that aren't there
        QVERIFY(refused(1, 32, 4, 2));
    }

private:
    static const cpu::SwigluKernel* swiglu() {
        const auto policy = *cpu::KernelPolicy::fromEnvironment();
        return *policy.choose("swiglu", cpu::swigluKernels(), cpu::RowShape{16}, "test",
                              [](const auto&) { return true; });
    }

    /// The activated rows [R, F], so many panels at a time.
    static std::vector<float> run(const RandomMatrix& gate, const RandomMatrix& up, const RandomMatrix& down,
                                  const std::vector<float>& x, std::size_t rows, int threads,
                                  const std::vector<ops::RowSpan>& spans, std::size_t panels,
                                  StepTraffic* traffic = nullptr) {
        ThreadPool pool(threads);
        Stream stream({}, pool);
        if (!stream.reserveScratch(ops::gatedScratchBytes())) {
            throw std::bad_alloc();
        }
        const std::size_t forward = gate.weight.outputs;
        std::vector<float> y(rows * forward, -77.0F);
        const ops::MatmulInput input{x.data(), {}, {}, nullptr, rows, gate.weight.depth};
        const std::vector<ops::MatmulOutput> next{{&down.linear, nullptr}};
        const auto policy = *cpu::KernelPolicy::fromEnvironment();
        const auto* kernel = *policy.choose("swiglu", cpu::swigluKernels(), cpu::RowShape{forward}, "test",
                                            [](const auto&) { return true; });
        const ops::GatedResult result{kernel, {}, y.data(), {y.data(), {}, {}, nullptr, rows, forward}, next};
        for (std::size_t begin = 0; begin < gate.linear.panels(); begin += panels) {
            const std::size_t end = std::min(gate.linear.panels(), begin + panels);
            const auto done = ops::gatedMatmul(stream, input, {&gate.linear, &up.linear}, result, spans, begin, end);
            if (!done) {
                throw std::runtime_error(done.error().message);
            }
        }
        if (traffic != nullptr) {
            *traffic = stream.traffic();
        }
        return y;
    }
};

ALCUIN_TEST(GatedMatmulTest)
#include "tst_gated_matmul.moc"
