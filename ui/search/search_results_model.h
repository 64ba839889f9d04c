#pragma once

#include <QAbstractListModel>
#include <QList>

#include "services/search_service.h"

namespace alcuin::ui {

/// What a search found: titles, then messages, each under a heading.
class SearchResultsModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum DataRole { kHeadingRole = Qt::UserRole, kHitRole };

    explicit SearchResultsModel(QObject* parent = nullptr);

    void setHits(const QList<app::SearchHit>& hits);
    /// Null for a heading.
    const app::SearchHit* hitAt(const QModelIndex& index) const;
    int hitCount() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    static QString spoken(const app::SearchHit& hit);

    struct Row {
        QString heading; ///< empty: a hit
        int hit = -1;
    };
    QList<app::SearchHit> m_hits;
    QList<Row> m_rows;
};

} // namespace alcuin::ui
