#include "services/exchange_jobs.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include "exchange/import.h"
#include "exchange/jan.h"
#include "services/record_conversion.h"

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::Import)
};

constexpr int kMostFiles = 100'000;
constexpr qsizetype kMostProblems = 100; // in the report; the others are counted
constexpr qint64 kKilobyte = 1024;

/// One file to read, and whether a person named it or it was found in a folder.
struct Found {
    QString path;
    bool named = false;
};

/// Of folders, only files that an export may be: other programs keep much else beside them.
bool mayBeExport(const QString& name) {
    return name.endsWith(QLatin1String(".json"), Qt::CaseInsensitive) ||
           name.endsWith(QLatin1String(".chat"), Qt::CaseInsensitive) ||
           name.endsWith(QLatin1String(".zip"), Qt::CaseInsensitive);
}

class ImportJob {
public:
    ImportJob(const ConversationShelf& shelf, const JobProgress& progress) : m_shelf(shelf), m_progress(progress) {
        m_report.isImport = true;
        m_listener.take = [this](exchange::Imported&& imported) { return add(std::move(imported)); };
        m_listener.refuse = [this](const std::string& why) { addProblem(QString::fromStdString(why)); };
        m_listener.leftOut = &m_leftOut;
    }

    ExchangeReport run(const QStringList& paths) {
        for (const auto& path : paths) {
            find(path);
        }
        qint64 done = 0;
        for (const auto& found : m_files) {
            if (m_ended || stopped()) {
                break;
            }
            read(found);
            done += QFileInfo(found.path).size();
            if (m_progress.tell) {
                m_progress.tell(done / kKilobyte, m_bytes / kKilobyte);
            }
        }
        m_leftOut.add("files of other kinds", m_otherFiles);
        for (const auto& [reason, count] : m_leftOut.reasons()) {
            m_report.leftOut << QStringLiteral("%1 × %2").arg(count).arg(QString::fromStdString(reason));
        }
        return m_report;
    }

private:
    void find(const QString& path) {
        const QFileInfo info(path);
        if (!info.exists()) {
            addProblem(Words::tr("There is no file or folder %1.").arg(path));
        } else if (!info.isDir()) {
            addFile(info, true);
        } else {
            QDirIterator files(path, QDir::Files | QDir::NoSymLinks | QDir::Hidden, QDirIterator::Subdirectories);
            while (files.hasNext()) {
                files.next();
                if (mayBeExport(files.fileName()) && m_files.size() < kMostFiles) {
                    addFile(files.fileInfo(), false);
                }
            }
        }
    }

    void addFile(const QFileInfo& info, bool named) {
        m_files.push_back({info.filePath(), named});
        m_bytes += info.size();
    }

