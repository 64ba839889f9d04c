#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <cmath>
#include <set>

#include "base/thread_pool.h"
#include "models/architectures.h"
#include "models/decoder.h"
#include "models/synth.h"
#include "models/synth_model.h"
#include "models/synth_weights.h"
#include "step_runner.h"
#include "support/real_model.h"
#include "support/test_registry.h"
#include "tensor/dequantize.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

ModelDraft model(const char* preset, const char* type, bool pure = false) {
    auto made = expectValue(synth::presetModel(preset));
    expectValue(setTypes(made, type, pure));
    return made;
}

DType typeOf(const ModelDraft& model, const std::string& name) {
    const auto found = std::ranges::find(model.tensors, name, &DraftTensor::name);
    if (found == model.tensors.end()) {
        throw std::runtime_error("no tensor " + name);
    }
    return found->dtype;
}

QByteArray bytesOf(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class SynthTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        // The header of a small qwen2, cut off behind its table of tensors.
        const auto whole = bytesOf(ALCUIN_GOLDEN_DIR "/qwen2/model.gguf");
        const auto first = expectValue(GgufFile::open(ALCUIN_GOLDEN_DIR "/qwen2/model.gguf")).tensors().front().offset;
        QFile head(directory_.filePath(QStringLiteral("head.gguf")));
        QVERIFY(head.open(QIODevice::WriteOnly));
        QCOMPARE(head.write(whole.first(static_cast<qsizetype>(first))), static_cast<qint64>(first));
    }

    /// As the published models have: parameters counted from their own files.
    void presetsHaveTheTrueSizes() {
        const auto parameters = [](const char* preset) {
            std::uint64_t sum = 0;
            for (const auto& tensor : model(preset, "f16").tensors) {
                sum += tensor.elements();
            }
            return sum;
        };
        QCOMPARE(parameters("r1-distill-qwen-1.5b"), std::uint64_t{1'777'088'000});
        QCOMPARE(parameters("r1-distill-qwen-7b"), std::uint64_t{7'615'616'512});
        QCOMPARE(parameters("r1-distill-llama-8b"), std::uint64_t{8'030'261'312});
        QCOMPARE(parameters("smollm2-135m"), std::uint64_t{134'515'008});
    }

    /// The types of real files of these names.
    void typesAreMixedAsInRealFiles() {
        const auto qwen = model("r1-distill-qwen-7b", "q4_k_m");
        QVERIFY(typeOf(qwen, "output.weight") == DType::kQ6_K);
        QVERIFY(typeOf(qwen, "token_embd.weight") == DType::kQ4_K);
        const std::set<int> more{0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 24, 25, 26, 27};
        for (int layer = 0; layer < 28; ++layer) {
            const auto block = "blk." + std::to_string(layer) + ".";
            const DType wanted = more.contains(layer) ? DType::kQ6_K : DType::kQ4_K;
            QVERIFY(typeOf(qwen, block + "attn_v.weight") == wanted);
            QVERIFY(typeOf(qwen, block + "ffn_down.weight") == wanted);
            QVERIFY(typeOf(qwen, block + "attn_q.weight") == DType::kQ4_K);
            QVERIFY(typeOf(qwen, block + "attn_q.bias") == DType::kF32);
        }
        // 576 isn't a multiple of 256, so SmolLM2 gets other types, and its embedding is its output too.
        const auto small = model("smollm2-135m", "q4_k_m");
        QVERIFY(typeOf(small, "token_embd.weight") == DType::kQ8_0);
        QVERIFY(typeOf(small, "blk.0.attn_q.weight") == DType::kQ5_0);
        QVERIFY(typeOf(small, "blk.0.attn_v.weight") == DType::kQ8_0);
        QVERIFY(typeOf(small, "blk.0.ffn_down.weight") == DType::kQ6_K);
        QVERIFY(typeOf(small, "blk.4.ffn_down.weight") == DType::kQ4_K);
        QVERIFY(typeOf(model("smollm2-135m", "q4_0"), "token_embd.weight") == DType::kQ8_0);
        QVERIFY(typeOf(model("r1-distill-qwen-1.5b", "q4_0"), "output.weight") == DType::kQ6_K);
        QVERIFY(typeOf(model("r1-distill-qwen-1.5b", "q4_0", true), "output.weight") == DType::kQ4_0);
        QVERIFY(typeOf(model("r1-distill-qwen-1.5b", "q8_0"), "output.weight") == DType::kQ8_0);
        QVERIFY(typeOf(model("r1-distill-llama-8b", "f16"), "token_embd.weight") == DType::kF16);
    }

    void smolLm2IsLikeTheRealOne() {
        if (realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        const auto file = expectValue(GgufFile::open(realModelPath().toStdString()));
        const auto made = model("smollm2-135m", "q4_0");
        QCOMPARE(made.tensors.size(), file.tensors().size());
        for (const auto& tensor : made.tensors) {
            const auto* real = file.find(tensor.name);
            QVERIFY2(real != nullptr, tensor.name.c_str());
            QVERIFY(std::ranges::equal(tensor.dimensions, std::span(real->dimensions).first(real->dimensionCount)));
        }
        const auto real = draftOf(file);
        for (const auto& [key, value] : real.entries) {
            if (key.starts_with("llama.")) {
                QVERIFY2(made.entries.contains(key) && made.entries.at(key) == value, key.c_str());
            }
        }
    }

    /// The real file's table of tensors comes out of its shapes and the name of its type alone.
    void r1IsLikeTheRealOne() {
        const std::string head = qEnvironmentVariable("ALCUIN_R1_HEAD").toStdString();
        if (head.empty()) {
            ALCUIN_SKIP("ALCUIN_R1_HEAD doesn't say where the head of R1-Distill-Qwen-7B is");
        }
        const auto real = draftOf(expectValue(GgufFile::openHeader(head)));
        const auto made = model("r1-distill-qwen-7b", "q4_k_m");
        QCOMPARE(made.tensors.size(), real.tensors.size());
        for (std::size_t i = 0; i < real.tensors.size(); ++i) {
            QCOMPARE(made.tensors[i].name, real.tensors[i].name);
            QVERIFY(made.tensors[i].dimensions == real.tensors[i].dimensions);
            QVERIFY2(made.tensors[i].dtype == real.tensors[i].dtype, real.tensors[i].name.c_str());
        }
        for (const auto& [key, value] : real.entries) {
            if (key.starts_with("qwen2.") || key == "general.file_type" || key.ends_with("token_id")) {
                QVERIFY2(made.entries.contains(key) && made.entries.at(key) == value, key.c_str());
            }
        }
    }

    /// Mean 0 and the standard deviation that keeps a product of unit numbers at 1, in every type.
    void weightsHaveTheSpreadTheyShould_data() {
        QTest::addColumn<int>("dtype");
        for (std::size_t i = 0; i < kDTypeCount; ++i) {
            QTest::newRow(std::string(infoOf(static_cast<DType>(i)).name).c_str()) << static_cast<int>(i);
        }
    }

    void weightsHaveTheSpreadTheyShould() {
        QFETCH(int, dtype);
        constexpr std::size_t kDepth = 4096;
        constexpr std::size_t kRows = 128;
        const DraftTensor tensor{"blk.0.ffn_up.weight", static_cast<DType>(dtype), {kDepth, kRows}};
        const synth::RandomTensor random(tensor, {}, 7);
        std::vector<std::byte> bytes(*storedBytes(tensor.dtype, kDepth));
        std::vector<float> row(kDepth);
        double sum = 0;
        double squares = 0;
        std::set<float> scales;
        for (std::size_t r = 0; r < kRows; ++r) {
            random.fill(r, bytes);
            QVERIFY(dequantizeRow(tensor.dtype, bytes, row));
            for (const float number : row) {
                QVERIFY(std::isfinite(number));
                sum += static_cast<double>(number);
                squares += static_cast<double>(number) * static_cast<double>(number);
            }
            scales.insert(row.front());
        }
        constexpr double kCount = kDepth * kRows;
        QVERIFY(std::fabs(sum / kCount) < 0.01 / 64);
        const double gain = std::sqrt(squares / kCount * kDepth);
        QVERIFY2(std::fabs(gain - 1) < 0.03, qPrintable(QString::number(gain)));
        QVERIFY(scales.size() > kRows / 8); // rows differ
    }

    void q8HasNoValueThatNoQuantiserWrites() {
        const DraftTensor tensor{"a.weight", DType::kQ8_0, {32768, 1}};
        std::vector<std::byte> bytes(*storedBytes(tensor.dtype, tensor.dimensions[0]));
        synth::RandomTensor(tensor, {}, 1).fill(0, bytes);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            QVERIFY(i % 34 < 2 || bytes[i] != std::byte{0x80});
        }
    }

    /// Llama 3.1's factors: 1 for the fast pairs, 8 for the slow ones, rising between.
    void ropeFactorsAreLlamas() {
        const DraftTensor tensor{"rope_freqs.weight", DType::kF32, {64}};
        const DraftEntries entries{{"llama.rope.freq_base", 500000.0F}};
        std::vector<std::byte> bytes(256);
        std::vector<float> factors(64);
        synth::RandomTensor(tensor, entries, 1).fill(0, bytes);
        QVERIFY(dequantizeRow(DType::kF32, bytes, factors));
        QVERIFY(std::ranges::is_sorted(factors));
        QCOMPARE(std::ranges::count(factors, 1.0F), std::ptrdiff_t{29});
        QCOMPARE(std::ranges::count(factors, 8.0F), std::ptrdiff_t{29});
    }

    /// From the header alone: a whole model that loads, and whose activations stay near 1 through its layers.
    void aCutHeaderIsEnough_data() {
        QTest::addColumn<QString>("type");
        for (const char* type : {"", "q4_0", "q8_0", "f16"}) {
            QTest::newRow(*type == '\0' ? "as the file has it" : type) << type;
        }
    }

    void aCutHeaderIsEnough() {
        QFETCH(QString, type);
        auto options = optionsFor("whole.gguf");
        options.type = type.isEmpty() ? std::nullopt : std::optional(type.toStdString());
        options.pure = true;
        options.overwrite = true;
        ThreadPool pool(2);
        const auto report = expectValue(synthesise(options, pool, nullptr, {}));
        const auto file = expectValue(GgufFile::open(options.output));
        QCOMPARE(report.bytes, std::filesystem::file_size(options.output));
        const auto original = expectValue(GgufFile::openHeader(options.like));
        QCOMPARE(file.tensors().size(), original.tensors().size());
        auto decoder = expectValue(Decoder::load(file, expectValue(describeModel(file)), {},
                                                 expectValue(cpu::KernelPolicy::fromEnvironment()), pool, nullptr, {}));
        std::vector<double> rms;
        decoder->observeLayers([&](std::size_t, std::span<const float> rows) {
            double squares = 0;
            for (const float number : rows) {
                squares += static_cast<double>(number) * static_cast<double>(number);
            }
            rms.push_back(std::sqrt(squares / static_cast<double>(rows.size())));
        });
        auto state = expectValue(decoder->createState());
        std::vector<Token> tokens(64);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            tokens[i] = static_cast<Token>(i * 7 % 80);
        }
        const auto logits = prefill(*decoder, *state, tokens, 512);
        QVERIFY(std::ranges::all_of(logits, [](float logit) { return std::isfinite(logit); }));
        for (const double layer : rms) {
            QVERIFY2(layer > 0.2 && layer < 5, qPrintable(QString::number(layer)));
        }
    }

    void theSameSeedGivesTheSameBytes() {
        auto options = optionsFor("a.gguf");
        options.type = "q4_k_m";
        ThreadPool one(1);
        ThreadPool three(3);
        expectValue(synthesise(options, one, nullptr, {}));
        const auto first = bytesOf(options.output);
        options.output = path("b.gguf");
        expectValue(synthesise(options, three, nullptr, {}));
        QVERIFY(bytesOf(options.output) == first);
        options.output = path("c.gguf");
        options.seed = 2;
        expectValue(synthesise(options, three, nullptr, {}));
        QVERIFY(bytesOf(options.output) != first);
    }

    void refusesInWords() {
        ThreadPool pool(1);
        const auto refused = [&](const SynthOptions& options, ErrorCode code, const char* word) {
            const auto result = synthesise(options, pool, nullptr, {});
            QVERIFY(!result.has_value());
            QVERIFY2(result.error().code == code, result.error().message.c_str());
            QVERIFY2(result.error().message.find(word) != std::string::npos, result.error().message.c_str());
        };
        auto options = optionsFor("r.gguf");
        options.type = "q3_k";
        refused(options, ErrorCode::kInvalidArgument, "q4_k_m");
        options = optionsFor("r.gguf");
        options.like = "r1-distill";
        refused(options, ErrorCode::kInvalidArgument, "r1-distill-qwen-7b");
        options.like = "smollm2-135m";
        refused(options, ErrorCode::kInvalidArgument, "needs a type");
        options = optionsFor("r.gguf");
        options.vocabulary = options.like; // a file without one
        refused(options, ErrorCode::kCorrupt, "vocabulary");
        options = optionsFor("no/such/folder/r.gguf");
        refused(options, ErrorCode::kIo, "folder");
        options = optionsFor("head.gguf");
        refused(options, ErrorCode::kInvalidArgument, "already");
        options.overwrite = true;
        refused(options, ErrorCode::kInvalidArgument, "the one to read from");
        QVERIFY(!std::filesystem::exists(path("r.gguf")));

        std::stop_source stop;
        stop.request_stop();
        const auto stopped = synthesise(optionsFor("r.gguf"), pool, nullptr, stop.get_token());
        QVERIFY(!stopped.has_value() && stopped.error().code == ErrorCode::kCancelled);
        QVERIFY(!std::filesystem::exists(path("r.gguf")) && !std::filesystem::exists(path("r.gguf.part")));
    }

private:
    std::filesystem::path path(const char* name) const {
        return directory_.filePath(QString::fromLatin1(name)).toStdString();
    }

    SynthOptions optionsFor(const char* name) const {
        SynthOptions options;
        options.like = path("head.gguf").string();
        options.output = path(name);
        return options;
    }

    QTemporaryDir directory_;
};

ALCUIN_TEST(SynthTest)
#include "tst_synth.moc"
