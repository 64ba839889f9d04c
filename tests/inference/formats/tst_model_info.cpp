#include <alcuin/inference/model_info.h>

#include "formats/gguf_writer.h"
#include "support/real_model.h"
#include "support/test_registry.h"

#include "gguf_bytes.h"

#include <array>

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr std::array<std::uint64_t, 2> kShape{64, 2};

void addZeros(GgufWriter& writer, const std::string& name, DType dtype) {
    QVERIFY(writer.addTensor(name, dtype, kShape, std::vector<std::byte>(storedBytes(dtype, 128).value_or(0))));
}

} // namespace

class ModelInfoTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheSyntheticFile();
    void saysHowMuchOfACutFileIsMissing();
    void readsTheRealModel();
    void fallsBackToTheFilesName();
    void namesTheTypeThatHasMostBytes();
    void samplesAsItsMakersAdvise_data();
    void samplesAsItsMakersAdvise();
    void takesOnlySamplingThatMakesSense();
    void refusesWithTheFilesName_data();
    void refusesWithTheFilesName();
    void passesOnWhatTheReaderRefuses();
};

void ModelInfoTest::readsTheSyntheticFile() {
    const std::filesystem::path path = goldenPath(QStringLiteral("every_type.gguf")).toStdString();
    const auto info = readModelInfo(path);
    QVERIFY2(info, info ? "" : info.error().message.c_str());
    QVERIFY(info->path == path);
    QCOMPARE(QString::fromStdString(info->name), QStringLiteral("Every type"));
    QCOMPARE(QString::fromStdString(info->architecture), QStringLiteral("llama"));
    QCOMPARE(QString::fromStdString(info->quantization), QStringLiteral("F32"));
    QCOMPARE(info->fileBytes, static_cast<std::uint64_t>(std::filesystem::file_size(path)));
    QCOMPARE(info->parameterCount, std::uint64_t{7 * 3 * 64 + 3 * 2 * 256 + 2 * 4 * 32 + 48});
    QCOMPARE(info->contextLength, std::uint64_t{64});
    QCOMPARE(info->layerCount, std::uint64_t{2});
    QCOMPARE(info->vocabularySize, std::uint64_t{3});
    QCOMPARE(info->vocabularyHash, std::uint64_t{0});
    QVERIFY(info->hasChatTemplate);
    QVERIFY(info->problem.empty());
}

void ModelInfoTest::saysHowMuchOfACutFileIsMissing() {
    const ScratchFolder folder;
    auto bytes = readGolden(QStringLiteral("every_type.gguf"));
    bytes.chop(100);
    const auto info = readModelInfo(folder.file(bytes));
    QVERIFY2(info, info ? "" : info.error().message.c_str());
    QCOMPARE(QString::fromStdString(info->name), QStringLiteral("Every type"));
    QVERIFY2(info->problem.find(" are missing") != std::string::npos, info->problem.c_str());
}

void ModelInfoTest::readsTheRealModel() {
    const auto path = realModelPath();
    if (path.isEmpty()) {
        ALCUIN_SKIP(kNoRealModel);
    }
    const auto info = readModelInfo(path.toStdString());
    QVERIFY2(info, info ? "" : info.error().message.c_str());
    QCOMPARE(QString::fromStdString(info->name), QStringLiteral("Smollm2 135M 8k Lc100K Mix1 Ep2"));
    QCOMPARE(QString::fromStdString(info->architecture), QStringLiteral("llama"));
    QCOMPARE(QString::fromStdString(info->quantization), QStringLiteral("Q4_1"));
    QCOMPARE(info->fileBytes, std::uint64_t{98'362'432});
    QCOMPARE(info->parameterCount, std::uint64_t{134'515'008});
    QCOMPARE(info->contextLength, std::uint64_t{8192});
    QCOMPARE(info->layerCount, std::uint64_t{30});
    QCOMPARE(info->vocabularySize, std::uint64_t{49'152});
    QVERIFY(info->hasChatTemplate);
}

void ModelInfoTest::fallsBackToTheFilesName() {
    GgufWriter writer;
    writer.set("general.architecture", std::string("qwen2"));
    writer.set("qwen2.vocab_size", std::uint32_t{99});
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("A model.Q4_1.gguf"));
    QVERIFY(writer.write(path));
    const auto info = readModelInfo(path);
    QVERIFY2(info, info ? "" : info.error().message.c_str());
    QCOMPARE(QString::fromStdString(info->name), QStringLiteral("A model.Q4_1"));
    QCOMPARE(info->vocabularySize, std::uint64_t{99});
    QCOMPARE(info->contextLength, std::uint64_t{0});
    QCOMPARE(QString::fromStdString(info->quantization), QString());
    QVERIFY(!info->hasChatTemplate);
}

void ModelInfoTest::namesTheTypeThatHasMostBytes() {
    GgufWriter writer;
    writer.set("general.architecture", std::string("llama"));
    addZeros(writer, "a", DType::kF32); // 512 bytes
    for (const char* name : {"b", "c", "d", "e"}) {
        addZeros(writer, name, DType::kQ8_0); // 4 x 136 bytes
    }
    for (const char* name : {"f", "g", "h", "i", "j"}) {
        addZeros(writer, name, DType::kQ4_0); // more tensors, fewer bytes: 5 x 72
    }
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("model.gguf"));
    QVERIFY(writer.write(path));
    const auto info = readModelInfo(path);
    QVERIFY(info);
    QCOMPARE(QString::fromStdString(info->quantization), QStringLiteral("Q8_0"));
}

