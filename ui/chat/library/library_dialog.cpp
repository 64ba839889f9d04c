#include "chat/library/library_dialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/dialog_room.h"
#include "widgets/label.h"
#include "widgets/text_area.h"

namespace alcuin::ui {

namespace {
constexpr int kListWidth = 200;
constexpr QSize kSize(680, 440);

const app::Persona* personaOf(const app::LibraryService& library, const QUuid& id) {
    const auto& all = library.personas();
    const auto found = std::find_if(all.cbegin(), all.cend(), [&](const auto& p) { return p.id == id; });
    return found == all.cend() ? nullptr : &*found;
}

const app::Snippet* snippetOf(const app::LibraryService& library, const QUuid& id) {
    const auto& all = library.snippets();
    const auto found = std::find_if(all.cbegin(), all.cend(), [&](const auto& s) { return s.id == id; });
    return found == all.cend() ? nullptr : &*found;
}
} // namespace

LibraryDialog::LibraryDialog(app::LibraryService::Kind kind, app::LibraryService& library, const Theme& theme,
                             QWidget* parent)
    : QDialog(parent)
    , m_kind(kind)
    , m_library(library)
    , m_list(new QListWidget(this))
    , m_none(new Label(theme, FontRole::kControl, &Colors::ink2, m_list->viewport()))
    , m_name(new QLineEdit(this))
    , m_text(new TextArea(this))
    , m_remove(new QPushButton(makeIcon(Icon::kTrash, theme), tr("Remove"), this))
    , m_undo(new QPushButton(makeIcon(Icon::kUndo, theme), tr("Undo removing"), this))
    , m_hint(new Label(theme, FontRole::kSecondary, &Colors::ink2, this)) {
    setWindowTitle(isSnippets() ? tr("Snippets") : tr("Personas"));
    m_list->setAccessibleName(windowTitle());
    m_list->installEventFilter(this);
    m_none->setText(isSnippets() ? tr("No snippets yet") : tr("No personas yet"));
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    auto* middle = new QVBoxLayout(m_list->viewport());
    middle->addWidget(m_none);
    connect(m_name, &QLineEdit::textChanged, this, &LibraryDialog::alignName);
    alignName();
    m_name->setPlaceholderText(tr("Name"));
    m_name->setAccessibleName(tr("Name"));
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(isSnippets() ? tr("Text") : tr("Instructions"));
    m_text->setHint(isSnippets() ? tr("The text that is put into the composer")
                                 : tr("Who the model is, how it answers, what it should know"));
    m_hint->setText(isSnippets() ? tr("Type / on an empty line of the composer to use one.")
                                 : tr("Type / on an empty line of the composer to take one on. A conversation's own "
                                      "settings can be saved as a persona, with their model and parameters."));
    m_hint->setWordWrap(true);
    m_undo->hide();
    buildLayout(theme);
    connect(m_list, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (!m_filling && item != nullptr) {
            const QUuid id = item->data(Qt::UserRole).toUuid();
            keep();
            show(id);
        }
    });
    connect(m_remove, &QPushButton::clicked, this, &LibraryDialog::removeShown);
    connect(m_undo, &QPushButton::clicked, this, [this] {
        m_undo->hide();
        keep();
        m_new = false;
        m_wanted = m_removed;
        m_library.undoRemove(m_kind, std::exchange(m_removed, {}));
        m_list->setFocus(Qt::OtherFocusReason);
    });
    const auto changed = isSnippets() ? &app::LibraryService::snippetsChanged : &app::LibraryService::personasChanged;
    connect(&library, changed, this, &LibraryDialog::fill);
    const double share = std::clamp(theme.zoom(), 1.0, 1.6);
    resize((kSize * share).boundedTo(roomForDialog(*this)));
    fill();
    if (m_list->count() == 0) {
        addNew();
    }
}

/// As in the field below: what is written goes by its own script, the hint by the window.
void LibraryDialog::alignName() {
    const QString text = m_name->text();
    const bool mirrored = text.isEmpty() ? layoutDirection() == Qt::RightToLeft : text.isRightToLeft();
    m_name->setAlignment(Qt::AlignAbsolute | (mirrored ? Qt::AlignRight : Qt::AlignLeft));
}

bool LibraryDialog::isSnippets() const {
    return m_kind == app::LibraryService::Kind::kSnippet;
}

