#include "search/search_results_model.h"

namespace alcuin::ui {

SearchResultsModel::SearchResultsModel(QObject* parent) : QAbstractListModel(parent) {}

void SearchResultsModel::setHits(const QList<app::SearchHit>& hits) {
    beginResetModel();
    m_hits = hits;
    m_rows.clear();
    QString heading;
    for (int i = 0; i < int(hits.size()); ++i) {
        const QString own = hits.at(i).message.isNull() ? tr("Titles") : tr("Messages");
        if (own != heading) {
            heading = own;
            m_rows.push_back({heading, -1});
        }
        m_rows.push_back({{}, i});
    }
    endResetModel();
}

const app::SearchHit* SearchResultsModel::hitAt(const QModelIndex& index) const {
    const int hit = index.isValid() ? m_rows.at(index.row()).hit : -1;
    return hit < 0 ? nullptr : &m_hits.at(hit);
}

int SearchResultsModel::hitCount() const {
    return int(m_hits.size());
}

int SearchResultsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

QString SearchResultsModel::spoken(const app::SearchHit& hit) {
    const QString title = hit.archived ? tr("%1, archived").arg(hit.title) : hit.title;
    return hit.message.isNull() ? title : tr("%1: %2").arg(title, hit.snippet);
}

QVariant SearchResultsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const auto* hit = hitAt(index);
    switch (role) {
    case Qt::DisplayRole:
        return hit != nullptr ? hit->title : m_rows.at(index.row()).heading;
    case Qt::AccessibleTextRole:
        if (hit == nullptr) {
            return m_rows.at(index.row()).heading;
        }
        return spoken(*hit);
    case kHeadingRole:
        return hit == nullptr;
    default:
        return {};
    }
}

Qt::ItemFlags SearchResultsModel::flags(const QModelIndex& index) const {
    return hitAt(index) == nullptr ? Qt::NoItemFlags
                                   : Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

} // namespace alcuin::ui
