#include "services/exchange_jobs.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <memory>
#include <set>

#include <alcuin/storage/conversation_store.h>

#include "exchange/file_name.h"
#include "exchange/html.h"
#include "exchange/markdown.h"
#include "exchange/own_json.h"
#include "pages/readable_page.h"

namespace alcuin::app {

namespace {

std::string textOf(const storage::ConversationTree& tree, ExportFormat format, const ExportOptions& options,
                   exchange::PageDress& dress) {
    switch (format) {
    case ExportFormat::kJson:
        return exchange::ownJsonConversation(tree, {options.tokens});
    case ExportFormat::kMarkdown:
        return exchange::toMarkdown(tree);
    case ExportFormat::kHtml:
        break;
    }
    return exchange::toHtml(tree, &dress);
}

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::Export)
};

QString ending(ExportFormat format) {
    switch (format) {
    case ExportFormat::kJson:
        return QStringLiteral("json");
    case ExportFormat::kMarkdown:
        return QStringLiteral("md");
    case ExportFormat::kHtml:
        break;
    }
    return QStringLiteral("html");
}

QString cannotWrite(const QSaveFile& file) {
    return Words::tr("%1 couldn't be written: %2. Choose another place, or free some space.")
        .arg(file.fileName(), file.errorString());
}

/// A file that appears whole, for the user alone.
class PrivateFile {
public:
    explicit PrivateFile(const QString& path) : m_file(path) {
        m_open = m_file.open(QIODevice::WriteOnly) && m_file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }
    bool write(const std::string& text) {
        m_open =
            m_open && m_file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
        return m_open;
    }
    /// Adds the file to the report, or why it isn't there.
    void finish(ExchangeReport& report) {
        if (m_open && m_file.commit()) {
            report.files << m_file.fileName();
        } else {
            report.problems << cannotWrite(m_file);
        }
    }

private:
    QSaveFile m_file;
    bool m_open = false;
};

class ExportJob {
public:
    ExportJob(const ConversationShelf& shelf, std::vector<storage::Id> ids, const JobProgress& progress)
        : m_shelf(shelf), m_ids(std::move(ids)), m_progress(progress) {}

    ExchangeReport run(ExportFormat format, const QString& path, const ExportOptions& options) {
        if (m_ids.empty() && !listAll()) {
            return m_report;
        }
        const bool isFolder = QFileInfo(path).isDir();
        if (format == ExportFormat::kJson) {
            writeJson(isFolder ? ownName(path) : path, options);
        } else if (m_ids.size() == 1 && !isFolder) {
            writeOne(m_ids.front(), format, path, options);
        } else {
            writeMany(format, path, options);
        }
        return m_report;
    }

private:
    bool listAll() {
        const auto all = m_shelf.list();
        if (!all) {
            m_report.problems << QString::fromStdString(all.error().message);
            return false;
        }
        for (auto each = all->rbegin(); each != all->rend(); ++each) { // the oldest first: an import keeps their order
            m_ids.push_back(each->id);
        }
        if (m_ids.empty()) {
            m_report.problems << Words::tr("There are no conversations to export.");
        }
        return !m_ids.empty();
    }

    static QString ownName(const QString& folder) {
        const QString day = QDate::currentDate().toString(Qt::ISODate);
        QString path = QStringLiteral("%1/Alcuin conversations %2.json").arg(folder, day);
        for (int number = 2; QFileInfo::exists(path); ++number) {
            path = QStringLiteral("%1/Alcuin conversations %2 (%3).json").arg(folder, day).arg(number);
        }
        return path;
    }

    bool stopped() {
        m_report.stopped = m_report.stopped || (m_progress.stopped && m_progress.stopped());
        return m_report.stopped;
    }

    std::optional<storage::ConversationTree> read(const storage::Id& id) {
        auto tree = m_shelf.tree(id);
        if (!tree) {
            m_report.problems << QString::fromStdString(tree.error().message);
            return std::nullopt;
        }
        return std::move(*tree);
    }

    void countOne() {
        ++m_report.conversations;
        if (m_progress.tell) {
            m_progress.tell(m_report.conversations, static_cast<qint64>(m_ids.size()));
        }
    }

    void writeJson(const QString& path, const ExportOptions& options) {
        PrivateFile file(path);
        file.write(exchange::ownJsonHead(storage::Sources::system().now()));
        for (const auto& id : m_ids) {
            if (stopped()) {
                return; // the file never appears
            }
            if (const auto tree = read(id)) {
                file.write((m_report.conversations > 0 ? ",\n" : "") +
                           textOf(*tree, ExportFormat::kJson, options, *m_dress));
                countOne();
            }
        }
        file.write(exchange::ownJsonTail());
        file.finish(m_report);
    }

    void writeOne(const storage::Id& id, ExportFormat format, const QString& path, const ExportOptions& options) {
        if (const auto tree = read(id)) {
            PrivateFile file(path);
            file.write(textOf(*tree, format, options, *m_dress));
            file.finish(m_report);
            if (!m_report.failed()) {
                countOne();
            }
        }
    }

    void writeMany(ExportFormat format, const QString& path, const ExportOptions& options) {
        if (!QDir().mkpath(path)) {
            m_report.problems << Words::tr("The folder %1 couldn't be made. Choose another place.").arg(path);
            return;
        }
        std::set<std::string> used;
        for (const auto& id : m_ids) {
            if (stopped()) {
                return;
            }
            const auto tree = read(id);
            if (!tree) {
                continue;
            }
            QString file;
            do {
                const auto name = exchange::fileNameFor(tree->conversation, ending(format).toStdString(), used);
                file = path + QLatin1Char('/') + QString::fromStdString(name);
            } while (QFileInfo::exists(file));
            PrivateFile out(file);
            out.write(textOf(*tree, format, options, *m_dress));
            const auto before = m_report.problems.size();
            out.finish(m_report);
            if (m_report.problems.size() > before) {
                return; // the next one would fail for the same reason
            }
            countOne();
        }
    }

    const ConversationShelf& m_shelf;
    std::vector<storage::Id> m_ids;
    const JobProgress& m_progress;
    ExchangeReport m_report;
    std::unique_ptr<exchange::PageDress> m_dress = readablePage(); ///< languages are read once for all pages
};

} // namespace

ConversationShelf ConversationShelf::of(storage::Database& database) {
    return {[&database] { return storage::ConversationStore(database).list(); },
            [&database](const storage::Id& id) { return storage::ConversationStore(database).tree(id); },
            [&database](storage::ConversationTree imported, const storage::Origin& origin) {
                return storage::ImportStore(database).add(std::move(imported), origin);
            }};
}

std::string exportedText(const storage::ConversationTree& tree, ExportFormat format, const ExportOptions& options) {
    return textOf(tree, format, options, *readablePage());
}

ExchangeReport exportConversations(const ConversationShelf& shelf, const std::vector<storage::Id>& ids,
                                   ExportFormat format, const QString& path, const ExportOptions& options,
                                   const JobProgress& progress) {
    return ExportJob(shelf, ids, progress).run(format, path, options);
}

} // namespace alcuin::app
