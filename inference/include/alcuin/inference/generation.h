#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <alcuin/inference/error.h>
#include <alcuin/inference/percentiles.h>
#include <alcuin/inference/state_pin.h>

namespace alcuin::inference {

/// A token id of one vocabulary.
using Token = std::int32_t;

/// One turn of a conversation, as the OpenAI interface has it.
struct Message {
    std::string role; ///< "system", "user", "assistant" or "tool"; the template decides what it knows
    std::string content;
    std::string reasoning; ///< what a reasoning model thought before `content`

    /// Assistant only: all ids that the answer was generated as, its reasoning's too, and the vocabulary they belong
    /// to. They are put into the prompt as they are where the rendered text is unchanged, so that the next turn finds
    /// its prefix again; a template that leaves the reasoning out leaves its ids out.
    std::vector<Token> tokens;
    std::uint64_t vocabularyHash = 0;
};

/// How the next token is picked. Filters apply in the order: repetition penalty, top-k, top-p, min-p, temperature.
struct SamplingParameters {
    float temperature = 0.7F;          ///< 0 is greedy: then only the repetition penalty still matters
    std::int32_t topK = 40;            ///< 0: off
    float topP = 0.95F;                ///< 1: off
    float minP = 0.05F;                ///< 0: off
    float repetitionPenalty = 1.0F;    ///< 1: off; divides positive and multiplies negative logits of seen tokens
    std::int32_t penaltyWindow = 64;   ///< how many of the last tokens count as seen
    std::optional<std::uint64_t> seed; ///< none: a fresh one is drawn and reported in Usage
};

enum class Priority : std::uint8_t { kBackground, kNormal, kInteractive };

struct GenerationRequest {
    std::vector<Message> messages;
    std::string toolsJson;             ///< a JSON array for the template's `tools`; empty: none
    std::string templateVariablesJson; ///< a JSON object of further template variables; empty: none
    bool addGenerationPrompt = true;   ///< false continues the last message
    SamplingParameters sampling;
    std::int32_t maxTokens = -1; ///< -1: until the context is full; 0: the prompt is read and nothing written
    std::vector<std::string> stop;
    Priority priority = Priority::kInteractive;

    /// The same seed gives the same tokens alone, among others and after a restart: of what was read earlier only that
    /// is used again which was read as a prompt, since answers are written with other roundings.
    bool reproducible = false;
    /// Names whose state this is, a conversation's id say. It is kept on disk under that name when the answer ends, and
    /// looked for there before the prompt is read; Runtime::purgeSnapshots deletes it. Empty: nothing is kept.
    std::string snapshotOwner;
    /// Keeps what was read of this prompt in memory as long as the pin lives; none: as long as there is room.
    std::shared_ptr<StatePin> pin;
};

enum class Channel : std::uint8_t { kReasoning, kAnswer, kToolCall };

/// Text that was written since the last event of its channel. `text` is always whole UTF-8 characters; `tokens` are
/// all ids generated since the last TextDelta, control tokens included, so their concatenation is the whole output.
struct TextDelta {
    Channel channel = Channel::kAnswer;
    std::string text;
    std::vector<Token> tokens;
};

/// How much of the prompt has been read, in tokens.
struct Progress {
    std::size_t done = 0;
    std::size_t total = 0;
};

enum class FinishReason : std::uint8_t { kStop, kLength, kContextFull, kCancelled };

struct Usage {
    std::size_t promptTokens = 0;
    std::size_t cachedTokens = 0;   ///< of the prompt, read earlier and not again
    std::size_t restoredTokens = 0; ///< of those, brought back from disk
    std::size_t completionTokens = 0;
    std::size_t contextLength = 0;
    std::uint64_t seed = 0;           ///< the one that was used
    std::uint64_t vocabularyHash = 0; ///< of the ids in TextDelta
};

struct Timings {
    double queueMs = 0;
    double prefillMs = 0;
    double timeToFirstTokenMs = 0;
    double decodeMs = 0;         ///< from the first generated token to the last
    Percentiles betweenTokensMs; ///< of every token after the first
};

struct Finished {
    FinishReason reason = FinishReason::kStop;
    Usage usage;
    Timings timings;
};

/// What a request tells its caller. Finished or Error is the last event, and there is exactly one of them.
using Event = std::variant<TextDelta, Progress, Finished, Error>;

/// Tokens of a request, per message, for showing what fills a context.
struct PromptUsage {
    std::vector<std::size_t> perMessage; ///< tokens that belong to each message's own content
    std::size_t templateTokens = 0;      ///< tokens that the template adds around them
    std::size_t total = 0;
    std::size_t contextLength = 0;
};

} // namespace alcuin::inference
