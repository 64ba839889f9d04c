#include "widgets/text_area.h"

#include <QEvent>
#include <QPainter>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <QTextOption>

#include <algorithm>

#include "theme/style.h"

namespace alcuin::ui {

namespace {
constexpr int kSearched = 256; ///< characters looked at for one that has a direction

bool hasDirection(const QChar& character) {
    const auto direction = character.direction();
    return direction == QChar::DirL || direction == QChar::DirR || direction == QChar::DirAL;
}
} // namespace

TextArea::TextArea(QWidget* parent) : QPlainTextEdit(parent) {
    connect(this, &QPlainTextEdit::textChanged, this, &TextArea::direct);
    direct();
}

void TextArea::setHint(const QString& hint) {
    m_hint = hint;
    viewport()->update();
}

void TextArea::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange) {
        direct();
    }
}

/// Qt gives all paragraphs of such a field one side, and never by itself the right one.
void TextArea::direct() {
    if (document()->isEmpty() || document()->characterCount() <= 2) {
        viewport()->update(); // the hint comes and goes
    }
    const QString written = toPlainText().left(kSearched);
    const auto* strong = std::find_if(written.cbegin(), written.cend(), hasDirection);
    const bool known = strong != written.cend();
    const bool mirrored = known ? strong->direction() != QChar::DirL : layoutDirection() == Qt::RightToLeft;
    QTextOption option = document()->defaultTextOption();
    const auto direction = known ? Qt::LayoutDirectionAuto : layoutDirection();
    const Qt::Alignment side = mirrored ? Qt::AlignRight : Qt::AlignLeft;
    if (option.textDirection() != direction || option.alignment() != side) {
        option.setTextDirection(direction);
        option.setAlignment(side);
        document()->setDefaultTextOption(option);
    }
}

void TextArea::inputMethodEvent(QInputMethodEvent* event) {
    QPlainTextEdit::inputMethodEvent(event);
    viewport()->update(); // what is composed takes the hint's place
}

void TextArea::paintEvent(QPaintEvent* event) {
    QPlainTextEdit::paintEvent(event);
    if (m_hint.isEmpty() || !document()->isEmpty() || !firstVisibleBlock().layout()->preeditAreaText().isEmpty()) {
        return;
    }
    QPainter painter(viewport());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.setLayoutDirection(m_hint.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    const int margin = static_cast<int>(document()->documentMargin());
    const int side = Qt::AlignAbsolute | (layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft);
    painter.drawText(viewport()->rect().adjusted(margin, margin, -margin, 0), Qt::AlignTop | side | Qt::TextWordWrap,
                     m_hint);
}

} // namespace alcuin::ui
