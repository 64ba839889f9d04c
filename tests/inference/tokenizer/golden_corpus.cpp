#include "golden_corpus.h"

#include <algorithm>
#include <fstream>
#include <span>
#include <stdexcept>

#include <QByteArray>

namespace alcuin::tests {

using inference::SpecialTokens;
using inference::TextRun;
using inference::Token;
using inference::Tokenizer;

nlohmann::json goldenJson(const std::string& name) {
    std::ifstream file(std::string(ALCUIN_GOLDEN_DIR "/tokenizer/") + name);
    if (!file) {
        throw std::runtime_error("no golden file " + name);
    }
    return nlohmann::json::parse(file);
}

std::vector<CorpusText> goldenCorpus() {
    std::vector<CorpusText> corpus;
    for (const auto& entry : goldenJson("corpus.json")) {
        CorpusText text;
        if (entry.contains("repeat")) {
            for (int i = 0; i < entry.at("times").get<int>(); ++i) {
                text.original += entry.at("repeat").get<std::string>();
            }
            text.repaired = text.original;
        } else if (entry.contains("hex")) {
            const auto hex = entry.at("hex").get<std::string>();
            for (std::size_t i = 0; i < hex.size(); i += 2) {
                text.original += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
            }
            text.repaired = entry.at("repaired").get<std::string>();
        } else {
            text.original = text.repaired = entry.at("text").get<std::string>();
        }
        corpus.push_back(std::move(text));
    }
    return corpus;
}

std::string shown(const std::vector<Token>& tokens) {
    constexpr std::size_t kMost = 40;
    std::string text;
    for (std::size_t i = 0; i < std::min(tokens.size(), kMost); ++i) {
        text += std::to_string(tokens[i]) + " ";
    }
    return text;
}

std::string shown(const std::string& text) {
    constexpr std::size_t kMost = 60;
    return QByteArray::fromStdString(text.substr(0, kMost)).toPercentEncoding(" ").toStdString();
}

std::string decoded(const Tokenizer& tokenizer, const std::vector<Token>& tokens) {
    std::string bytes;
    for (const Token token : tokens) {
        bytes += tokenizer.bytes(token);
    }
    return bytes;
}

std::string firstDifference(const Tokenizer& tokenizer, const std::vector<CorpusText>& corpus,
                            const std::string& golden) {
    const auto expected = goldenJson(golden);
    const auto& plain = expected.at("plain");
    if (plain.size() != corpus.size() || corpus.empty()) {
        return golden + " belongs to another corpus";
    }
    for (std::size_t i = 0; i < corpus.size(); ++i) {
        const auto want = plain[i].get<std::vector<Token>>();
        const auto got = tokenizer.encode(corpus[i].original, SpecialTokens::kAsPlainText);
        if (got != want) {
            return shown(corpus[i].original) + ": got " + shown(got) + "want " + shown(want);
        }
    }
    for (const auto& each : expected.at("special")) {
        const auto text = each.at("text").get<std::string>();
        const auto want = each.at("ids").get<std::vector<Token>>();
        const auto got = tokenizer.encode(text, SpecialTokens::kRecognised);
        const TextRun trusted{0, text.size(), TextRun::kTrusted};
        if (got != want || tokenizer.encode(text, std::span(&trusted, 1)) != want) {
            return shown(text) + " with special tokens: got " + shown(got) + "want " + shown(want);
        }
    }
    return {};
}

} // namespace alcuin::tests
