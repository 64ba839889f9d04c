#include "services/prompt_counting.h"

#include <QCryptographicHash>

#include <algorithm>

#include "services/record_conversion.h"

namespace alcuin::app {

namespace {

constexpr qint64 kBytesPerToken = 4;      ///< of English text, with today's vocabularies
constexpr qint64 kTemplatePerMessage = 5; ///< tokens that templates put around a message
constexpr qsizetype kNameLength = 60;
constexpr qsizetype kMostSections = 4096; ///< remembered counts; beyond that all are forgotten

QString firstWords(const PromptMessage& message) {
    for (const auto& section : message.sections) {
        if (section.kind == LedgerKind::kTurn) {
            // A few bytes more than the characters that are shown.
            const auto text = QString::fromUtf8(section.text.data(),
                                                qsizetype(std::min<std::size_t>(section.text.size(), 8 * kNameLength)));
            const QString words = text.simplified();
            return words.size() <= kNameLength ? words : words.left(kNameLength - 1).trimmed() + QChar(0x2026);
        }
    }
    return {};
}

void add(Ledger& ledger, const LedgerEntry& entry) {
    switch (entry.kind) {
    case LedgerKind::kInstructions:
        ledger.instructions += entry.tokens;
        break;
    case LedgerKind::kFile:
        ledger.files += entry.tokens;
        break;
    case LedgerKind::kSummary:
    case LedgerKind::kTurn:
        ledger.conversation += entry.tokens;
        break;
    case LedgerKind::kTemplate:
        ledger.templateTokens += entry.tokens;
        break;
    case LedgerKind::kDraft:
        ledger.draft += entry.tokens;
        break;
    }
    ledger.entries.push_back(entry);
}

/// A message's tokens, given to its sections: all but the last are counted, the last, its words, has what is left.
template <typename CountSection>
void addMessage(Ledger& ledger, const PromptMessage& message, qint64 tokens, const CountSection& countSection) {
    qint64 left = tokens;
    for (std::size_t i = 0; i < message.sections.size(); ++i) {
        const auto& section = message.sections[i];
        LedgerEntry entry;
        entry.kind = section.kind;
        const bool last = i + 1 == message.sections.size();
        entry.tokens = last ? left : std::min(left, countSection(section));
        left -= entry.tokens;
        entry.name = section.kind == LedgerKind::kFile ? QString::fromStdString(section.name) : QString();
        if (section.kind == LedgerKind::kTurn) {
            entry.name = firstWords(message);
        }
        entry.message = toUuid(message.id);
        add(ledger, entry);
    }
}

inference::GenerationRequest toRequest(const std::vector<PromptMessage>& messages, bool continues) {
    inference::GenerationRequest request;
    for (const auto& message : messages) {
        request.messages.push_back(toMessage(message));
    }
    request.addGenerationPrompt = !continues;
    return request;
}

/// A chat that isn't begun. What a context holds is only told with a count, and a request needs a message.
inference::Result<CountedPrompt> countNothing(const inference::TextEngine& engine, const Parameters& parameters) {
    inference::GenerationRequest request;
    request.messages.resize(1);
    request.messages.front().role = "user";
    request.messages.front().content = "?";
    const auto usage = engine.countTokens(request);
    if (!usage) {
        return tl::unexpected(usage.error());
    }
    CountedPrompt counted;
    counted.ledger.contextLength = qint64(usage->contextLength);
    counted.ledger.answerReserve = answerReserve(parameters, counted.ledger.contextLength);
    return counted;
}

bool saysNothing(const PromptInput& input) {
    return std::all_of(input.draft.begin(), input.draft.end(), [](const auto& part) { return part.text.empty(); });
}

} // namespace

qint64 answerReserve(const Parameters& parameters, qint64 contextLength) {
    constexpr qint64 kUsual = 512;
    const qint64 most = contextLength / 8;
    return std::min(most, parameters.maxTokens >= 0 ? qint64(parameters.maxTokens) : kUsual);
}

qint64 PromptCounter::countSection(const inference::TextEngine& engine, const PromptSection& section) {
    const auto key = QCryptographicHash::hash(QByteArrayView(section.text.data(), qsizetype(section.text.size())),
                                              QCryptographicHash::Sha1);
    if (const auto known = m_sections.constFind(key); known != m_sections.constEnd()) {
        return *known;
    }
    inference::GenerationRequest request;
    request.messages.resize(1);
    request.messages.front().role = "user";
    request.messages.front().content = section.text;
    const auto usage = engine.countTokens(request);
    const qint64 tokens = usage && !usage->perMessage.empty() ? qint64(usage->perMessage.front())
                                                              : qint64(section.text.size()) / kBytesPerToken;
    if (m_sections.size() >= kMostSections) {
        m_sections.clear();
    }
    m_sections.insert(key, tokens);
    return tokens;
}

inference::Result<CountedPrompt> PromptCounter::count(const inference::TextEngine& engine, const PromptInput& given) {
    if (m_vocabulary != engine.modelInfo().vocabularyHash) {
        m_sections.clear();
        m_vocabulary = engine.modelInfo().vocabularyHash;
    }
    PromptInput input = given;
    if (saysNothing(input)) {
        input.draft.clear();
    }
    CountedPrompt counted;
    auto messages = promptMessages(input, counted.place);
    if (messages.empty()) {
        return countNothing(engine, input.parameters.value_or(Parameters()));
    }
    auto usage = engine.countTokens(toRequest(messages, input.continues));
    if (!usage && usage.error().code == inference::ErrorCode::kTemplate && !input.instructions.empty()) {
        counted.place = InstructionsPlace::kFirstQuestion;
        messages = promptMessages(input, counted.place);
        if (auto moved = engine.countTokens(toRequest(messages, input.continues))) {
            usage = std::move(moved);
        }
    }
    if (!usage) {
        return tl::unexpected(usage.error());
    }
    counted.ledger.contextLength = qint64(usage->contextLength);
    counted.ledger.answerReserve = answerReserve(input.parameters.value_or(Parameters()), counted.ledger.contextLength);
    for (std::size_t i = 0; i < messages.size() && i < usage->perMessage.size(); ++i) {
        addMessage(counted.ledger, messages[i], qint64(usage->perMessage[i]),
                   [&](const PromptSection& section) { return countSection(engine, section); });
    }
    add(counted.ledger, {LedgerKind::kTemplate, {}, qint64(usage->templateTokens), {}});
    return counted;
}

Ledger estimatePrompt(const PromptInput& given) {
    PromptInput input = given;
    if (saysNothing(input)) {
        input.draft.clear();
    }
    Ledger ledger;
    ledger.estimated = true;
    const auto tokensOf = [](const std::string& text) {
        return (qint64(text.size()) + kBytesPerToken - 1) / kBytesPerToken;
    };
    const auto messages = promptMessages(input, InstructionsPlace::kSystemMessage);
    for (const auto& message : messages) {
        qint64 tokens = 0;
        for (const auto& section : message.sections) {
            tokens += tokensOf(section.text);
        }
        addMessage(ledger, message, tokens, [&](const PromptSection& section) { return tokensOf(section.text); });
    }
    if (!messages.empty()) {
        add(ledger, {LedgerKind::kTemplate, {}, qint64(messages.size()) * kTemplatePerMessage, {}});
    }
    return ledger;
}

} // namespace alcuin::app
