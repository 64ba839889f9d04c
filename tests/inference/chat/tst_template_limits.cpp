#include <random>

#include "support/test_registry.h"
#include "template_goldens.h"

using alcuin::inference::chat::ChatTemplate;
using alcuin::inference::chat::TemplateInput;
using alcuin::inference::chat::TemplateLimits;
using namespace alcuin::tests;

namespace {

std::string repeated(const std::string& piece, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) {
        result += piece;
    }
    return result;
}

/// Far more time than any step limit needs, so that a slow machine meets the same limit as a fast one.
TemplateLimits withoutHurry() {
    TemplateLimits limits;
    limits.time = std::chrono::minutes(2);
    return limits;
}

} // namespace

class TemplateLimitsTest : public QObject {
    Q_OBJECT

private slots:
    void greedyTemplatesAreRefused_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("because");
        const auto row = [](const char* name, const std::string& source, const char* because) {
            QTest::newRow(name) << QString::fromStdString(source) << QString::fromUtf8(because);
        };
        const std::string doubling = "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ";
        row("repeated text", "{{ 'a' * 1000000000000 }}", "bytes");
        row("repeated list", "{{ [1, 2, 3] * 1000000000000 }}", "steps");
        row("range", "{{ range(1000000000000)|list }}", "range too big");
        row("nested loops", "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "steps");
        row("doubled text", doubling + "ns.s + ns.s %}{% endfor %}{{ ns.s }}", "bytes");
        row("doubled by replace", doubling + "ns.s.replace('a', 'aa') %}{% endfor %}{{ ns.s }}", "");
        row("doubled by join", doubling + "ns.s|join('xy') %}{% endfor %}{{ ns.s }}", "");
        row("doubled list",
            "{% set ns = namespace(s=[1]) %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "");
        row("doubled json",
            "{% set ns = namespace(s=[]) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ "
            "ns.s|tojson }}",
            "");
        row("doubled comparison",
            "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = "
            "[ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
            "steps");
        row("doubled key",
            "{% set ns = namespace(s=(1,)) %}{% for i in range(64) %}{% set ns.s = (ns.s, ns.s) %}{% endfor %}{{ "
            "{ns.s: 1} }}",
            "steps");
        row("doubled pprint",
            "{% set ns = namespace(s=[1]) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ "
            "ns.s|pprint }}",
            "");
        row("output", "{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}", "bytes");
        row("indent", "{% set ns = namespace(s='\\n' * 100000) %}{{ ns.s|indent(100000, blank=true) }}", "bytes");
        row("indent of json", "{{ [[[1]]]|tojson(indent=1000000000) }}", "indent");
        row("indent's width", "{{ 'a'|indent(1000000000000) }}", "bytes");
        row("centre", "{{ 'a'|center(1000000000000) }}", "bytes");
        row("ljust", "{{ 'a'.ljust(1000000000000) }}", "bytes");
        row("zfill", "{{ '1'.zfill(1000000000000) }}", "bytes");
        row("tabs", "{{ '\\t'.expandtabs(1000000000000) }}", "bytes");
        row("percent's width", "{{ '%1000000000000d' % 1 }}", "bytes");
        row("percent's precision", "{{ '%.1000000000f' % 1.5 }}", "precision");
        row("percent's overflow", "{{ '%99999999999999999999d' % 1 }}", "64 bits");
        row("braces' width", "{{ '{:1000000000000}'.format(1) }}", "bytes");
        row("braces' precision", "{{ '{:.1000000000f}'.format(1.5) }}", "precision");
        row("batch", "{{ [1]|batch(1000000000000, 0)|list }}", "");
        row("slice", "{{ [1]|slice(1000000000000)|list }}", "steps");
        row("power", "{{ 10 ** 10 ** 10 }}", "64 bits");
        row("replace of nothing", "{{ ('a' * 4000000).replace('', 'bbbb') }}", "");
        row("endless macro", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "levels deep");
        row("endless callers", "{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{{ f() }}",
            "levels deep");
        row("endless loop", "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "levels deep");
        row("deep list",
            "{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}", "deep");
        row("deep dict",
            "{% set ns = namespace(x=1) %}{% for i in range(100000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}",
            "deep");
        row("deep methods",
            "{% set ns = namespace(x=1) %}{% for i in range(100000) %}{% set ns.x = [ns.x].index %}{% endfor %}",
            "deep");
        row("deep loops",
            "{% set ns = namespace(x=1) %}{% for i in range(100000) %}{% for j in [ns.x] %}{% set ns.x = loop %}{% "
            "endfor %}{% endfor %}",
            "deep");
        row("deep cyclers",
            "{% set ns = namespace(x=1) %}{% for i in range(100000) %}{% set ns.x = cycler(ns.x) %}{% endfor %}",
            "deep");
        row("chain of namespaces",
            "{% set ns = namespace(x=1) %}{% for i in range(9999) %}{% set ns.x = namespace(x=ns.x) %}{% endfor %}{{ "
            "ns.x }}",
            "levels deep");
        row("namespace in itself", "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}", "levels deep");
        row("deep parentheses", "{{ " + repeated("(", 100000) + "1" + repeated(")", 100000) + " }}", "deep");
        row("deep lists", "{{ " + repeated("[", 100000) + repeated("]", 100000) + " }}", "deep");
        row("many signs", "{{ " + repeated("-", 100000) + "1 }}", "deep");
        row("many nots", "{{ " + repeated("not ", 100000) + "1 }}", "deep");
        row("long sum", "{{ 1" + repeated("+1", 100000) + " }}", "deep");
        row("long chain", "{{ a" + repeated(".b", 100000) + " }}", "deep");
        row("many filters", "{{ 1" + repeated("|string", 100000) + " }}", "deep");
        row("many conditions", "{{ " + repeated("1 if 0 else ", 100000) + "2 }}", "deep");
        row("deep targets", "{% set " + repeated("(", 100000) + "a" + repeated(")", 100000) + " = 1 %}", "deep");
        row("deep ifs", repeated("{% if 1 %}", 100000) + repeated("{% endif %}", 100000), "deep");
        row("deep fors", repeated("{% for i in x %}", 100000) + repeated("{% endfor %}", 100000), "deep");
        row("memory",
            "{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = ns.l + ['x' * 7000000 ~ i] %}{% "
            "endfor %}",
            "");
        row("memory in small values",
            "{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.l = [1] "
            "%}{% for j in range(1000) %}{% set ns.l = ns.l + [j] %}{% endfor %}{% endfor %}",
            "steps");
    }

    void greedyTemplatesAreRefused() {
        QFETCH(QString, source);
        QFETCH(QString, because);
        const Rendered rendered = renderWith(source.toStdString(), {}, withoutHurry());
        QVERIFY(!rendered.text.has_value());
        QVERIFY2(QString::fromStdString(rendered.error).contains(because), rendered.error.c_str());
    }

    void timeEnds() {
        TemplateLimits limits;
        limits.steps = std::numeric_limits<std::size_t>::max() / 2;
        limits.time = std::chrono::milliseconds(20);
        const Rendered rendered =
            renderWith("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", {}, limits);
        QVERIFY(!rendered.text.has_value());
        QVERIFY2(rendered.error.find("longer than 20 ms") != std::string::npos, rendered.error.c_str());
    }

    void deepInputIsRefused() {
        nlohmann::ordered_json deep = "x";
        for (int i = 0; i < 100'000; ++i) {
            nlohmann::ordered_json outer = nlohmann::ordered_json::array();
            outer.push_back(std::move(deep));
            deep = std::move(outer);
        }
        TemplateInput input;
        input.messages = {{{"role", "user"}}};
        input.messages[0]["content"] = std::move(deep);
        const Rendered rendered = renderWith("{{ messages }}", input);
        QVERIFY(!rendered.text.has_value());
        QVERIFY2(rendered.error.find("levels deep") != std::string::npos, rendered.error.c_str());
    }

    void searchesAreLinear() {
        // A search that starts again at every byte would take 10^12 comparisons here.
        const Rendered rendered = renderWith("{% set h = 'a' * 4000000 %}{% set n = 'a' * 1000000 ~ 'b' %}"
                                             "{{ h.find(n) }} {{ h.rfind(n) }} {{ n in h }} {{ h.split(n)|length }}",
                                             {}, withoutHurry());
        QVERIFY2(rendered.text.has_value(), rendered.error.c_str());
        QCOMPARE(rendered.text->text, std::string("-1 -1 False 1"));
    }

    void longConversationsFit() {
        TemplateInput input;
        input.messages = nlohmann::ordered_json::array();
        for (int i = 0; i < 1000; ++i) {
            input.messages.push_back({{"role", i % 2 == 0 ? "user" : "assistant"},
                                      {"content", "<think>\nwhy\n</think>\n\n" + std::string(2000, 'w') + " \n"}});
        }
        for (const auto& [name, source] : ownTemplates()) {
            const Rendered rendered = renderWith(source, input);
            QVERIFY2(rendered.text.has_value(), (name + ": " + rendered.error).c_str());
            QVERIFY(rendered.text->text.size() > 1'000'000);
        }
    }

    /// Mutants of templates and snippets: each compiles and renders, or says why not; none crashes or hangs.
    void mutantsAreAnsweredWithTextOrError() {
        std::vector<std::string> sources;
        for (const auto& [name, source] : ownTemplates()) {
            sources.push_back(source);
        }
        const auto golden = readGolden("snippets.json");
        for (const auto& snippet : golden["cases"]) {
            sources.push_back(snippet["template"].get<std::string>());
        }
        for (const auto& [name, source] : realTemplates()) {
            sources.push_back(source);
        }
        const auto inputs = readGolden("inputs.json");
        std::mt19937 random(20260105);
        const auto below = [&random](std::size_t end) {
            return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
        };
        TemplateLimits limits;
        limits.steps = 50'000;
        limits.outputBytes = 1U << 18U;
        int compiledCount = 0;
        int renderedCount = 0;
        constexpr int kMutants = 20'000;
        for (int i = 0; i < kMutants; ++i) {
            std::string source = sources[below(sources.size())];
            const std::size_t edits = 1 + below(3);
            for (std::size_t e = 0; e < edits && !source.empty(); ++e) {
                const std::size_t at = below(source.size());
                const std::string& other = sources[below(sources.size())];
                switch (below(5)) {
                case 0:
                    source.erase(at, 1 + below(8));
                    break;
                case 1:
                    source[at] = static_cast<char>(below(256));
                    break;
                case 2:
                    source.insert(at, other.substr(below(other.size()), below(24)));
                    break;
                case 3:
                    source.insert(at, 1, "{}%#()[]|.,:'\"-+*/~=<>\\ \n_"[below(27)]);
                    break;
                default:
                    source.insert(at, source.substr(below(source.size()), below(16)));
                }
            }
            const auto compiled = ChatTemplate::compile(source);
            if (!compiled) {
                QVERIFY(!compiled.error().message.empty());
                continue;
            }
            ++compiledCount;
            auto input = inputOf(inputs[below(inputs.size())]);
            if (input.variables.is_null()) {
                input.variables = golden["context"];
            }
            const auto rendered = compiled->render(input, limits, goldenMoment);
            if (rendered) {
                ++renderedCount;
                const std::string fault = faultOfRuns(*rendered);
                QVERIFY2(fault.empty(), (source + "\n" + fault).c_str());
            }
        }
        qInfo("%d mutants: %d compiled, %d rendered", kMutants, compiledCount, renderedCount);
        QVERIFY(compiledCount > kMutants / 10);
        QVERIFY(renderedCount > kMutants / 20);
    }
};

ALCUIN_TEST(TemplateLimitsTest)
#include "tst_template_limits.moc"
