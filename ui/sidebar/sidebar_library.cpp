#include <QListView>
#include <QMenu>
#include <QScopedValueRollback>

#include <algorithm>

#include "services/conversation_service.h"
#include "services/library_service.h"
#include "services/settings_service.h"
#include "sidebar/conversation_delegate.h"
#include "sidebar/conversation_list_model.h"
#include "sidebar/sidebar.h"
#include "theme/icons.h"

// Folders, pins and the archive: what the list's menus do.

namespace alcuin::ui {

namespace {
const QString kOpenKey = QStringLiteral("sidebar.open-folders");
}

void Sidebar::connectLibrary() {
    auto& library = m_services.library;
    for (const auto& id : m_services.settings.value(kOpenKey).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        m_model->setOpen(QUuid::fromString(id), true);
    }
    connect(&library, &app::LibraryService::foldersChanged, this,
            [this] { changeList([this] { m_model->setFolders(m_services.library.folders()); }); });
    m_model->setFolders(library.folders());
    connect(m_model, &ConversationListModel::folderRenameRequested, &library, &app::LibraryService::renameFolder);
    connect(m_model, &ConversationListModel::moveRequested, this,
            [this](const QUuid& conversation, const QUuid& folder) {
                if (folder == kArchiveFolder) {
                    setArchived(conversation, true);
                } else {
                    moveToFolder(conversation, folder);
                }
            });
    connect(&library, &app::LibraryService::folderCreated, this, [this](const QUuid& folder) {
        if (!std::exchange(m_makingFolder, false)) {
            return;
        }
        if (const QUuid conversation = std::exchange(m_forNewFolder, {}); !conversation.isNull()) {
            setFolderOpen(folder, true);
            m_services.conversations.moveToFolder(conversation, folder);
        }
        const QModelIndex index = m_model->indexOfFolder(folder);
        m_list->scrollTo(index);
        m_list->edit(index);
    });
    connect(&library, &app::LibraryService::removed, this,
            [this](app::LibraryService::Kind kind, const QUuid& id, const QString& name) {
                if (kind == app::LibraryService::Kind::kFolder) {
                    emit undoOffered(tr("Deleted the folder “%1”. Its conversations are still here.").arg(name),
                                     [this, id] {
                                         m_services.library.undoRemove(app::LibraryService::Kind::kFolder, id);
                                         // Conversations say themselves which folder they are in.
                                         m_services.conversations.refresh();
                                     });
                    m_services.conversations.refresh();
                }
            });
}

void Sidebar::toggleFolder(const QUuid& folder) {
    setFolderOpen(folder, !m_model->openFolders().contains(folder));
}

void Sidebar::setFolderOpen(const QUuid& folder, bool open) {
    changeList([&] { m_model->setOpen(folder, open); });
    QStringList ids;
    for (const auto& id : m_model->openFolders()) {
        ids.push_back(id.toString(QUuid::WithoutBraces));
    }
    ids.sort();
    m_services.settings.setValue(kOpenKey, ids.join(QLatin1Char(',')));
}

const app::ConversationSummary* Sidebar::summaryOf(const QUuid& conversation) const {
    const auto& all = m_services.conversations.conversations();
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == conversation; });
    return at == all.end() ? nullptr : &*at;
}

void Sidebar::makeFolder(const QUuid& conversation) {
    m_makingFolder = true;
    m_forNewFolder = conversation;
    m_services.library.createFolder(tr("New folder"));
}

void Sidebar::setPinned(const QUuid& conversation, bool pinned) {
    m_services.conversations.setPinned(conversation, pinned);
}

void Sidebar::setArchived(const QUuid& conversation, bool archived) {
    const auto* summary = summaryOf(conversation);
    if (summary == nullptr || summary->archived == archived) {
        return;
    }
    const QString title = summary->title;
    m_services.conversations.setArchived(conversation, archived);
    emit undoOffered(archived ? tr("Archived “%1”.").arg(title) : tr("Took “%1” out of the archive.").arg(title),
                     [this, conversation, archived] { m_services.conversations.setArchived(conversation, !archived); });
}

