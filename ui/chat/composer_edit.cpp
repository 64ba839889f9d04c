#include "chat/composer_edit.h"

#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>

#include <algorithm>

namespace alcuin::ui {

ComposerEdit::ComposerEdit(QWidget* parent) : QPlainTextEdit(parent) {
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
        QPlainTextEdit::keyPressEvent(event);
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
    QPlainTextEdit::inputMethodEvent(event);
}

void ComposerEdit::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

bool ComposerEdit::canInsertFromMimeData(const QMimeData* source) const {
    return source->hasText() && !source->hasUrls();
}

void ComposerEdit::insertFromMimeData(const QMimeData* source) {
    if (source->hasText()) {
        textCursor().insertText(source->text());
        ensureCursorVisible();
    }
}

} // namespace alcuin::ui