void ModelInfoTest::samplesAsItsMakersAdvise_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<float>("temperature");
    QTest::addColumn<float>("topP");
    QTest::newRow("unknown") << QStringLiteral("Nobody's model") << 0.7F << 0.95F;
    QTest::newRow("r1 distilled into qwen") << QStringLiteral("DeepSeek R1 Distill Qwen2.5 7B") << 0.6F << 0.95F;
    QTest::newRow("qwen") << QStringLiteral("qwen2.5-7b-instruct") << 0.7F << 0.8F;
    QTest::newRow("llama") << QStringLiteral("Llama 3.1 8B Instruct") << 0.6F << 0.9F;
}

void ModelInfoTest::samplesAsItsMakersAdvise() {
    QFETCH(const QString, name);
    GgufWriter writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("general.name", name.toStdString());
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("model.gguf"));
    QVERIFY(writer.write(path));
    const auto info = readModelInfo(path);
    QVERIFY(info);
    QTEST(info->sampling.temperature, "temperature");
    QTEST(info->sampling.topP, "topP");
    QVERIFY(!info->sampling.seed);

    // What the file itself says comes before what is known of its family.
    writer.set("general.sampling.temp", 1.0F);
    writer.set("general.sampling.top_k", std::int32_t{20});
    writer.set("general.sampling.min_p", 0.0F);
    writer.set("general.sampling.penalty_repeat", 1.05F);
    QVERIFY(writer.write(path));
    const auto told = readModelInfo(path);
    QVERIFY(told);
    QCOMPARE(told->sampling.temperature, 1.0F);
    QTEST(told->sampling.topP, "topP");
    QCOMPARE(told->sampling.topK, 20);
    QCOMPARE(told->sampling.minP, 0.0F);
    QCOMPARE(told->sampling.repetitionPenalty, 1.05F);
}

void ModelInfoTest::takesOnlySamplingThatMakesSense() {
    GgufWriter writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("general.name", std::string("DeepSeek-R1"));
    writer.set("general.sampling.temp", std::numeric_limits<float>::quiet_NaN());
    writer.set("general.sampling.top_p", 0.0F);
    writer.set("general.sampling.min_p", 2.0F);
    writer.set("general.sampling.penalty_repeat", -1.0F);
    writer.set("general.sampling.top_k", std::string("many"));
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("model.gguf"));
    QVERIFY(writer.write(path));
    const auto info = readModelInfo(path);
    QVERIFY2(info, info ? "" : info.error().message.c_str());
    const SamplingParameters usual;
    QCOMPARE(info->sampling.temperature, 0.6F);
    QCOMPARE(info->sampling.topP, 0.95F);
    QCOMPARE(info->sampling.minP, usual.minP);
    QCOMPARE(info->sampling.repetitionPenalty, usual.repetitionPenalty);
    QCOMPARE(info->sampling.topK, usual.topK);
}

void ModelInfoTest::refusesWithTheFilesName_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("asNumber");
    QTest::addColumn<bool>("unsupported");
    QTest::newRow("no architecture") << "general.architecture" << false << false;
    QTest::newRow("architecture as a number") << "general.architecture" << true << false;
    QTest::newRow("name as a number") << "general.name" << true << false;
    QTest::newRow("template as a number") << "tokenizer.chat_template" << true << false;
    QTest::newRow("tokens as a number") << "tokenizer.ggml.tokens" << true << false;
    QTest::newRow("one part of seven") << "split.count" << true << true;
}

void ModelInfoTest::refusesWithTheFilesName() {
    QFETCH(QString, key);
    QFETCH(bool, asNumber);
    QFETCH(bool, unsupported);
    GgufWriter writer;
    if (key != QStringLiteral("general.architecture")) {
        writer.set("general.architecture", std::string("llama"));
    }
    if (asNumber) {
        writer.set(key.toStdString(), std::uint32_t{7});
    }
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("model.gguf"));
    QVERIFY(writer.write(path));
    const auto info = readModelInfo(path);
    QVERIFY(!info);
    QCOMPARE(info.error().code, unsupported ? ErrorCode::kUnsupported : ErrorCode::kCorrupt);
    const auto message = QString::fromStdString(info.error().message);
    QVERIFY2(message.contains(QString::fromStdString(path.string())), qPrintable(message));
    QVERIFY2(message.contains(unsupported ? QStringLiteral("7 files") : key), qPrintable(message));
}

void ModelInfoTest::passesOnWhatTheReaderRefuses() {
    const ScratchFolder folder;
    const auto missing = readModelInfo(folder.path(QStringLiteral("absent.gguf")));
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::kNotFound);
    const auto foreign = readModelInfo(folder.file("no model at all"));
    QVERIFY(!foreign);
    QCOMPARE(foreign.error().code, ErrorCode::kCorrupt);
}

ALCUIN_TEST(ModelInfoTest)
#include "tst_model_info.moc"
