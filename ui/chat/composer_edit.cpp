#include "chat/composer_edit.h"

#include <QDragEnterEvent>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <QUrl>

#include <algorithm>

namespace alcuin::ui {

ComposerEdit::ComposerEdit(QWidget* parent) : TextArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(2);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            &ComposerEdit::fitHeight);
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        if (!m_slash.isNull()) {
            emit slashChanged();
        }
    });
}

void ComposerEdit::setMaximumTextHeight(int pixels) {
    if (pixels != m_maximumHeight) {
        m_maximumHeight = pixels;
        fitHeight();
    }
}

void ComposerEdit::fitHeight() {
    const QSize wanted = sizeHint();
    if (wanted.height() != height()) {
        setFixedHeight(wanted.height());
        updateGeometry();
    }
    const bool scrolls = wanted.height() >= m_maximumHeight;
    setVerticalScrollBarPolicy(scrolls ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
}

QSize ComposerEdit::sizeHint() const {
    // The layout of plain text counts its height in lines.
    const double lines = std::max(1.0, document()->documentLayout()->documentSize().height());
    const double text = lines * fontMetrics().lineSpacing() + 2 * document()->documentMargin();
    const int least = fontMetrics().lineSpacing() + 8;
    return {200, std::clamp(static_cast<int>(text) + 4, least, std::max(least, m_maximumHeight))};
}

QSize ComposerEdit::minimumSizeHint() const {
    return {80, fontMetrics().lineSpacing() + 8};
}

void ComposerEdit::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!enter) {
        const bool slash = event->text() == QLatin1String("/") && !m_composing && !textCursor().hasSelection() &&
                           textCursor().block().text().isEmpty();
        QPlainTextEdit::keyPressEvent(event);
        if (slash && textCursor().block().text() == QLatin1String("/")) {
            m_slash = textCursor();
            m_slash.setKeepPositionOnInsert(true);
            emit slashChanged();
        }
        return;
    }
    if (m_composing) {
        event->accept(); // the input method commits; nothing is sent and no line is broken
        return;
    }
    if ((event->modifiers() & Qt::ShiftModifier) != 0) {
        textCursor().insertBlock();
        ensureCursorVisible();
        event->accept();
        return;
    }
    emit sendRequested();
    event->accept();
}

void ComposerEdit::inputMethodEvent(QInputMethodEvent* event) {
    m_composing = !event->preeditString().isEmpty();
    TextArea::inputMethodEvent(event);
}

void ComposerEdit::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

std::optional<QString> ComposerEdit::slashWords() const {
    if (m_slash.isNull()) {
        return {};
    }
    const QTextBlock block = m_slash.block();
    const QString line = block.text();
    const int at = m_slash.positionInBlock();
    const QTextCursor cursor = textCursor();
    if (at != 1 || !line.startsWith(QLatin1Char('/')) || cursor.block() != block || cursor.positionInBlock() < at) {
        return {};
    }
    return line.mid(at, cursor.positionInBlock() - at);
}

void ComposerEdit::endSlash() {
    if (!m_slash.isNull()) {
        m_slash = {};
        emit slashChanged();
    }
}

void ComposerEdit::insertChosen(const QString& text) {
    QTextCursor cursor = textCursor();
    if (slashWords()) {
        cursor.setPosition(m_slash.position() - 1, QTextCursor::KeepAnchor);
    }
    m_slash = {};
    cursor.insertText(text);
    setTextCursor(cursor);
    ensureCursorVisible();
    emit slashChanged();
}

/// Files are dropped on the window, which says what dropping does.
void ComposerEdit::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) {
        event->ignore();
    } else {
        QPlainTextEdit::dragEnterEvent(event);
    }
}

void ComposerEdit::dragMoveEvent(QDragMoveEvent* event) {
    if (event->mimeData()->hasUrls()) {
        event->ignore();
    } else {
        QPlainTextEdit::dragMoveEvent(event);
    }
}

bool ComposerEdit::canInsertFromMimeData(const QMimeData* source) const {
    return source->hasText() || source->hasUrls() || source->hasImage();
}

void ComposerEdit::insertFromMimeData(const QMimeData* source) {
    QStringList paths;
    for (const QUrl& url : source->urls()) {
        if (url.isLocalFile()) {
            paths += url.toLocalFile();
        }
    }
    if (!paths.isEmpty()) {
        emit filesPasted(paths);
    } else if (source->hasImage() && !source->hasText()) {
        emit picturePasted();
    } else if (source->hasText()) {
        textCursor().insertText(source->text());
        ensureCursorVisible();
    }
}

} // namespace alcuin::ui
