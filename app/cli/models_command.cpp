#include "cli/models_command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include <nlohmann/json.hpp>

#include <alcuin/inference/model_info.h>

#include "cli/model_choice.h"
#include "cli/standard_output.h"

namespace alcuin::cli {

namespace {

using inference::ModelInfo;
using inference::Result;

struct Entry {
    std::filesystem::path path;
    Result<ModelInfo> info;
};

nlohmann::ordered_json toJson(const Entry& entry) {
    if (!entry.info) {
        return {{"path", entry.path.string()}, {"error", entry.info.error().message}};
    }
    const auto& info = *entry.info;
    return {{"name", info.name},
            {"architecture", info.architecture},
            {"quantization", info.quantization},
            {"bytes", info.fileBytes},
            {"parameters", info.parameterCount},
            {"context_length", info.contextLength},
            {"chat_template", info.hasChatTemplate},
            {"path", entry.path.string()}};
}

std::string sizeText(std::uint64_t bytes) {
    constexpr double kMega = 1e6;
    constexpr double kGiga = 1e9;
    const auto size = static_cast<double>(bytes);
    return size < kGiga ? fmt::format("{:.1f} MB", size / kMega) : fmt::format("{:.2f} GB", size / kGiga);
}

using Row = std::array<std::string, 6>;

std::string table(const std::vector<Entry>& entries) {
    std::vector<Row> rows{{"NAME", "ARCHITECTURE", "TYPE", "SIZE", "CONTEXT", "PATH"}};
    for (const auto& [path, info] : entries) {
        if (info) {
            rows.push_back({info->name, info->architecture, info->quantization, sizeText(info->fileBytes),
                            std::to_string(info->contextLength), path.string()});
        }
    }
    std::array<std::size_t, 6> widths{};
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            text += fmt::format("{:<{}}  ", row[i], widths[i]);
        }
        text += row.back() + "\n";
    }
    return rows.size() > 1 ? text : std::string();
}

} // namespace

Outcome<void> runModels(const std::filesystem::path& modelDirectory, bool json) {
    const auto files = modelFiles(modelDirectory);
    if (!files) {
        return tl::unexpected(files.error());
    }
    std::vector<Entry> entries;
    for (const auto& file : *files) {
        auto info = inference::readModelInfo(file);
        if (info && !info->problem.empty()) {
            info = inference::fail(inference::ErrorCode::kCorrupt, info->problem);
        }
        entries.push_back({file, std::move(info)});
    }
    if (json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& entry : entries) {
            list.push_back(toJson(entry));
        }
        return writeOut(list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    }
    if (entries.empty()) {
        fmt::print(stderr, "{}\n", howToGetAModel(modelDirectory));
        return {};
    }
    auto text = table(entries);
    for (const auto& [path, info] : entries) {
        if (!info) {
            text += fmt::format("unusable: {}: {}\n", path.string(), info.error().message);
        }
    }
    return writeOut(text);
}

} // namespace alcuin::cli
