#include "support/test_registry.h"
#include "template_goldens.h"

using alcuin::inference::chat::ChatTemplate;
using alcuin::inference::chat::TemplateInput;
using namespace alcuin::tests;

class ChatTemplateTest : public QObject {
    Q_OBJECT

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
