#include "formats/gguf.h"
#include "support/real_model.h"
#include "support/test_registry.h"
#include "template_goldens.h"

using namespace alcuin::tests;

namespace {

constexpr const char* kNoTemplates = "real templates are other projects' files: set ALCUIN_TEMPLATE_DIR to "
                                     "vendor/llama.cpp/models/templates of llama-cpp-python's source package 0.3.36";

} // namespace

/// Templates that aren't ours, so they aren't in the repository: each test skips itself where it finds none.
class RealTemplatesTest : public QObject {
    Q_OBJECT

private slots:
    void realTemplatesRenderAsInJinja() {
        const auto templates = realTemplates();
        if (templates.empty()) {
            ALCUIN_SKIP(kNoTemplates);
        }
        const auto golden = readGolden("real.json");
        int faults = 0;
        int compared = 0;
        for (const auto& [name, source] : templates) {
            if (!golden.contains(name) || sha256(source) != golden[name]["sha256"].get<std::string>()) {
                qWarning("%s isn't the file the goldens were made of", name.c_str());
                ++faults;
                continue;
            }
            ++compared;
            faults += compareAll(name, source, golden[name]["cases"]);
        }
        qInfo("%d templates compared", compared);
        QCOMPARE(faults, 0);
    }

    void theModelsOwnTemplateRendersAsInJinja() {
        const QString path = realModelPath();
        if (path.isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        const auto file = alcuin::inference::GgufFile::open(path.toStdString());
        QVERIFY(file.has_value());
        const auto source = file->metadata().string("tokenizer.chat_template");
        QVERIFY(source.has_value());
        const auto golden = readGolden("real.json").at("SmolLM2-135M-Instruct.Q4_1.gguf");
        QCOMPARE(sha256(*source), golden["sha256"].get<std::string>());
        QCOMPARE(compareAll("SmolLM2", std::string(*source), golden["cases"]), 0);
    }
};

ALCUIN_TEST(RealTemplatesTest)
#include "tst_real_templates.moc"
