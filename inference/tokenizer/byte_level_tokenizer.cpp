#include "tokenizer/byte_level_tokenizer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "tokenizer/byte_pair_encoder.h"
#include "tokenizer/utf8.h"

namespace alcuin::inference {

namespace {

/// Control tokens by which models end a turn, a message or a text, whatever the file's metadata name.
constexpr std::array<std::string_view, 18> kEndSpellings{
    "<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>", "<|eom_id|>",         "<|end|>",
    "<|return|>",    "<|call|>",        "</s>",       "<eos>",      "<end_of_turn>",      "<EOT>",
    "[EOT]",         "[EOS]",           "<turn|>",    "<|eot|>",    "<end_of_utterance>", "<｜end▁of▁sentence｜>",
};

/// Bytes [begin, end) of a text.
struct Interval {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The trusted parts of a text, ascending, neighbours joined. Runs beyond the text, overlapping or out of order break
/// their contract; what they then say is taken as untrusted.
std::vector<Interval> trustedIntervals(std::span<const TextRun> runs, std::size_t textBytes) {
    std::vector<Interval> trusted;
    std::size_t covered = 0;
    for (const TextRun& run : runs) {
        if (run.begin < covered || run.end > textBytes || run.end <= run.begin) {
            continue;
        }
        covered = run.end;
        if (run.origin != TextRun::kTrusted) {
            continue;
        }
        if (!trusted.empty() && trusted.back().end == run.begin) {
            trusted.back().end = run.end;
        } else {
            trusted.push_back({run.begin, run.end});
        }
    }
    return trusted;
}

bool isInside(const std::vector<Interval>& intervals, std::size_t begin, std::size_t end) {
    const auto behind = std::partition_point(intervals.begin(), intervals.end(),
                                             [&](const Interval& each) { return each.begin <= begin; });
    return behind != intervals.begin() && end <= std::prev(behind)->end;
}

bool isWhiteSpace(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

ByteLevelTokenizer::ByteLevelTokenizer(Vocabulary vocabulary, MergeTable merges, PreTokenizer preTokenizer,
                                       const Roles& roles, std::uint64_t hash)
    : vocabulary_(std::move(vocabulary))
    , merges_(std::move(merges))
    , preTokenizer_(preTokenizer)
    , roles_(roles)
    , hash_(hash)
    , specialTokens_(vocabulary_)
    , endOfGeneration_(endTokens()) {}

std::vector<Token> ByteLevelTokenizer::endTokens() const {
    std::vector<Token> tokens;
    for (const Token token : {roles_.endOfText, roles_.endOfTurn, roles_.endOfMessage}) {
        if (token != kNoToken) {
            tokens.push_back(token);
        }
    }
    // In the "harmony" format <|end|> only closes a message, and the turn goes on until <|return|> or <|call|>.
    const bool endIsHarmless = vocabulary_.find("<|return|>") != kNoToken && vocabulary_.find("<|call|>") != kNoToken;
    for (const std::string_view spelling : kEndSpellings) {
        const Token token = vocabulary_.find(spelling);
        if (isControl(token) && !(endIsHarmless && spelling == "<|end|>")) {
            tokens.push_back(token);
        }
    }
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    return tokens;
}

bool ByteLevelTokenizer::isControl(Token token) const {
    return vocabulary_.contains(token) && vocabulary_.type(token) == TokenType::kControl;
}

bool ByteLevelTokenizer::isEndOfGeneration(Token token) const {
    return std::binary_search(endOfGeneration_.begin(), endOfGeneration_.end(), token);
}

std::vector<Token> ByteLevelTokenizer::encode(std::string_view text, SpecialTokens special) const {
    const auto accept = [&](const SpecialTokenFinder::Match& match) {
        return special == SpecialTokens::kRecognised || vocabulary_.type(match.token) == TokenType::kUserDefined;
    };
    if (validUtf8Prefix(text) == text.size()) {
        return encodeValid(text, accept);
    }
    return encodeValid(RepairedText(text).text(), accept);
}

std::vector<Token> ByteLevelTokenizer::encode(std::string_view text, std::span<const TextRun> runs) const {
    std::vector<Interval> trusted = trustedIntervals(runs, text.size());
    std::optional<RepairedText> repaired;
    if (validUtf8Prefix(text) != text.size()) {
        repaired.emplace(text);
        for (Interval& each : trusted) {
            each = {repaired->mapUp(each.begin), repaired->mapDown(each.end)};
        }
    }
    return encodeValid(repaired ? std::string_view(repaired->text()) : text,
                       [&](const SpecialTokenFinder::Match& match) {
                           return isInside(trusted, match.begin, match.end) ||
                                  (vocabulary_.type(match.token) == TokenType::kUserDefined &&
                                   isWhiteSpace(vocabulary_.spelling(match.token)));
                       });
}

std::vector<Token> ByteLevelTokenizer::encodeValid(std::string_view text,
                                                   const SpecialTokenFinder::Accept& accept) const {
    constexpr std::size_t kBytesPerToken = 4; // of English, roughly
    std::vector<Token> tokens;
    tokens.reserve(text.size() / kBytesPerToken + 1);
    BytePairEncoder encoder(vocabulary_, merges_, preTokenizer_ == PreTokenizer::kLlama3);
    std::size_t at = 0;
    while (at < text.size()) {
        const auto special = specialTokens_.findFirst(text, at, accept);
        const std::string_view plain =
            special.token == kNoToken ? text.substr(at) : text.substr(at, special.begin - at);
        for (std::size_t begin = 0; begin < plain.size();) {
            const std::size_t end = pieceEnd(preTokenizer_, plain, begin);
            encoder.encode(plain.substr(begin, end - begin), tokens);
            begin = end;
        }
        if (special.token == kNoToken) {
            break;
        }
        tokens.push_back(special.token);
        at = special.end;
    }
    return tokens;
}

} // namespace alcuin::inference