    std::optional<QByteArray> bytesOf(const QString& path) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            addProblem(Words::tr("%1 can't be read: %2.").arg(path, file.errorString()));
            return std::nullopt;
        }
        const auto most = static_cast<qint64>(m_limits.fileBytes);
        QByteArray bytes = file.read(most + 1);
        if (bytes.size() > most) {
            addProblem(Words::tr("%1 is too large: files up to %2 MB are read.")
                           .arg(path)
                           .arg(most / (kKilobyte * kKilobyte)));
            return std::nullopt;
        }
        return bytes;
    }

    static std::string_view view(const QByteArray& bytes) {
        return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
    }

    void read(const Found& found) {
        const auto bytes = bytesOf(found.path);
        if (!bytes) {
            return;
        }
        const exchange::Source source{found.path.toStdString(), view(*bytes)};
        const auto format = exchange::detect(source.bytes, m_limits);
        if (format == exchange::Format::kUnknown && !found.named) {
            ++m_otherFiles;
            return;
        }
        const QString messages = QFileInfo(found.path).path() + QStringLiteral("/messages.jsonl");
        if (format == exchange::Format::kJanThread && QFileInfo(messages).isFile()) {
            if (const auto lines = bytesOf(messages)) {
                report(exchange::readJan(source, {messages.toStdString(), view(*lines)}, m_limits, m_listener));
            }
            return;
        }
        report(exchange::readConversations(source, m_limits, m_listener));
    }

    void report(const exchange::Result<void>& outcome) {
        if (!outcome) {
            addProblem(QString::fromStdString(outcome.error().message));
        }
    }

    bool add(exchange::Imported&& imported) {
        using Outcome = storage::ImportStore::Outcome;
        const QString title = QString::fromStdString(imported.tree.conversation.title);
        const auto added = m_shelf.add(std::move(imported.tree), imported.origin);
        if (!added) {
            const QString why = QString::fromStdString(added.error().message);
            addProblem(title.isEmpty() ? why : QStringLiteral("\"%1\": %2").arg(title, why));
            m_ended = added.error().code != storage::ErrorCode::kInvalidArgument; // the others would fail, too
        } else if (added->outcome == Outcome::kAdded) {
            ++m_report.conversations;
            m_leftOut.add(imported.leftOut);
        } else {
            ++m_report.alreadyThere;
            if (added->outcome == Outcome::kMerged) {
                m_report.merged << toUuid(added->conversation);
                m_report.newMessages += static_cast<qint64>(added->messages);
                m_leftOut.add(imported.leftOut);
            }
        }
        return !m_ended && !stopped();
    }

    void addProblem(const QString& why) {
        if (m_report.problems.size() < kMostProblems) {
            m_report.problems << why;
        } else {
            ++m_report.furtherProblems;
        }
    }

    bool stopped() {
        m_report.stopped = m_report.stopped || (m_progress.stopped && m_progress.stopped());
        return m_report.stopped;
    }

    const ConversationShelf& m_shelf;
    const JobProgress& m_progress;
    const exchange::Limits m_limits;
    exchange::Listener m_listener;
    exchange::LeftOut m_leftOut;
    QList<Found> m_files;
    qint64 m_bytes = 0;
    std::size_t m_otherFiles = 0;
    bool m_ended = false;
    ExchangeReport m_report;
};

} // namespace

ExchangeReport importConversations(const ConversationShelf& shelf, const QStringList& paths,
                                   const JobProgress& progress) {
    return ImportJob(shelf, progress).run(paths);
}

QString ExchangeReport::summary() const {
    QStringList sentences;
    const auto count = [](qint64 number) {
        return number == 1 ? Words::tr("1 conversation") : Words::tr("%1 conversations").arg(number);
    };
    if (!isImport) {
        sentences << (files.size() > 1
                          ? Words::tr("%1 exported to %2 files.").arg(count(conversations)).arg(files.size())
                      : files.isEmpty() ? Words::tr("Nothing was exported.")
                                        : Words::tr("%1 exported to %2.").arg(count(conversations), files.first()));
    } else {
        sentences << (conversations > 0 ? Words::tr("%1 imported.").arg(count(conversations))
                                        : Words::tr("Nothing new was imported."));
        if (alreadyThere > 0) {
            sentences << (alreadyThere == 1 ? Words::tr("1 was here already.")
                                            : Words::tr("%1 were here already.").arg(alreadyThere));
        }
        if (!merged.isEmpty()) {
            const QString messages =
                newMessages == 1 ? Words::tr("1 new message") : Words::tr("%1 new messages").arg(newMessages);
            sentences << (merged.size() == 1
                              ? Words::tr("%1 came to one of them; nothing was overwritten.").arg(messages)
                              : Words::tr("%1 came to %2 of them; nothing was overwritten.")
                                    .arg(messages)
                                    .arg(merged.size()));
        }
        if (!leftOut.isEmpty()) {
            sentences << Words::tr("Left out: %1.").arg(leftOut.join(QStringLiteral(", ")));
        }
    }
    if (stopped) {
        sentences << Words::tr("It was stopped before the end.");
    }
    return sentences.join(QLatin1Char(' '));
}

} // namespace alcuin::app
