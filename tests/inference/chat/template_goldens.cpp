#include "template_goldens.h"

#include <ctime>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>

namespace alcuin::tests {

using inference::chat::ChatTemplate;
using inference::chat::ProvenText;
using inference::chat::TemplateInput;
using inference::chat::TemplateLimits;

QByteArray readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("can't read %s", qPrintable(path));
    }
    return file.readAll();
}

nlohmann::ordered_json readGolden(const char* name) {
    const QByteArray bytes = readFile(QStringLiteral(ALCUIN_GOLDEN_DIR "/chat_templates/") + QLatin1String(name));
    return nlohmann::ordered_json::parse(bytes.begin(), bytes.end());
}

TemplateInput inputOf(const nlohmann::ordered_json& goldenCase) {
    TemplateInput input;
    input.bosToken = "<BOS>";
    input.eosToken = "<EOS>";
    input.messages = goldenCase.value("messages", nlohmann::ordered_json::array());
    input.tools = goldenCase.value("tools", nlohmann::ordered_json());
    input.variables = goldenCase.value("variables", nlohmann::ordered_json());
    input.addGenerationPrompt = goldenCase.value("add_generation_prompt", true);
    return input;
}

std::chrono::system_clock::time_point goldenMoment() {
    std::tm parts{};
    parts.tm_year = 126;
    parts.tm_mday = 5;
    parts.tm_hour = 14;
    parts.tm_min = 3;
    parts.tm_sec = 9;
    parts.tm_isdst = -1;
    return std::chrono::system_clock::from_time_t(std::mktime(&parts));
}

Rendered renderWith(const std::string& source, const TemplateInput& input, const TemplateLimits& limits) {
    const auto compiled = ChatTemplate::compile(source);
    if (!compiled) {
        return {std::nullopt, compiled.error().message};
    }
    auto text = compiled->render(input, limits, goldenMoment);
    if (!text) {
        return {std::nullopt, text.error().message};
    }
    return {std::move(*text), {}};
}

std::string faultOfRuns(const ProvenText& text) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < text.runs.size(); ++i) {
        const auto& run = text.runs[i];
        if (run.begin != at || run.end <= run.begin) {
            return "run " + std::to_string(i) + " doesn't begin where the one before ends, or is empty";
        }
        if (i > 0 && text.runs[i - 1].origin == run.origin) {
            return "run " + std::to_string(i) + " has the origin of the one before";
        }
        at = run.end;
    }
    return at == text.text.size() ? std::string() : "the runs end before the text";
}

namespace {

std::map<std::string, std::string> templatesIn(const QString& directory) {
    std::map<std::string, std::string> all;
    const QDir dir(directory);
    for (const QString& name : dir.entryList({QStringLiteral("*.jinja")}, QDir::Files)) {
        all.emplace(name.toStdString(), readFile(dir.filePath(name)).toStdString());
    }
    return all;
}

} // namespace

std::string sha256(std::string_view bytes) {
    return QCryptographicHash::hash(QByteArray(bytes.data(), static_cast<int>(bytes.size())),
                                    QCryptographicHash::Sha256)
        .toHex()
        .toStdString();
}

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

int compareAll(const std::string& name, const std::string& source, const nlohmann::ordered_json& goldens) {
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

std::map<std::string, std::string> ownTemplates() {
    return templatesIn(QStringLiteral(ALCUIN_GOLDEN_DIR "/chat_templates/own"));
}

std::map<std::string, std::string> realTemplates() {
    const QString directory = qEnvironmentVariable("ALCUIN_TEMPLATE_DIR");
    return directory.isEmpty() ? std::map<std::string, std::string>() : templatesIn(directory);
}

} // namespace alcuin::tests
