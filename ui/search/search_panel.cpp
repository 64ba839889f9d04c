#include "search/search_panel.h"

#include <QKeyEvent>
#include <QListView>
#include <QLocale>
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
    , m_status(new Label(theme, FontRole::kControl, &Colors::ink3, this))
    , m_indexing(new Label(theme, FontRole::kSecondary, &Colors::ink3, this)) {
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
    m_indexing->setWordWrap(true);
    m_indexing->setContentsMargins(Space::k4, Space::k2, Space::k4, Space::k2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_status);
    column->addWidget(m_list, 1);
    column->addWidget(m_indexing);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, [this] { m_search.find(m_words); });
    connect(m_list, &QListView::clicked, this, &SearchPanel::choose);
    connectSearch();
    connect(&theme, &Theme::changed, this, [this] { m_list->doItemsLayout(); });
    say();
}

void SearchPanel::connectSearch() {
    const auto take = [this](const QList<app::SearchHit>& hits, const QString& trouble) {
        m_searching = false;
        m_trouble = trouble;
        m_model->setHits(hits);
        say();
    };
    connect(&m_search, &app::SearchService::found, this,
            [this, take](const QString& words, const QList<app::SearchHit>& hits) {
                if (words == m_words) {
                    take(hits, {});
                }
            });
    connect(&m_search, &app::SearchService::failed, this, [this, take](const app::Trouble& trouble) {
        if (m_searching) {
            take({}, trouble.text.isEmpty() ? trouble.title : trouble.title + QLatin1Char('\n') + trouble.text);
        }
    });
    connect(&m_search, &app::SearchService::messagesLeftToIndex, this, &SearchPanel::takeLeft);
}

/// The index grows: how far it is, and once it is whole, what it finds now.
void SearchPanel::takeLeft(qint64 messages) {
    m_unreachable = messages;
    if (messages == 0 && !m_words.trimmed().isEmpty()) {
        m_pause.start();
    }
    say();
}

void SearchPanel::setWords(const QString& words) {
    m_words = words;
    m_trouble.clear();
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
    m_status->setText(m_searching            ? tr("Searching")
                      : !m_trouble.isEmpty() ? m_trouble
                                             : tr("Nothing has these words."));
    m_indexing->setVisible(m_unreachable > 0);
    m_indexing->setText(
        m_unreachable == 1
            ? tr("1 message is still being made ready to be found.")
            : tr("%1 messages are still being made ready to be found.").arg(QLocale().toString(m_unreachable)));
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
