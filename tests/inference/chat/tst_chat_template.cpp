#include <QCryptographicHash>
#include <QStringList>

#include "formats/gguf.h"
#include "support/real_model.h"
#include "support/test_registry.h"
#include "template_goldens.h"

using alcuin::inference::chat::ChatTemplate;
using alcuin::inference::chat::TemplateInput;
using namespace alcuin::tests;

namespace {

constexpr const char* kNoTemplates = "real templates are other projects' files: set ALCUIN_TEMPLATE_DIR to "
                                     "vendor/llama.cpp/models/templates of llama-cpp-python's source package 0.3.36";

std::string sha256(std::string_view bytes) {
    return QCryptographicHash::hash(QByteArray(bytes.data(), static_cast<int>(bytes.size())),
                                    QCryptographicHash::Sha256)
        .toHex()
        .toStdString();
}

/// How a rendering differs from its golden; empty: not at all.
std::string difference(const Rendered& rendered, const nlohmann::ordered_json& golden) {
    if (golden.contains("error")) {
        const auto& wanted = golden["error"].get_ref<const std::string&>();
        if (rendered.text) {
            return "rendered what the reference refuses (" + wanted + "): " + rendered.text->text.substr(0, 200);
        }
        return rendered.error.find(wanted) == std::string::npos ? "refused for another reason: " + rendered.error
                                                                : std::string();
    }
    if (!rendered.text) {
        return "refused: " + rendered.error;
    }
    const std::string& text = rendered.text->text;
    if (golden.contains("output")) {
        const auto& wanted = golden["output"].get_ref<const std::string&>();
        return text == wanted ? std::string() : "got <" + text + "> instead of <" + wanted + ">";
    }
    if (sha256(text) == golden["sha256"].get_ref<const std::string&>()) {
        return {};
    }
    return "got " + std::to_string(text.size()) + " bytes instead of " + golden["size"].dump() + ": <" +
           text.substr(0, 300) + "> instead of <" + golden["head"].get<std::string>() + ">";
}

} // namespace

class ChatTemplateTest : public QObject {
    Q_OBJECT

private:
    static int compareAll(const std::string& name, const std::string& source, const nlohmann::ordered_json& goldens) {
        int faults = 0;
        for (const auto& input : readGolden("inputs.json")) {
            const auto caseName = input["name"].get<std::string>();
            const Rendered rendered = renderWith(source, inputOf(input));
            const std::string fault = difference(rendered, goldens.at(caseName));
            if (!fault.empty()) {
                ++faults;
                qWarning("%s, %s: %s", name.c_str(), caseName.c_str(), fault.c_str());
            }
        }
        return faults;
    }

private slots:
    void snippetsRenderAsInJinja() {
        const auto golden = readGolden("snippets.json");
        QVERIFY(golden["cases"].size() >= 300);
        TemplateInput input;
        input.bosToken = "<BOS>";
        input.eosToken = "<EOS>";
        input.variables = golden["context"];
        int faults = 0;
        for (const auto& snippet : golden["cases"]) {
            const auto source = snippet["template"].get<std::string>();
            const std::string fault = difference(renderWith(source, input), snippet);
            if (!fault.empty()) {
                ++faults;
                qWarning("%s\n    %s", source.c_str(), fault.c_str());
            }
        }
        QCOMPARE(faults, 0);
    }

    void ownTemplatesRenderAsInJinja() {
        const auto golden = readGolden("own.json");
        const auto templates = ownTemplates();
        QCOMPARE(templates.size(), golden.size());
        int faults = 0;
        for (const auto& [name, source] : templates) {
            faults += compareAll(name, source, golden.at(name));
        }
        QCOMPARE(faults, 0);
    }

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

    void errorsNameTheirLine() {
        const auto compiled = ChatTemplate::compile("a\nb {% if x %}\n{{ y|nofilter(1) }}\n{% endif");
        QVERIFY(!compiled);
        const auto unknown = ChatTemplate::compile("a\n\n{{ 'x'|nofilter }}");
        QVERIFY(!unknown);
        QVERIFY2(unknown.error().message.find("line 3") != std::string::npos, unknown.error().message.c_str());
        const auto include = ChatTemplate::compile("a\n{% include 'other' %}");
        QVERIFY(!include);
        QVERIFY2(include.error().message.find("line 2") != std::string::npos, include.error().message.c_str());
        const Rendered late = renderWith("a\nb\n{% for i in [1] %}\n  {{ i.x.y }}{% endfor %}", {});
        QVERIFY(!late.text);
        QVERIFY2(late.error.find("line 4") != std::string::npos, late.error.c_str());
        const Rendered raised = renderWith("\n\n{{- raise_exception('no system role') }}", {});
        QVERIFY2(raised.error.find("line 3: no system role") != std::string::npos, raised.error.c_str());
    }

    void mentionsSaysWhichGlobalsAreRead() {
        const auto compiled = ChatTemplate::compile("{% if tools %}{{ messages[0].enable_thinking }}{% endif %}");
        QVERIFY(compiled.has_value());
        QVERIFY(compiled->mentions("tools"));
        QVERIFY(compiled->mentions("messages"));
        QVERIFY(!compiled->mentions("enable_thinking"));
        QVERIFY(!compiled->mentions("documents"));
    }

    void theClockIsTheOneGiven() {
        const Rendered rendered = renderWith("{{ strftime_now('%d %b %Y') }}", {});
        QCOMPARE(rendered.text->text, std::string("05 Jan 2026"));
    }
};

ALCUIN_TEST(ChatTemplateTest)
#include "tst_chat_template.moc"
