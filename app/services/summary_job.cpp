#include "services/summary_job.h"

#include <algorithm>
#include <utility>

#include <alcuin/inference/text_engine.h>

#include "services/background_answer.h"
#include "services/parameters.h"
#include "services/prompt_counting.h"
#include "services/record_conversion.h"
#include "services/trouble.h"
#include "services/work_thread.h"

namespace alcuin::app {

namespace {

constexpr qint64 kLeastNoteTokens = 32;
constexpr qint64 kMostNoteTokens = 96;
constexpr qint64 kNoteQuestionTokens = 96; ///< what is said around a turn, and the template, generously
constexpr qsizetype kShortAnswer = 160;    ///< characters: about what a note of one sentence has
constexpr double kSafety = 0.8;            ///< texts differ in how many characters a token has
constexpr double kShorter = 0.9;           ///< of the turns' length: a longer summary makes no room

} // namespace

SummaryJob::SummaryJob(std::shared_ptr<inference::TextEngine> engine, PromptInput input, SummaryMeans means,
                       std::shared_ptr<PromptCounter> counter, WorkThread& counting, QObject* parent)
    : QObject(parent)
    , m_engine(std::move(engine))
    , m_input(std::move(input))
    , m_means(means)
    , m_counter(std::move(counter))
    , m_counting(counting)
    , m_before(m_input.summary) {
    m_input.draft.clear();
}

SummaryJob::~SummaryJob() = default;

void SummaryJob::begin() {
    count();
}

/// Finds out what is to be covered, and how much of it can be read next.
void SummaryJob::count() {
    m_counting.run(
        [counter = m_counter, engine = m_engine, input = m_input] { return counter->count(*engine, input); }, this,
        [this](const inference::Result<CountedPrompt>& counted) {
            if (!counted) {
                emit failed(toTrouble(counted.error()));
                return;
            }
            const auto plan = planCompaction(m_input, counted->ledger);
            if (!plan) {
                emit failed({tr("There is nothing that a summary could stand for"),
                             tr("No question before the last one was answered yet."), Trouble::Action::kNone});
                return;
            }
            m_place = counted->place;
            if (m_plan.covered == 0) { // what is to be covered in the end is decided by the first count
                m_plan = *plan;
                m_contextLength = counted->ledger.contextLength;
                m_charactersPerToken = charactersPerToken(m_input, counted->ledger);
            }
            m_plan.next = std::min(plan->next, m_plan.covered);
            emit progressed(static_cast<qint64>(plan->begin), static_cast<qint64>(m_plan.covered));
            if (m_means == SummaryMeans::kFirstSentences || m_plan.next == 0) {
                beginNotes();
            } else {
                writeWhole();
            }
        });
}

template <typename Taken>
void SummaryJob::ask(PromptInput input, qint64 mostTokens, Taken taken) {
    input.keepsState = false;
    auto& parameters = input.parameters.emplace();
    parameters.temperature = 0;
    parameters.maxTokens = static_cast<int>(mostTokens);
    auto request = buildRequest(input, m_place);
    request.priority = inference::Priority::kNormal;
    if (m_engine->capabilities().reasoning) {
        request.templateVariablesJson = R"({"enable_thinking":false})";
    }
    auto handle = m_engine->submit(std::move(request));
    if (!handle) {
        emit failed(toTrouble(handle.error()));
        return;
    }
    m_answer = std::make_unique<BackgroundAnswer>(m_engine, std::move(*handle));
    connect(m_answer.get(), &BackgroundAnswer::written, this, [this, taken](const QString& text, bool whole) {
        m_answer.release()->deleteLater(); // it is what calls
        taken(text.trimmed(), whole);
    });
    connect(m_answer.get(), &BackgroundAnswer::grown, this, [this, taken](const QString& text) {
        if (repeatsItself(wholeSentences(text))) { // it won't end before its limit
            m_answer->disconnect(this);
            m_answer.release()->deleteLater();
            taken(text, true);
        }
    });
    connect(m_answer.get(), &BackgroundAnswer::failed, this, [this, taken](const inference::Error& error) {
        m_answer.release()->deleteLater();
        if (error.code == inference::ErrorCode::kContextFull) {
            taken(QString(), true);
        } else {
            emit failed(toTrouble(error));
        }
    });
}

void SummaryJob::writeWhole() {
    PromptInput input = m_input;
    input.path.resize(m_plan.next);
    input.draft = toParts(summaryQuestion());
    ask(std::move(input), summaryTokens(m_contextLength),
        [this](const QString& text, bool whole) { takeWhole(text, whole); });
}

void SummaryJob::takeWhole(const QString& text, bool whole) {
    const QString kept = whole ? text : wholeSentences(text);
    if (!isSummaryOf(m_input, m_plan, kept)) {
        beginNotes();
        return;
    }
    const QString marked = whole ? kept : kept + QLatin1Char('\n') + cutOffMark();
    m_input.summary = PromptSummary{m_input.path.at(m_plan.next - 1).message.id, marked.toStdString()};
    emit progressed(static_cast<qint64>(m_plan.next), static_cast<qint64>(m_plan.covered));
    if (m_plan.next < m_plan.covered) {
        count();
    } else {
        emit written(*m_input.summary, true);
    }
}

/// Turn by turn, from where the summary before ends.
void SummaryJob::beginNotes() {
    m_input.summary = m_before;
    m_turns = turnsOf(m_input, m_plan);
    m_notes.clear();
    writeNotes();
}

/// Goes on until a model has to be asked or all turns are there.
void SummaryJob::writeNotes() {
    while (m_notes.size() < m_turns.size()) {
        const auto& turn = m_turns.at(m_notes.size());
        if (m_means == SummaryMeans::kModel && turn.answered.size() > kShortAnswer) {
            const qint64 most = std::clamp(summaryTokens(m_contextLength) * 2 / (3 * m_turns.size()), kLeastNoteTokens,
                                           kMostNoteTokens);
            PromptInput input;
            input.draft = toParts(noteQuestion(turn, charactersIn(m_contextLength - most - kNoteQuestionTokens) / 2));
            ask(std::move(input), most, [this](const QString& text, bool whole) { takeNote(text, whole); });
            return;
        }
        m_notes.append(turn);
    }
    end();
}

void SummaryJob::takeNote(const QString& text, bool whole) {
    TurnNote note = m_turns.at(m_notes.size());
    const QString kept = whole ? text : wholeSentences(text);
    if (isNoteOf(note, kept)) {
        note.answered = kept;
        note.byModel = true;
    }
    m_notes.append(note);
    const auto entries = static_cast<qint64>(m_plan.covered - m_plan.begin);
    emit progressed(static_cast<qint64>(m_plan.begin) + entries * m_notes.size() / m_turns.size(),
                    static_cast<qint64>(m_plan.covered));
    writeNotes();
}

void SummaryJob::end() {
    const bool byModel =
        std::any_of(m_notes.cbegin(), m_notes.cend(), [](const TurnNote& note) { return note.byModel; });
    if (m_means == SummaryMeans::kModel && !byModel) {
        emit failed(
            {tr("The model wrote no summary"),
             tr("What it wrote says nothing of the conversation, so nothing was changed. The first sentences of "
                "each turn can stand for it instead, without a model."),
             Trouble::Action::kFirstSentences});
        return;
    }
    const QString before = m_before ? QString::fromStdString(m_before->text) : QString();
    const auto length = lengthOf(m_input, m_plan) + before.size();
    const QString text = joinNotes(before, m_notes, charactersIn(summaryTokens(m_contextLength)));
    if (static_cast<double>(text.size()) > kShorter * static_cast<double>(length)) {
        emit failed({tr("A summary would make no room"), tr("The turns are hardly longer than their first sentences."),
                     Trouble::Action::kNone});
        return;
    }
    emit written({m_input.path.at(m_plan.covered - 1).message.id, text.toStdString()}, byModel);
}

qsizetype SummaryJob::charactersIn(qint64 tokens) const {
    return static_cast<qsizetype>(static_cast<double>(std::max<qint64>(0, tokens)) * m_charactersPerToken * kSafety);
}

} // namespace alcuin::app
