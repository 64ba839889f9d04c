#pragma once

#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QUuid>

#include <algorithm>
#include <optional>

namespace alcuin::app {

enum class Role { kSystem, kUser, kAssistant };

enum class MessageState { kComplete, kStreaming, kLength, kContextFull, kCancelled, kInterrupted, kFailed };

/// How fast an answer was; zeros mean not known (yet).
struct Measurements {
    qint64 promptTokens = 0;
    qint64 cachedTokens = 0; ///< of the prompt, read earlier and not again
    qint64 completionTokens = 0;
    qint64 contextLength = 0;
    double timeToFirstTokenMs = 0;
    double prefillTokensPerSecond = 0;
    double decodeTokensPerSecond = 0;
};

/// A file's text, as it goes along with a question.
struct Attachment {
    QString name;      ///< sanitised: one line, no folders
    QString mediaType; ///< "text/x-python"
    QString text;
    qint64 bytes = 0; ///< of the file

    bool operator==(const Attachment&) const = default;
};

/// What a person asks.
struct Question {
    Question() = default;
    Question(const QString& words, QList<Attachment> files = {}) : text(words), attachments(std::move(files)) {}

    QString text;
    QList<Attachment> attachments;

    bool operator==(const Question&) const = default;
};

/// How the next word is picked, and how far an answer may go.
struct Parameters {
    double temperature = 0.7;       ///< 0: always the likeliest word
    double topP = 0.95;             ///< 1: off
    double minP = 0.05;             ///< 0: off
    double repetitionPenalty = 1.0; ///< 1: off
    int topK = 40;                  ///< 0: off
    int maxTokens = -1;             ///< -1: until the context is full
    std::optional<quint64> seed;    ///< with one, the same question gets the same answer

    bool operator==(const Parameters&) const = default;
};

/// With what an answer is written once more. Empty: as the conversation has it.
struct AnswerOptions {
    std::optional<Parameters> parameters;
    QString modelPath;
};

/// How a conversation is answered. Empty: as its persona has it, and without one as usual.
struct ConversationSettings {
    QString modelPath;
    std::optional<Parameters> parameters;
    QString instructions;
    QUuid persona; ///< null: none

    bool operator==(const ConversationSettings&) const = default;
};

/// A question that waits for the answer before it.
struct Queued {
    QUuid id;
    Question question;

    bool operator==(const Queued&) const = default;
};

/// A summary that stands for the turns up to and including a message, wherever that is on the path.
struct CompactionView {
    QUuid id;
    QUuid lastMessage;
    QString summary;
    QString modelName; ///< that wrote it; empty: nobody did, it is the turns' own first sentences
    bool active = true;

    bool operator==(const CompactionView&) const = default;
};

/// One turn as the transcript shows it.
struct MessageView {
    QUuid id;
    Role role = Role::kUser;
    MessageState state = MessageState::kComplete;
    QString text;
    QString reasoning;
    qint64 reasoningDurationMs = 0;
    QString error; ///< kFailed: what went wrong, in words for a person
    QString modelName;
    QDateTime createdAt;
    Measurements measurements;
    QList<QUuid> siblings; ///< all branches at this place, this message included
    int siblingIndex = 0;
    QList<Attachment> attachments;
    bool edited = false;                 ///< an answer that a person rewrote
    bool canContinue = false;            ///< it ended before it was done, and nothing follows it
    QString parameters;                  ///< answers: what differs from the defaults, in words; empty: nothing does
    std::optional<Parameters> askedWith; ///< answers: the parameters themselves; none: not known
    /// Answers: what their words were drawn with, given or not; 0: nothing was drawn, or not from one seed alone.
    quint64 seed = 0;
};

/// What the tokens of a prompt are spent on.
enum class LedgerKind { kInstructions, kSummary, kFile, kTurn, kTemplate, kDraft };

struct LedgerEntry {
    LedgerKind kind = LedgerKind::kTurn;
    QString name; ///< the file's, or the turn's first words
    qint64 tokens = 0;
    QUuid message; ///< that it stands in; null: in none that is stored

