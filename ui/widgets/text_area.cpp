#include "widgets/text_area.h"

#include <QEvent>
#include <QTextDocument>
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
    direct();
}

void TextArea::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange) {
        direct();
    }
}

/// Qt gives all paragraphs of such a field one side, and never by itself the right one.
void TextArea::direct() {
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
    if (const QString hint = readIn(layoutDirection(), m_hint); hint != placeholderText()) {
        setPlaceholderText(hint);
    }
}

} // namespace alcuin::ui
