#pragma once

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

#include <alcuin/inference/error.h>

#include "services/chat_values.h"
#include "services/compaction_plan.h"
#include "services/request_builder.h"
#include "services/summary_text.h"

namespace alcuin::inference {
class TextEngine;
}

namespace alcuin::app {

class BackgroundAnswer;
class PromptCounter;
class WorkThread;

enum class SummaryMeans : int { kModel, kFirstSentences /**< asks no model for anything */ };

/// Writes one summary of the earlier turns of a path. A model is asked for the whole first, piece by piece where the
/// turns can't be read at once. What it writes is held against the talk; where it says nothing of it, or where a turn
/// can't be read at once, the model is asked for a sentence about each turn, and a turn that it has nothing to say
/// about is kept in its own first sentences. A text that was cut off at its limit ends with its last whole sentence.
/// Lives on the GUI thread; destroying it gives it up.
class SummaryJob : public QObject {
    Q_OBJECT
public:
    /// `input` is the whole path, without a draft.
    SummaryJob(std::shared_ptr<inference::TextEngine> engine, PromptInput input, SummaryMeans means,
               std::shared_ptr<PromptCounter> counter, WorkThread& counting, QObject* parent);
    ~SummaryJob() override;

    void begin();

signals:
    /// Entries of the path read so far, of those that the summary will stand for.
    void progressed(qint64 done, qint64 total);
    /// Once, instead of `failed`. `byModel` is false where no model wrote a word of it.
    void written(const alcuin::app::PromptSummary& summary, bool byModel);
    void failed(const alcuin::app::Trouble& trouble);

private:
    void count();
    void writeWhole();
    void takeWhole(const QString& text, bool whole);
    void beginNotes();
    void writeNotes();
    void takeNote(const QString& text, bool whole);
    void end();
    /// Asks; `taken` is called with what was written, with nothing where the prompt turned out too long.
    template <typename Taken>
    void ask(PromptInput input, qint64 mostTokens, Taken taken);
    qsizetype charactersIn(qint64 tokens) const;

    std::shared_ptr<inference::TextEngine> m_engine;
    PromptInput m_input; ///< its summary grows piece by piece
    SummaryMeans m_means;
    std::shared_ptr<PromptCounter> m_counter;
    WorkThread& m_counting;
    std::optional<PromptSummary> m_before; ///< the summary that stood before
    CompactionPlan m_plan;
    InstructionsPlace m_place = InstructionsPlace::kSystemMessage;
    qint64 m_contextLength = 0;
    double m_charactersPerToken = 3;
    QList<TurnNote> m_turns; ///< in full
    QList<TurnNote> m_notes;
    std::unique_ptr<BackgroundAnswer> m_answer;
};

} // namespace alcuin::app