    bool operator==(const LedgerEntry&) const = default;
};

/// Prompts that leave fewer tokens than this for the answer aren't sent: an answer of a few words helps nobody.
constexpr qint64 kLeastAnswerTokens = 16;

/// What fills a context, in tokens. The sums are those of the entries.
struct Ledger {
    qint64 instructions = 0;
    qint64 files = 0;        ///< of earlier turns and of the draft
    qint64 conversation = 0; ///< earlier turns without their files, and the summary of others
    qint64 templateTokens = 0;
    qint64 draft = 0; ///< the words in the composer, without its files
    qint64 answerReserve = 0;
    qint64 contextLength = 0;   ///< 0: not known, as no model is loaded
    QList<LedgerEntry> entries; ///< in the order of the prompt; the template's last
    bool estimated = false;     ///< reckoned from lengths, as no model is there to count

    qint64 used() const {
        return instructions + files + conversation + templateTokens + draft;
    }
    /// What is left beyond the reserve for an answer; negative: that much of the reserve is taken.
    qint64 room() const {
        return contextLength - used() - answerReserve;
    }
    /// How many tokens are too many to be asked at all; 0: it fits.
    qint64 excess() const {
        return contextLength <= 0 ? 0 : std::max<qint64>(0, used() + kLeastAnswerTokens - contextLength);
    }
    bool operator==(const Ledger&) const = default;
};

/// Why something wasn't asked: it and what goes with it leave no room for an answer. Nothing was left out, nothing was
/// stored.
struct ContextFull {
    enum class Asked {
        kQuestion,    ///< new or edited
        kWaiting,     ///< a question that waited for the answer before it
        kAgain,       ///< another answer to a question
        kContinuation ///< more of an answer
    };
    Asked asked = Asked::kQuestion;
    QUuid message; ///< the question edited, or the answer written anew or continued; null: it follows the last turn
    Ledger ledger; ///< its excess isn't 0
    bool fitsWithoutFiles = false; ///< the question without its own files fits
};

struct ConversationSummary {
    QUuid id;
    QString title; ///< never empty
    QDateTime updatedAt;
    bool answering = false;
    QUuid folder; ///< null: in none
    bool pinned = false;
    bool archived = false;
};

/// A model file the user can choose.
struct ModelEntry {
    QString path;
    QString name;
    QString architecture;
    QString quantization;
    qint64 fileBytes = 0;
    qint64 contextLength = 0;
    Parameters parameters; ///< as its makers advise; used where nobody says otherwise
    QString problem;       ///< not empty: why it can't be used, in words for a person
};

enum class EngineState { kNoModel, kLoading, kReady, kFailed };

/// What an error card says, and what its button does.
struct Trouble {
    enum class Action { kNone, kRetry, kChooseModel, kFirstSentences };
    QString title; ///< what happened, to what
    QString text;  ///< why, and what to do
    Action action = Action::kNone;
};

} // namespace alcuin::app

Q_DECLARE_METATYPE(alcuin::app::Attachment)
Q_DECLARE_METATYPE(alcuin::app::Question)
Q_DECLARE_METATYPE(alcuin::app::ConversationSettings)
Q_DECLARE_METATYPE(alcuin::app::Queued)
Q_DECLARE_METATYPE(alcuin::app::CompactionView)
Q_DECLARE_METATYPE(alcuin::app::Ledger)
Q_DECLARE_METATYPE(alcuin::app::ContextFull)
Q_DECLARE_METATYPE(alcuin::app::MessageView)
Q_DECLARE_METATYPE(alcuin::app::ConversationSummary)
Q_DECLARE_METATYPE(alcuin::app::ModelEntry)
Q_DECLARE_METATYPE(alcuin::app::Trouble)