void LibraryDialog::buildLayout(const Theme& theme) {
    auto* add =
        new QPushButton(makeIcon(Icon::kPlus, theme), isSnippets() ? tr("New snippet") : tr("New persona"), this);
    add->setAutoDefault(false);
    m_remove->setAutoDefault(false);
    m_undo->setAutoDefault(false);
    m_list->setFixedWidth(static_cast<int>(kListWidth * std::clamp(theme.zoom(), 1.0, 1.6)));
    auto* left = new QVBoxLayout;
    left->addWidget(m_list, 1);
    left->addWidget(add);
    auto* right = new QVBoxLayout;
    right->addWidget(m_name);
    right->addWidget(m_text, 1);
    right->addWidget(m_hint);
    auto* both = new QHBoxLayout;
    both->setSpacing(Space::k3);
    both->addLayout(left);
    both->addLayout(right, 1);
    auto* close = new QPushButton(tr("Done"), this);
    close->setDefault(true);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_remove);
    bottom->addWidget(m_undo);
    bottom->addStretch(1);
    bottom->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Space::k4, Space::k4, Space::k4, Space::k4);
    column->setSpacing(Space::k3);
    column->addLayout(both, 1);
    column->addLayout(bottom);
    connect(add, &QPushButton::clicked, this, &LibraryDialog::addNew);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

void LibraryDialog::fill() {
    const QScopedValueRollback guard(m_filling, true);
    const QUuid before = m_wanted.isNull() ? m_shown : m_wanted;
    m_list->clear();
    const auto add = [&](const QUuid& id, const QString& name) {
        auto* item = new QListWidgetItem(name, m_list);
        item->setData(Qt::UserRole, id);
        if (id == before) {
            m_list->setCurrentItem(item);
        }
    };
    if (isSnippets()) {
        for (const auto& snippet : m_library.snippets()) {
            add(snippet.id, snippet.name);
        }
    } else {
        for (const auto& persona : m_library.personas()) {
            add(persona.id, persona.name);
        }
    }
    m_none->setVisible(m_list->count() == 0);
    if (m_new) {
        return; // what is being written stays
    }
    if (m_list->currentItem() == nullptr && m_list->count() > 0) {
        m_list->setCurrentRow(0);
    }
    const auto* current = m_list->currentItem();
    const QUuid id = current != nullptr ? current->data(Qt::UserRole).toUuid() : QUuid();
    if (id == m_wanted) {
        m_wanted = {};
    }
    if (id != m_shown || m_name->text().isEmpty()) {
        show(id);
    }
}

void LibraryDialog::show(const QUuid& id) {
    m_shown = id;
    m_new = false;
    if (isSnippets()) {
        const auto* snippet = snippetOf(m_library, id);
        m_name->setText(snippet != nullptr ? snippet->name : QString());
        m_text->setPlainText(snippet != nullptr ? snippet->text : QString());
    } else {
        const auto* persona = personaOf(m_library, id);
        m_name->setText(persona != nullptr ? persona->name : QString());
        m_text->setPlainText(persona != nullptr ? persona->instructions : QString());
    }
    m_remove->setEnabled(!id.isNull());
}

/// Stores what is shown if it is another than what is stored. Without a name it goes by its first words.
void LibraryDialog::keep() {
    const QString text = m_text->toPlainText();
    QString name = m_name->text().simplified();
    if (name.isEmpty()) {
        name = text.simplified().left(40);
    }
    if (name.isEmpty() || (m_shown.isNull() && !m_new)) {
        return;
    }
    if (isSnippets()) {
        const auto* before = snippetOf(m_library, m_shown);
        if (before == nullptr || before->name != name || before->text != text) {
            m_library.saveSnippet({m_shown, name, text});
        }
    } else {
        const auto* before = personaOf(m_library, m_shown);
        app::Persona persona = before != nullptr ? *before : app::Persona();
        if (before == nullptr || before->name != name || before->instructions != text) {
            persona.name = name;
            persona.instructions = text;
            m_library.savePersona(persona);
        }
    }
    m_new = false;
}

void LibraryDialog::addNew() {
    keep();
    {
        const QScopedValueRollback guard(m_filling, true);
        m_list->setCurrentItem(nullptr);
    }
    show({});
    m_new = true;
    m_name->setFocus(Qt::OtherFocusReason);
}

void LibraryDialog::removeShown() {
    if (m_shown.isNull()) {
        return;
    }
    keep(); // bringing it back brings back what was written last
    m_removed = m_shown;
    show({});
    m_undo->show();
    m_undo->setFocus(Qt::OtherFocusReason);
    m_library.remove(m_kind, m_removed);
}

bool LibraryDialog::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_list && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        removeShown();
        return true;
    }
    return QDialog::eventFilter(watched, event);
}

void LibraryDialog::done(int result) {
    keep();
    QDialog::done(result);
}

} // namespace alcuin::ui
