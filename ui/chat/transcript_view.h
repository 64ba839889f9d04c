#pragma once

#include <QAbstractScrollArea>
#include <QHash>
#include <QList>
#include <QRect>
#include <QSet>
#include <QString>
#include <QUrl>
#include <QUuid>

#include <memory>
#include <optional>

#include "chat/layout/summarised.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class Theme;
struct PaperConversation;

/// The turns of one conversation: its own scroll area over a virtualised list of Markdown blocks. Selection runs
/// across blocks and turns. While an answer streams only its last block is parsed again, and the view follows the end
/// only if it was at the end. Images are never loaded; a link is only reported.
class TranscriptView : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TranscriptView(const Theme& theme, QWidget* parent = nullptr);
    ~TranscriptView() override;

    /// Shows these turns instead of what was shown. A turn that was there unchanged is not laid out again.
    void setPath(const QList<app::MessageView>& path);
    void clear();

    /// What happens to the answer being written.
    void setReading(const QUuid& answer, qint64 done, qint64 total);
    void appendReasoning(const QUuid& answer, const QString& text);
    void appendAnswer(const QUuid& answer, const QString& text);
    void finish(const app::MessageView& answer);

    /// Messages up to which, for the model, something else stands for the turns: each has a line that says what.
    void setSummarised(const QHash<QUuid, Summarised>& messages);
    /// What is shown of a message; none: it isn't here.
    std::optional<app::MessageView> message(const QUuid& message) const;

    /// Whether the buttons that start an answer (regenerate, edit) can be used now.
    void setActionsEnabled(bool enabled);

    /// Whether the last words are in view.
    bool isAtEnd() const;
    void jumpToEnd();

    QString selectedText() const;
    /// Puts it on the clipboard as plain text, HTML and Markdown.
    void copySelection() const;
    /// Puts the Markdown it was made from on the clipboard as text.
    void copySelectionAsMarkdown() const;
    void selectAll();

    /// What is shown, for paper: with the thinking that is open.
    PaperConversation paperConversation(const QString& title) const;

    /// The bar that one looks for words with; opening it again goes to its field.
    void showFind();
    void hideFind();
    bool isFindShown() const;
    /// Opens the bar and looks for the text.
    void find(const QString& text);
    /// The next or previous match; opens the bar if it isn't there.
    void findNext();
    void findPrevious();
    /// So far: a long conversation is looked through while one works on.
    int matchCount() const;
    /// Shows the message where the text stands in it, and selects it; its beginning without text. False: it isn't here.
    bool scrollTo(const QUuid& message, const QString& text = {});

signals:
    void editRequested(const QUuid& question, const QString& text);
    void editAnswerRequested(const QUuid& answer, const QString& text);
    void regenerateRequested(const QUuid& answer);
    /// `area`, of the viewport, is where it was asked for.
    void regenerateWithRequested(const QUuid& answer, const QRect& area);
    void continueRequested(const QUuid& answer);
    void detailsRequested(const QUuid& answer, const QRect& area);
    /// To be shown: a file that came with a question.
    void fileRequested(const QUuid& question, int file);
    void summaryRequested(const QUuid& lastMessage);
    void undoSummaryRequested(const QUuid& lastMessage);
    void branchRequested(const QUuid& message);
    /// The user followed a link; it was not opened. Only http, https and mailto come through here.
    void linkActivated(const QUrl& url);
    void chooseModelRequested();
    /// The user wants to keep a block of code; the name is a proposal, without a folder.
    void saveCodeRequested(const QString& code, const QString& fileName);
    void atEndChanged(bool atEnd);

protected:
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void changeEvent(QEvent* event) override;

private:
    struct Private;
    friend struct TranscriptAccess;
    std::unique_ptr<Private> d;
};

} // namespace alcuin::ui
