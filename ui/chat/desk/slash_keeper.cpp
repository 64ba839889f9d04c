#include "chat/desk/slash_keeper.h"

#include <QEvent>
#include <QKeyEvent>

#include <algorithm>

#include "chat/composer.h"
#include "chat/composer_edit.h"
#include "chat/desk/slash_menu.h"
#include "chat/library/library_dialog.h"
#include "services/library_service.h"
#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kInset = 8;         ///< from the composer's edges
constexpr int kDetailChars = 120; ///< more of a snippet doesn't fit beside its name

const QString kAttachCommand = QStringLiteral("attach");
const QString kPanelCommand = QStringLiteral("panel");
const QString kSnippetsCommand = QStringLiteral("snippets");
} // namespace

SlashKeeper::SlashKeeper(const Services& services, const Theme& theme, Composer& composer, SlashMenu& menu,
                         QObject* parent)
    : QObject(parent), m_services(services), m_theme(theme), m_composer(composer), m_menu(menu) {
    composer.installEventFilter(this);
    composer.field().installEventFilter(this);
    connect(&composer, &Composer::slashRequested, this, &SlashKeeper::toggle);
    connect(&composer.field(), &ComposerEdit::slashChanged, this, &SlashKeeper::follow);
    connect(&menu, &SlashMenu::chosen, this, &SlashKeeper::choose);
    connect(&menu, &SlashMenu::placeNeeded, this, &SlashKeeper::place);
    connect(&services.library, &app::LibraryService::snippetsChanged, this, &SlashKeeper::fill);
    connect(&services.library, &app::LibraryService::personasChanged, this, &SlashKeeper::fill);
    fill();
}

void SlashKeeper::toggle() {
    m_composer.focusText();
    if (m_menu.isVisible()) {
        m_menu.hide();
    } else {
        fill();
        m_menu.open({});
    }
}

void SlashKeeper::fill() {
    QList<SlashChoice> choices;
    for (const auto& snippet : m_services.library.snippets()) {
        choices.append({SlashChoice::Kind::kSnippet,
                        snippet.id,
                        snippet.name,
                        snippet.text.simplified().left(kDetailChars),
                        {},
                        Icon::kSnippet});
    }
    for (const auto& persona : m_services.library.personas()) {
        choices.append({SlashChoice::Kind::kPersona,
                        persona.id,
                        persona.name,
                        persona.instructions.simplified().left(kDetailChars),
                        {},
                        Icon::kPersona});
    }
    choices.append({SlashChoice::Kind::kCommand, {}, tr("Attach files…"), {}, kAttachCommand, Icon::kAttach});
    choices.append(
        {SlashChoice::Kind::kCommand, {}, tr("Settings of this conversation"), {}, kPanelCommand, Icon::kParameters});
    choices.append(
        {SlashChoice::Kind::kCommand, {}, tr("Write and change snippets…"), {}, kSnippetsCommand, Icon::kEdit});
    m_menu.setChoices(choices);
}

/// What stands behind the slash is another.
void SlashKeeper::follow() {
    const auto words = m_composer.field().slashWords();
    if (!words) {
        close();
    } else if (!m_menu.open(*words)) {
        m_composer.field().endSlash(); // nothing begins so: it is only text
    }
}

void SlashKeeper::close() {
    m_menu.hide();
    m_composer.field().endSlash();
}

void SlashKeeper::place() {
    const QPoint top = m_composer.mapTo(m_menu.parentWidget(), QPoint(0, 0));
    const QSize wanted = m_menu.sizeHint();
    const int width = std::min(wanted.width(), m_composer.width() - 2 * kInset);
    const bool mirrored = m_composer.layoutDirection() == Qt::RightToLeft;
    const int left = mirrored ? top.x() + m_composer.width() - kInset - width : top.x() + kInset;
    const int room = std::max(0, top.y() - Space::k1);
    if (const int tooMuch = wanted.height() - room; tooMuch > 0) { // what there is no room for is scrolled to
        m_menu.list().setFixedHeight(std::max(0, m_menu.list().height() - tooMuch));
    }
    const int height = std::min(wanted.height(), room);
    m_menu.setGeometry(left, room - height, width, height);
}

void SlashKeeper::choose(const SlashChoice& choice) {
    ComposerEdit& field = m_composer.field();
    if (choice.kind == SlashChoice::Kind::kSnippet) {
        const auto& snippets = m_services.library.snippets();
        const auto found =
            std::find_if(snippets.cbegin(), snippets.cend(), [&](const auto& s) { return s.id == choice.id; });
        field.insertChosen(found == snippets.cend() ? QString() : found->text);
        return;
    }
    field.insertChosen({});
    if (choice.kind == SlashChoice::Kind::kPersona) {
        emit personaChosen(choice.id);
    } else if (choice.command == kAttachCommand) {
        emit filesRequested();
    } else if (choice.command == kPanelCommand) {
        emit panelRequested();
    } else {
        openSnippets();
    }
}

void SlashKeeper::openSnippets() {
    auto* dialog = new LibraryDialog(app::LibraryService::Kind::kSnippet, m_services.library, m_theme, &m_composer);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

bool SlashKeeper::eventFilter(QObject* watched, QEvent* event) {
    if (m_menu.isVisible()) {
        if (watched == &m_composer && event->type() == QEvent::Resize) {
            place();
        } else if (watched == &m_composer.field() && filterKeys(*event)) {
            return true;
        }
    }
    return QObject::eventFilter(watched, event);
}

/// While the choice is open, the keys that move in it are its own, though the keyboard is in the composer.
bool SlashKeeper::filterKeys(QEvent& event) {
    if (event.type() == QEvent::ShortcutOverride && static_cast<QKeyEvent&>(event).key() == Qt::Key_Escape) {
        event.accept();
        return true;
    }
    if (event.type() == QEvent::KeyPress && m_menu.takeKey(static_cast<QKeyEvent&>(event))) {
        if (!m_menu.isVisible()) {
            m_composer.field().endSlash();
        }
        return true;
    }
    if (event.type() == QEvent::FocusOut) {
        close();
    }
    return false;
}

} // namespace alcuin::ui
