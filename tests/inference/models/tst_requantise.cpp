#include <QFile>
#include <QTemporaryDir>

#include <algorithm>

#include "base/file.h"
#include "base/thread_pool.h"
#include "formats/gguf.h"
#include "models/model_draft.h"
#include "models/requantise.h"
#include "step_runner.h"
#include "support/test_registry.h"
#include "tensor/dequantize.h"
#include "tensor/quantize.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

QByteArray bytesOf(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<std::byte> stored(const std::filesystem::path& path, const GgufTensor& tensor) {
    std::vector<std::byte> bytes(tensor.bytes);
    expectValue(expectValue(File::open(path)).readAt(tensor.offset, bytes));
    return bytes;
}

std::vector<float> widened(const std::filesystem::path& path, const GgufTensor& tensor) {
    std::vector<float> numbers(tensor.elements());
    expectValue(dequantizeRow(tensor.dtype, stored(path, tensor), numbers));
    return numbers;
}

} // namespace

class RequantiseTest : public QObject {
    Q_OBJECT

private slots:
    /// Every matrix is what quantizeRow makes of the input's numbers; everything else is the input's own.
    void weightsAreRoundedAndTheRestStays() {
        const auto output = write("q8_0", "q8.gguf", 2);
        const auto before = expectValue(GgufFile::open(kInput));
        const auto after = expectValue(GgufFile::open(output));
        QCOMPARE(after.tensors().size(), before.tensors().size());
        int matrices = 0;
        for (const GgufTensor& tensor : before.tensors()) {
            const GgufTensor* got = after.find(tensor.name);
            QVERIFY2(got != nullptr, tensor.name.c_str());
            QVERIFY(got->dimensions == tensor.dimensions);
            if (tensor.dimensionCount == 1) {
                QVERIFY(stored(output, *got) == stored(kInput, tensor));
                continue;
            }
            ++matrices;
            QCOMPARE(got->dtype, DType::kQ8_0);
            std::vector<std::byte> want(got->bytes);
            expectValue(quantizeRow(DType::kQ8_0, widened(kInput, tensor), want));
            QVERIFY2(stored(output, *got) == want, tensor.name.c_str());
        }
        QVERIFY(matrices > 5);
        for (const auto& [key, value] : before.metadata().entries()) {
            if (!key.starts_with("general.")) {
                QVERIFY2(after.metadata().entries().at(key) == value, key.c_str());
            }
        }
    }

    void threadsChangeNothing() {
        QVERIFY(bytesOf(write("q4_1", "one.gguf", 1)) == bytesOf(write("q4_1", "two.gguf", 2)));
    }

    /// What has the wanted type already isn't rounded twice.
    void theSameTypeIsACopy() {
        const auto once = write("q4_0", "once.gguf", 2);
        RequantiseOptions options{once, "q4_0", true, path("twice.gguf"), false};
        expectValue(requantise(options, pool_, nullptr, {}));
        const auto first = expectValue(GgufFile::open(once));
        const auto second = expectValue(GgufFile::open(path("twice.gguf")));
        for (const GgufTensor& tensor : first.tensors()) {
            QVERIFY2(stored(once, tensor) == stored(path("twice.gguf"), *second.find(tensor.name)),
                     tensor.name.c_str());
        }
    }

    void refusesInWords() {
        const auto refused = [&](RequantiseOptions options, ErrorCode code, const char* words) {
            const auto done = requantise(options, pool_, nullptr, {});
            QVERIFY(!done);
            QCOMPARE(done.error().code, code);
            QVERIFY2(done.error().message.find(words) != std::string::npos, done.error().message.c_str());
        };
        refused({kInput, "q9", false, path("x.gguf"), false}, ErrorCode::kInvalidArgument, "q4_k_m");
        refused({path("none.gguf"), "q4_0", false, path("x.gguf"), false}, ErrorCode::kNotFound, "none.gguf");
        const auto whole = write("f16", "whole.gguf", 2);
        refused({whole, "q8_0", false, whole, false}, ErrorCode::kInvalidArgument, "there already");
        refused({whole, "q8_0", false, whole, true}, ErrorCode::kInvalidArgument, "read from");
        std::stop_source stop;
        stop.request_stop();
        const auto stopped =
            requantise({whole, "q8_0", false, path("x.gguf"), false}, pool_, nullptr, stop.get_token());
        QVERIFY(!stopped && stopped.error().code == ErrorCode::kCancelled);
        QVERIFY(!std::filesystem::exists(path("x.gguf")));
    }

private:
    std::filesystem::path path(const char* name) const {
        return std::filesystem::path(directory_.path().toStdString()) / name;
    }

    std::filesystem::path write(const char* type, const char* name, int threads) {
        ThreadPool pool(threads);
        expectValue(requantise({kInput, type, true, path(name), false}, pool, nullptr, {}));
        return path(name);
    }

    const std::filesystem::path kInput = ALCUIN_GOLDEN_DIR "/qwen2/model.gguf";
    QTemporaryDir directory_;
    ThreadPool pool_{2};
};

ALCUIN_TEST(RequantiseTest)
#include "tst_requantise.moc"
