#pragma once

#include <QList>
#include <QString>

#include <memory>
#include <optional>

#include "chat/layout/control.h"
#include "chat/layout/flow.h"
#include "chat/layout/summarised.h"
#include "services/chat_values.h"

namespace alcuin::ui {

/// Where everything of a turn lies, from the turn's top left corner; null rectangles are absent. The actions' row is
/// always there, so that nothing moves when its buttons show.
struct TurnFrame {
    QRectF card;
    QRectF disclosure;
    QPointF reasoning;
    QPointF answer;
    QRectF ending;
    QRectF error;
    QPointF errorText;
    QRectF retry;
    QRectF chooseModel;
    QRectF footer;
    QRectF previous;
    QRectF branch;
    QRectF next;
    QRectF copy;
    QRectF edit;
    QRectF again;
    QRectF againWith;
    QRectF details;
    QRectF proceed;      ///< goes on with an answer that ended early
    QList<QRectF> files; ///< that came with a question
    QRectF summary;      ///< the line after turns that a summary stands for
    QRectF showSummary;
    QRectF undoSummary;
    double height = 0;
};

/// One message as it is shown. Its text is parsed and laid out only when it comes into view; until then its height is
/// a guess.
class Turn {
public:
    explicit Turn(const app::MessageView& view);
    ~Turn();

    const app::MessageView& view() const {
        return m_view;
    }
    bool isQuestion() const {
        return m_view.role == app::Role::kUser;
    }
    bool isStreaming() const {
        return m_view.state == app::MessageState::kStreaming;
    }

    /// Replaces what is known; text already shown is kept where the new one begins with it.
    void update(const app::MessageView& view);
    void setReading(qint64 done, qint64 total);
    /// Collects text; flush() shows it.
    void append(Part part, const QString& text);
    /// Returns the plain text that came into view's model, for a screen reader.
    bool flush();

    void setLook(const std::shared_ptr<const Look>& look, double width);
    double width() const {
        return m_width;
    }
    /// Where its words end; below them is room for buttons that are shown when they are wanted.
    double wordsBottom() const {
        return m_frame.copy.isEmpty() ? m_frame.height : m_frame.copy.top();
    }
    double height() const {
        return m_frame.height;
    }
    const TurnFrame& frame() const {
        return m_frame;
    }
    /// Lays out what lies between two heights of the turn. Returns true if something moved.
    bool measure(double from, double to);
    /// Gives back layouts and blocks; the height stays.
    void release();
    bool isLoaded() const {
        return m_content != nullptr;
    }

    bool isReasoningOpen() const {
        return m_open;
    }
    void setReasoningOpen(bool open);

    /// For the model a summary stands for the turns up to here.
    Summarised summarised() const {
        return m_summarised;
    }
    void setSummarised(Summarised summarised);

    /// The blocks of a part; parsed if they weren't. A closed reasoning has none.
    const markdown::Blocks& blocks(Part part);
    /// The same, of a closed reasoning too.
    const markdown::Blocks& documentBlocks(Part part);
    /// Null when the part isn't shown.
    Flow* flow(Part part);
    QPointF origin(Part part) const {
        return part == Part::kReasoning ? m_frame.reasoning : m_frame.answer;
    }

    /// What can be pressed, in reading order.
    QList<Control> controls();
    /// From the turn's corner. Lays the block out if needed; null for a control that isn't there.
    QRectF rectOf(const Control& control);
    /// Around characters of a block, laid out if needed; null when the part isn't shown.
    QRectF rectOf(Part part, int block, TextRange range);
    /// The address behind a link control.
    QString addressOf(const Control& control);

    /// The text that blocks [from, to) were read from; empty where it isn't known by block.
    QString sourceOf(Part part, int from, int to);

    /// What a screen reader reads: formulas in words.
    QString plainText();
    /// Where the answer begins in it.
    int answerOffset();
    int parsedBytes() const;

    const LaidText* endingText() const;
    const LaidText* errorText() const;
    const LaidText* summaryText() const;
    QString footerText() const;
    QString reasoningText() const;
    /// What was thought is written from the right: its line stands there.
    bool isReasoningMirrored() const;
    double disclosureTextWidth() const;

private:
    struct Content;
    void load();
    void guess();
    void arrange();
    double arrangeAnswer(double y);
    double arrangeError(double y);
    double arrangeProceed(double y);
    void arrangeQuestion();
    double arrangeFiles(double most);
    void arrangeSummary();
    void arrangeActions(double y);
    void layQuestion();

    app::MessageView m_view;
    std::shared_ptr<const Look> m_look;
    std::unique_ptr<Content> m_content;
    TurnFrame m_frame;
    QString m_pendingReasoning;
    QString m_pendingAnswer;
    double m_width = 0;
    qint64 m_readingDone = 0;
    qint64 m_readingTotal = 0;
    bool m_open = false;
    Summarised m_summarised = Summarised::kNot;
};

} // namespace alcuin::ui
