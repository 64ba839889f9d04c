#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <QByteArray>
#include <QString>
#include <nlohmann/json.hpp>

#include "chat/chat_template.h"

namespace alcuin::tests {

/// tests/golden/chat_templates/<name>; ends the program if it can't be read.
nlohmann::ordered_json readGolden(const char* name);
QByteArray readFile(const QString& path);

/// A case of inputs.json as the interpreter takes it, with the goldens' tokens.
inference::chat::TemplateInput inputOf(const nlohmann::ordered_json& goldenCase);

/// 2026-01-05 14:03:09 local time, the moment of the goldens.
std::chrono::system_clock::time_point goldenMoment();

struct Rendered {
    std::optional<inference::chat::ProvenText> text;
    std::string error;
};
Rendered renderWith(const std::string& source, const inference::chat::TemplateInput& input,
                    const inference::chat::TemplateLimits& limits = {});

/// What is wrong with the runs of a text; empty: they cover it in order, without gaps, neighbours differing.
std::string faultOfRuns(const inference::chat::ProvenText& text);

std::string sha256(std::string_view bytes);

/// How a rendering differs from its golden; empty: not at all.
std::string difference(const Rendered& rendered, const nlohmann::ordered_json& golden);

/// Renders every case of inputs.json and warns of each that isn't as its golden; returns how many.
int compareAll(const std::string& name, const std::string& source, const nlohmann::ordered_json& goldens);

/// Templates by name: ours, those in $ALCUIN_TEMPLATE_DIR if it is set.
std::map<std::string, std::string> ownTemplates();
std::map<std::string, std::string> realTemplates();

} // namespace alcuin::tests
