#include "search/search_panel.h"

#include <QKeyEvent>
#include <QListView>
#include <QVBoxLayout>

#include "search/search_result_delegate.h"
#include "search/search_results_model.h"
#include "services/search_service.h"
#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

SearchPanel::SearchPanel(app::SearchService& search, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_search(search)
    , m_model(new SearchResultsModel(this))
    , m_list(new QListView(this))
    , m_status(new Label(theme, FontRole::kControl, &Colors::ink3, this)) {
    m_list->setModel(m_model);
    m_list->setItemDelegate(new SearchResultDelegate(theme, m_list));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setResizeMode(QListView::Adjust); // what is found takes as many lines as the width leaves it
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->installEventFilter(this);
    m_status->setWordWrap(true);
    m_status->setContentsMargins(Space::k4, Space::k2, Space::k4, 0);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_status);
    column->addWidget(m_list, 1);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, [this] { m_search.find(m_words); });
    connect(m_list, &QListView::clicked, this, &SearchPanel::choose);
    connect(&search, &app::SearchService::found, this, [this](const QString& words, const QList<app::SearchHit>& hits) {
        if (words == m_words) {
            m_searching = false;
            m_model->setHits(hits);
            say();
        }
    });
    connect(&theme, &Theme::changed, this, [this] { m_list->doItemsLayout(); });
    say();
}

void SearchPanel::setWords(const QString& words) {
    m_words = words;
    if (words.trimmed().isEmpty()) {
        m_pause.stop();
        m_searching = false;
        m_model->setHits({});
    } else {
        m_searching = true;
        m_pause.start();
    }
    say();
}

/// Results of before stay until new ones come: nothing flickers while one types.
void SearchPanel::say() {
    const bool none = m_model->hitCount() == 0;
    m_status->setVisible(none);
    m_status->setText(m_searching ? tr("Searching") : tr("Nothing has these words."));
}

void SearchPanel::focusList() {
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 1) {
        m_list->setCurrentIndex(m_model->index(1));
    }
    m_list->setFocus(Qt::OtherFocusReason);
}

QListView* SearchPanel::list() const {
    return m_list;
}

bool SearchPanel::chooseFirst() {
    if (m_searching || m_model->rowCount() < 2) {
        return false;
    }
    choose(m_model->index(1));
    return true;
}

void SearchPanel::choose(const QModelIndex& index) {
    if (const auto* hit = m_model->hitAt(index)) {
        emit chosen(hit->conversation, hit->message, m_words);
    }
}

bool SearchPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            choose(m_list->currentIndex());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace alcuin::ui
