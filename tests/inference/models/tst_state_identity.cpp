#include <QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/thread_pool.h"
#include "models/model.h"
#include "small_llama.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

/// States may stand for each other where identities are equal: whatever changes a bit of them must change these.
class StateIdentityTest : public QObject {
    Q_OBJECT

private slots:
    void loadsOfOneFileAgree() {
        const auto path = write("a.gguf", [](GgufWriter&) {});
        const StateIdentity one = identityOf(path, {}, 1);
        QVERIFY(one.weights != 0);
        QVERIFY(one == identityOf(path, {}, 2));
        QVERIFY(one == identityOf(path, {}, 3));
        std::filesystem::copy_file(path, pathOf("copy.gguf"));
        QVERIFY(one == identityOf(pathOf("copy.gguf")));
        // What has no part in the numbers doesn't count.
        const auto named = write("named.gguf", [](GgufWriter& w) {
            w.set("general.name", std::string("another"));
            w.set("tokenizer.chat_template", std::string("another"));
        });
        QVERIFY(one == identityOf(named));
    }

    /// A byte in the first, the middle and the last of every tensor's.
    void everyTensorCounts() {
        const auto path = write("b.gguf", [](GgufWriter&) {});
        const auto file = GgufFile::open(path);
        QVERIFY(file.has_value());
        std::set<std::uint64_t> seen{identityOf(path).weights};
        std::size_t cases = 1;
        for (const GgufTensor& tensor : file->tensors()) {
            for (const std::uint64_t at : {std::uint64_t{0}, tensor.bytes / 2, tensor.bytes - 4}) {
                // The lowest byte of a number in f32: it stays one.
                flipByte(path, tensor.offset + at / 4 * 4);
                seen.insert(identityOf(path).weights);
                ++cases;
                flipByte(path, tensor.offset + at / 4 * 4);
            }
        }
        QCOMPARE(seen.size(), cases);
    }

    void metadataOfTheNetworkCounts() {
        const StateIdentity plain = identityOf(write("c.gguf", [](GgufWriter&) {}));
        const auto other = write("d.gguf", [](GgufWriter& w) { w.set("llama.rope.freq_base", 10'001.0F); });
        const auto epsilon =
            write("e.gguf", [](GgufWriter& w) { w.set("llama.attention.layer_norm_rms_epsilon", 0.002F); });
        const std::set<std::uint64_t> seen{plain.weights, identityOf(other).weights, identityOf(epsilon).weights};
        QCOMPARE(seen.size(), std::size_t{3});
    }

    void formatsAndKernelsCount() {
        const auto path = write("f.gguf", [](GgufWriter&) {});
        const StateIdentity plain = identityOf(path);
        const StateIdentity exact = identityOf(path, {.compute = ComputeMode::kF32});
        const StateIdentity narrow = identityOf(path, {.kv = KvType::kInt8});
        const StateIdentity wide = identityOf(path, {.kv = KvType::kF32});
        const QByteArray before = qgetenv("ALCUIN_ISA");
        qputenv("ALCUIN_ISA", "reference");
        const StateIdentity slow = identityOf(path);
        before.isNull() ? qunsetenv("ALCUIN_ISA") : qputenv("ALCUIN_ISA", before);
        for (const StateIdentity* other : {&exact, &narrow, &wide, &slow}) {
            QCOMPARE(other->weights, plain.weights);
            QVERIFY(chainRoot(*other) != chainRoot(plain));
        }
        QVERIFY(narrow.layout != plain.layout);
        QVERIFY(exact.numerics != plain.numerics);
        QVERIFY(exact.numerics != wide.numerics); // in the same layout
        QCOMPARE(exact.layout, wide.layout);
        if (before != "reference" && !CpuFeatures::detect().empty()) {
            QVERIFY(slow.numerics != plain.numerics);
            QCOMPARE(slow.layout, plain.layout);
        }
    }

private:
    std::filesystem::path pathOf(const char* name) const {
        return directory_.filePath(QString::fromLatin1(name)).toStdString();
    }

    template <typename Change>
    std::filesystem::path write(const char* name, Change change) const {
        GgufWriter writer = SmallLlama{}.write();
        change(writer);
        const auto path = pathOf(name);
        return writer.write(path) ? path : std::filesystem::path();
    }

    static void flipByte(const std::filesystem::path& path, std::uint64_t offset) {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekg(static_cast<std::streamoff>(offset));
        const char byte = static_cast<char>(file.get() ^ 1);
        file.seekp(static_cast<std::streamoff>(offset));
        file.put(byte);
    }

    static StateIdentity identityOf(const std::filesystem::path& path, ModelOptions options = {}, int threads = 2) {
        ThreadPool pool(threads);
        const auto file = GgufFile::open(path);
        const auto model = file ? loadModel(*file, options, pool, nullptr, {}) : tl::unexpected(file.error());
        if (!model) {
            qWarning("%s", model.error().message.c_str());
            return {};
        }
        return (*model)->stateIdentity();
    }

    QTemporaryDir directory_;
};

ALCUIN_TEST(StateIdentityTest)
#include "tst_state_identity.moc"
