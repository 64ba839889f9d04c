#pragma once

#include <QTimer>
#include <QUuid>
#include <QWidget>

class QListView;

namespace alcuin::app {
class SearchService;
}

namespace alcuin::ui {

class Label;
class SearchResultsModel;
class Theme;

/// What was found in all conversations, while one types.
class SearchPanel : public QWidget {
    Q_OBJECT
public:
    SearchPanel(app::SearchService& search, const Theme& theme, QWidget* parent = nullptr);

    /// Looks for these words after a short pause in typing.
    void setWords(const QString& words);
    void focusList();
    QListView* list() const;
    /// Chooses the first hit; false: there is none.
    bool chooseFirst();

    static constexpr int kPauseMs = 120;

signals:
    /// A null message: the conversation itself.
    void chosen(const QUuid& conversation, const QUuid& message, const QString& words);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSearch();
    void takeLeft(qint64 messages);
    void choose(const QModelIndex& index);
    void say();

    app::SearchService& m_search;
    SearchResultsModel* m_model;
    QListView* m_list;
    Label* m_status;   ///< in place of what was found
    Label* m_indexing; ///< below the list: what can't be found yet
    QTimer m_pause;
    QString m_words;
    QString m_trouble;        ///< what the last search failed of
    qint64 m_unreachable = 0; ///< messages that the index hasn't taken in yet
    bool m_searching = false;
};

} // namespace alcuin::ui
