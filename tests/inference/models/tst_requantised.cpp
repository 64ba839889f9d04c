#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include "base/thread_pool.h"
#include "divergence.h"
#include "models/architectures.h"
#include "models/decoder.h"
#include "models/requantise.h"
#include "step_runner.h"
#include "support/npy.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

/// What a state in bf16 and attention in bf16 tiles cost by themselves, a tenth of what quantised activations do. It
/// shows beside weights of 16 bits only, where llama.cpp, with its state in f16, stays below it.
constexpr double kFloor = 2e-4;

QString golden(const char* name) {
    return QStringLiteral(ALCUIN_GOLDEN_DIR "/smollm2/%1").arg(QLatin1String(name));
}

/// Logits of the text [T, V], all rows of one class, in as few steps as the model takes.
std::vector<float> logitsOf(const std::filesystem::path& path, ComputeMode compute, RowClass rowClass,
                            std::span<const Token> text) {
    ThreadPool pool(2);
    const auto file = expectValue(GgufFile::open(path));
    ModelOptions options;
    options.compute = compute;
    options.contextLength = 1024;
    const auto policy = expectValue(cpu::KernelPolicy::fromEnvironment());
    const auto model =
        expectValue(Decoder::load(file, expectValue(describeModel(file)), options, policy, pool, nullptr, {}));
    const auto state = expectValue(model->createState());
    return runStep(*model, {{state.get(), {text.begin(), text.end()}, rowClass}});
}

QByteArray sha256(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file)) {
        throw std::runtime_error("can't read " + path.string());
    }
    return hash.result().toHex();
}

} // namespace

/// SmolLM2 in every type: what quantised activations and tiles cost isn't more than what llama.cpp pays for the same
/// file and text, or next to nothing.
class RequantisedTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        QFile file(golden("llamacpp_divergence.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        theirs_ = QJsonDocument::fromJson(file.readAll()).object();
        text_ = Npy<std::int32_t>::read(golden("tokens.npy")).values;
        exact_ = logitsOf(realModelPath().toStdString(), ComputeMode::kF32, RowClass::kPrefill, text_);
    }

    void costsNoMoreThanLlamaCpp_data() {
        QTest::addColumn<QString>("type");
        for (const QString& type : theirs_.keys()) {
            QTest::newRow(qPrintable(type)) << type;
        }
    }

    void costsNoMoreThanLlamaCpp() {
        QFETCH(QString, type);
        const QJsonObject want = theirs_.value(type).toObject();
        QTemporaryDir directory;
        const auto path = std::filesystem::path(directory.path().toStdString()) / "model.gguf";
        {
            ThreadPool pool(2);
            expectValue(
                requantise({realModelPath().toStdString(), type.toStdString(), false, path, false}, pool, nullptr, {}));
        }
        QCOMPARE(QString(sha256(path)), want.value("sha256").toString());
        const std::size_t vocabulary = exact_.size() / text_.size();
        const auto same = logitsOf(path, ComputeMode::kF32, RowClass::kPrefill, text_);
        for (const auto& [name, rowClass] :
             {std::pair("prefill", RowClass::kPrefill), std::pair("decode", RowClass::kDecode)}) {
            const auto fast = logitsOf(path, ComputeMode::kFast, rowClass, text_);
            const double arithmetic = divergence(same, fast, vocabulary);
            const double whole = divergence(exact_, fast, vocabulary);
            const double theirs = want.value(QLatin1String(name)).toDouble();
            const double theirWhole = want.value(QStringLiteral("whole_%1").arg(name)).toDouble();
            qInfo("%s %s: KL %.3g (llama.cpp %.3g), with the type's own %.3g (%.3g)", qPrintable(type), name,
                  arithmetic, theirs, whole, theirWhole);
            QVERIFY(arithmetic <= std::max(1.1 * theirs, kFloor));
            QVERIFY(whole <= std::max(1.1 * theirWhole, theirWhole + kFloor));
        }
    }

private:
    QJsonObject theirs_;
    std::vector<Token> text_;
    std::vector<float> exact_;
};

ALCUIN_TEST(RequantisedTest)
#include "tst_requantised.moc"