void Sidebar::moveToFolder(const QUuid& conversation, const QUuid& folder) {
    const auto* summary = summaryOf(conversation);
    if (summary == nullptr || (summary->folder == folder && !summary->archived)) {
        return;
    }
    const QString title = summary->title;
    const QUuid before = summary->folder;
    const bool archived = summary->archived;
    if (archived) {
        m_services.conversations.setArchived(conversation, false);
    }
    m_services.conversations.moveToFolder(conversation, folder);
    const QString name = m_services.library.folderName(folder);
    emit undoOffered(name.isEmpty() ? tr("Moved “%1” out of its folder.").arg(title)
                                    : tr("Moved “%1” to “%2”.").arg(title, name),
                     [this, conversation, before, archived] {
                         m_services.conversations.moveToFolder(conversation, before);
                         if (archived) {
                             m_services.conversations.setArchived(conversation, true);
                         }
                     });
}

void Sidebar::showMenu(const QModelIndex& index, const QPoint& globalPosition) {
    const QUuid conversation = m_model->idAt(index);
    const QVariant folder = index.data(ConversationListModel::kFolderRole);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!conversation.isNull()) {
        fillConversationMenu(*menu, conversation);
    } else if (folder.isValid() && folder.toUuid() != kArchiveFolder) {
        fillFolderMenu(*menu, folder.toUuid());
    } else {
        menu->addAction(makeIcon(Icon::kFolder, m_theme), tr("New folder"), this, [this] { makeFolder(); });
    }
    auto* delegate = qobject_cast<ConversationDelegate*>(m_list->itemDelegate());
    delegate->setMenuRow(index);
    m_list->viewport()->update();
    connect(menu, &QMenu::aboutToHide, m_list, [this, delegate] {
        delegate->setMenuRow({});
        m_list->viewport()->update();
    });
    menu->popup(globalPosition);
}

void Sidebar::fillConversationMenu(QMenu& menu, const QUuid& id) {
    const auto* summary = summaryOf(id);
    if (summary == nullptr) {
        return;
    }
    const bool pinned = summary->pinned;
    const bool archived = summary->archived;
    menu.addAction(makeIcon(Icon::kEdit, m_theme), tr("Rename"), this, [this, id] { editTitle(id); });
    if (!archived) {
        menu.addAction(makeIcon(Icon::kPin, m_theme), pinned ? tr("Unpin") : tr("Pin"), this,
                       [this, id, pinned] { setPinned(id, !pinned); });
    }
    QMenu* folders = menu.addMenu(makeIcon(Icon::kFolder, m_theme), tr("Move to"));
    for (const auto& folder : m_services.library.folders()) {
        QAction* action = folders->addAction(QString(folder.name).replace(QLatin1Char('&'), QLatin1String("&&")), this,
                                             [this, id, to = folder.id] { moveToFolder(id, to); });
        action->setCheckable(true);
        action->setChecked(folder.id == summary->folder);
    }
    if (!summary->folder.isNull()) {
        folders->addAction(tr("No folder"), this, [this, id] { moveToFolder(id, {}); });
    }
    folders->addSeparator();
    folders->addAction(tr("New folder"), this, [this, id] { makeFolder(id); });
    menu.addAction(makeIcon(Icon::kArchive, m_theme), archived ? tr("Take out of the archive") : tr("Archive"), this,
                   [this, id, archived] { setArchived(id, !archived); });
    menu.addAction(makeIcon(Icon::kExport, m_theme), tr("Export…"), this, [this, id] { emit exportRequested(id); });
    menu.addSeparator();
    menu.addAction(makeIcon(Icon::kTrash, m_theme), tr("Delete"), this, [this, id] { emit removeRequested(id); });
}

void Sidebar::fillFolderMenu(QMenu& menu, const QUuid& folder) {
    const auto& folders = m_services.library.folders();
    const auto at = std::find_if(folders.begin(), folders.end(), [&](const auto& one) { return one.id == folder; });
    const int place = int(at - folders.begin());
    menu.addAction(makeIcon(Icon::kEdit, m_theme), tr("Rename"), this,
                   [this, folder] { m_list->edit(m_model->indexOfFolder(folder)); });
    auto* up = menu.addAction(tr("Move up"), this,
                              [this, folder, place] { m_services.library.moveFolder(folder, place - 1); });
    up->setEnabled(place > 0);
    auto* down = menu.addAction(tr("Move down"), this,
                                [this, folder, place] { m_services.library.moveFolder(folder, place + 1); });
    down->setEnabled(place + 1 < folders.size());
    menu.addAction(makeIcon(Icon::kFolder, m_theme), tr("New folder"), this, [this] { makeFolder(); });
    menu.addSeparator();
    menu.addAction(makeIcon(Icon::kTrash, m_theme), tr("Delete the folder"), this,
                   [this, folder] { m_services.library.remove(app::LibraryService::Kind::kFolder, folder); });
}

} // namespace alcuin::ui
