#include "services/search_service.h"

#include <QTimer>

#include <utility>
#include <vector>

#include <alcuin/storage/search_reader.h>
#include <alcuin/storage/search_upkeep.h>

#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"
#include "services/work_thread.h"

namespace alcuin::app {

namespace {

using Hits = std::vector<storage::SearchHit>;

/// Between two steps of the index's upkeep: what a person does comes first on the storage thread.
constexpr int kBetweenStepsMs = 10;
/// After a step that failed, as on a full disk.
constexpr int kAfterFailureMs = 60'000;

struct Upkeep {
    bool more = false;
    qint64 left = 0;
};

storage::Result<Upkeep> keepStep(storage::Database& database) {
    storage::SearchUpkeep upkeep(database);
    const auto more = upkeep.step();
    if (!more) {
        return tl::unexpected(more.error());
    }
    const auto pending = upkeep.pending();
    if (!pending) {
        return tl::unexpected(pending.error());
    }
    return Upkeep{*more, pending->messages};
}

/// Places in UTF-8 as places in a QString.
QList<SearchRange> toRanges(const std::string& text, const std::vector<storage::TextRange>& ranges) {
    QList<SearchRange> converted;
    const auto length = [&text](std::size_t begin, std::size_t size) {
        return QString::fromUtf8(text.data() + begin, static_cast<qsizetype>(size)).size();
    };
    for (const auto& range : ranges) {
        converted.push_back({length(0, range.begin), length(range.begin, range.size)});
    }
    return converted;
}

SearchHit toHit(const storage::SearchHit& record) {
    SearchHit hit;
    hit.conversation = toUuid(record.conversation);
    hit.message = toUuid(record.message);
    storage::Conversation named;
    named.title = record.title;
    hit.title = toSummary(named).title;
    hit.role = toRole(record.role);
    hit.at = QDateTime::fromMSecsSinceEpoch(record.at);
    hit.archived = record.archived;
    hit.snippet = QString::fromStdString(record.snippet);
    hit.matches = toRanges(record.snippet, record.matches);
    return hit;
}

QList<SearchHit> toHits(const Hits& records) {
    QList<SearchHit> hits;
    hits.reserve(static_cast<qsizetype>(records.size()));
    for (const auto& record : records) {
        hits.push_back(toHit(record));
    }
    return hits;
}

} // namespace

/// What the thread uses alone.
struct SearchService::Reader {
    std::unique_ptr<storage::SearchReader> connection;

    storage::Result<Hits> find(const std::filesystem::path& file, const QString& text, int limit,
                               const std::function<bool()>& wanted) {
        if (!wanted()) {
            return storage::fail(storage::ErrorCode::kInterrupted, "Another search came before this one began.");
        }
        if (!connection) {
            auto opened = storage::SearchReader::open(file);
            if (!opened) {
                return tl::unexpected(std::move(opened).error());
            }
            connection = std::move(*opened);
        }
        return connection->find(text.toStdString(), static_cast<std::size_t>(std::max(0, limit)), {}, wanted);
    }
};

SearchService::SearchService(StorageThread& storage, QObject* parent)
    : QObject(parent)
    , m_storage(storage)
    , m_newest(std::make_shared<std::atomic<quint64>>(0))
    , m_reader(std::make_shared<Reader>())
    , m_thread(std::make_unique<WorkThread>(QStringLiteral("search"))) {
    m_storage.run([](storage::Database& database) -> storage::Result<std::filesystem::path> { return database.path(); },
                  this,
                  [this](const storage::Result<std::filesystem::path>& file) {
                      if (!file) {
                          emit failed(toTrouble(file.error()));
                          return;
                      }
                      m_file = *file;
                      if (const auto waiting = std::exchange(m_waiting, nullptr)) {
                          waiting();
                      }
                  });
}

SearchService::~SearchService() {
    cancel();
    m_thread.reset();
}

void SearchService::find(const QString& text, int limit) {
    const quint64 number = ++*m_newest;
    if (m_file.empty()) { // the database's thread hasn't said where it is yet
        m_waiting = [this, text, limit] { find(text, limit); };
        return;
    }
    const auto wanted = [newest = m_newest, number] { return newest->load() == number; };
    m_thread->run(
        [reader = m_reader, file = m_file, text, limit, wanted] { return reader->find(file, text, limit, wanted); },
        this,
        [this, text, wanted](const storage::Result<Hits>& hits) {
            if (!wanted()) {
                return;
            }
            if (hits) {
                emit found(text, toHits(*hits));
            } else {
                emit failed(toTrouble(hits.error()));
            }
        });
}

void SearchService::cancel() {
    ++*m_newest;
    m_waiting = nullptr;
}

void SearchService::keepInOrder() {
    if (!std::exchange(m_keeping, true)) {
        step();
    }
}

void SearchService::step() {
    m_storage.run(keepStep, this, [this](const storage::Result<Upkeep>& kept) {
        if (kept && kept->left != m_left) {
            m_left = kept->left;
            emit messagesLeftToIndex(m_left);
        }
        if (kept && !kept->more) {
            m_keeping = false;
            return;
        }
        QTimer::singleShot(kept ? kBetweenStepsMs : kAfterFailureMs, this, &SearchService::step);
    });
}

} // namespace alcuin::app
