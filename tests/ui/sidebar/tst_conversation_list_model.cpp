#include <QAbstractItemModelTester>
#include <QFontMetrics>
#include <QMimeData>
#include <QSignalSpy>

#include <memory>

#include "sidebar/conversation_delegate.h"
#include "sidebar/conversation_list_model.h"
#include "support/test_registry.h"
#include "theme/theme.h"

using namespace alcuin;
using ui::ConversationListModel;

namespace {
const QDate kToday(2026, 3, 10);

app::ConversationSummary conversation(const QString& title, int daysAgo, bool answering = false) {
    app::ConversationSummary summary;
    summary.id = QUuid::createUuid();
    summary.title = title;
    summary.updatedAt = kToday.addDays(-daysAgo).startOfDay().addSecs(12 * 3600);
    summary.answering = answering;
    return summary;
}
} // namespace

class TestConversationListModel : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_model = std::make_unique<ConversationListModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(),
                                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_model->setToday(kToday);
    }
    void cleanup() {
        m_tester.reset();
        m_model.reset();
    }
    void headingsStandOverTheirDays() {
        m_model->setConversations({conversation("a", 0), conversation("b", 0), conversation("c", 1),
                                   conversation("d", 2), conversation("e", 400)});
        QCOMPARE(shown(), QStringList({"[Today]", "a", "b", "[Yesterday]", "c", "[Earlier]", "d", "e"}));
        QCOMPARE(m_model->conversationCount(), 5);
        QCOMPARE(m_model->flags(m_model->index(0)), Qt::ItemFlags());
        QVERIFY(m_model->flags(m_model->index(1)).testFlag(Qt::ItemIsSelectable));
    }
    void theDayTurns() {
        m_model->setConversations({conversation("a", 0), conversation("c", 1)});
        m_model->setToday(kToday.addDays(1));
        QCOMPARE(shown(), QStringList({"[Yesterday]", "a", "[Earlier]", "c"}));
    }
    void aChangeKeepsWhoIsWhere() {
        auto list = QList{conversation("a", 0), conversation("b", 0), conversation("c", 1)};
        m_model->setConversations(list);
        const QPersistentModelIndex c = m_model->indexOf(list.at(2).id);
        const QPersistentModelIndex b = m_model->indexOf(list.at(1).id);
        // c was answered today and comes first, a is deleted, n is new.
        auto moved = list.at(2);
        moved.updatedAt = kToday.startOfDay().addSecs(18 * 3600);
        moved.title = "c, renamed";
        m_model->setConversations({moved, conversation("n", 0), list.at(1)});
        QCOMPARE(shown(), QStringList({"[Today]", "c, renamed", "n", "b"}));
        QVERIFY(c.isValid() && b.isValid());
        QCOMPARE(c.row(), 1);
        QCOMPARE(b.row(), 3);
    }
    void manyRandomChangesKeepTheModelWhole() {
        std::srand(7);
        QList<app::ConversationSummary> pool;
        for (int i = 0; i < 12; ++i) {
            pool.push_back(conversation(QString::number(i), i % 4));
        }
        for (int round = 0; round < 200; ++round) {
            QList<app::ConversationSummary> some;
            for (auto& one : pool) {
                if (std::rand() % 3 != 0) {
                    one.updatedAt = kToday.addDays(-(std::rand() % 4)).startOfDay().addSecs(std::rand() % 80'000);
                    some.push_back(one);
                }
            }
            std::sort(some.begin(), some.end(), [](const auto& a, const auto& b) { return a.updatedAt > b.updatedAt; });
            m_model->setConversations(some);
            QStringList titles;
            for (const auto& one : some) {
                titles.push_back(one.title);
            }
            QStringList listed = shown();
            listed.removeIf([](const QString& row) { return row.startsWith(QLatin1Char('[')); });
            QCOMPARE(listed, titles);
        }
    }
    void pinsFoldersAndTheArchiveHaveTheirPlaces() {
        const app::Folder work{QUuid::createUuid(), "Work"};
        const app::Folder empty{QUuid::createUuid(), "Empty"};
        auto list = QList{conversation("a", 0), conversation("pinned", 3), conversation("w1", 0), conversation("w2", 5),
                          conversation("old", 9)};
        list[1].pinned = true;
        list[2].folder = list[3].folder = work.id;
        list[4].archived = true;
        m_model->setFolders({work, empty});
        m_model->setConversations(list);
        const QString gap = QStringLiteral("[%1]").arg(QChar(QChar::Nbsp));
        QCOMPARE(shown(),
                 QStringList({"[Pinned]", "pinned", "[Folders]", "Work", "Empty", "[Today]", "a", gap, "Archive"}));
        QCOMPARE(m_model->indexOfFolder(work.id).data(ConversationListModel::kCountRole).toInt(), 2);
        QCOMPARE(m_model->conversationCount(), 5);
        m_model->setOpen(work.id, true);
        m_model->setOpen(ui::kArchiveFolder, true);
        QCOMPARE(shown(), QStringList({"[Pinned]", "pinned", "[Folders]", "Work", "w1", "w2", "Empty", "[Today]", "a",
                                       gap, "Archive", "old"}));
        QCOMPARE(m_model->indexOfFolder(work.id).data(Qt::AccessibleTextRole).toString(),
                 "Work, folder, 2 conversation(s), open");
        QVERIFY(m_model->indexOf(list[2].id).data(ConversationListModel::kIndentedRole).toBool());
        m_model->setFolders({empty}); // its conversations stand outside
        QCOMPARE(shown(), QStringList({"[Pinned]", "pinned", "[Folders]", "Empty", "[Today]", "a", "w1", "[Earlier]",
                                       "w2", gap, "Archive", "old"}));
    }
    void theArchiveStandsAsFarOffAsAHeading() {
        auto list = QList{conversation("a", 0), conversation("c", 1), conversation("old", 9)};
        list[2].archived = true;
        m_model->setConversations(list);
        const ui::Theme theme;
        const ui::ConversationDelegate delegate(theme, nullptr);
        const auto heightAt = [&](int row) { return delegate.sizeHint({}, m_model->index(row)).height(); };
        QCOMPARE(shown().at(2), "[Yesterday]");
        QCOMPARE(shown().at(5), "Archive");
        const int words = QFontMetrics(theme.font(ui::FontRole::kSecondary)).height() + ui::Space::k1;
        QCOMPARE(heightAt(4), heightAt(2) - words);
    }
    void aConversationIsDraggedIntoAFolder() {
        const app::Folder work{QUuid::createUuid(), "Work"};
        const auto one = conversation("a", 0);
        m_model->setFolders({work});
        m_model->setConversations({one});
        QSignalSpy moved(m_model.get(), &ConversationListModel::moveRequested);
        const std::unique_ptr<QMimeData> data(m_model->mimeData({m_model->indexOf(one.id)}));
        const QModelIndex folder = m_model->indexOfFolder(work.id);
        QVERIFY(m_model->flags(folder).testFlag(Qt::ItemIsDropEnabled));
        QVERIFY(!m_model->flags(m_model->indexOf(one.id)).testFlag(Qt::ItemIsDropEnabled));
        m_model->dropMimeData(data.get(), Qt::MoveAction, -1, -1, folder);
        m_model->dropMimeData(data.get(), Qt::MoveAction, 3, 0, {});
        QCOMPARE(moved.size(), 2);
        QCOMPARE(moved.at(0), QVariantList({one.id, work.id}));
        QCOMPARE(moved.at(1), QVariantList({one.id, QUuid()}));
        QMimeData foreign;
        foreign.setText("a");
        QVERIFY(!m_model->canDropMimeData(&foreign, Qt::MoveAction, -1, -1, folder));
    }
    void tenThousandAreListedAndChanged() {
        QList<app::ConversationSummary> many;
        for (int i = 0; i < 10'000; ++i) {
            many.push_back(conversation(QString::number(i), i / 100));
        }
        m_tester.reset(); // it looks at every row for every change
        m_model->setConversations(many);
        QCOMPARE(m_model->conversationCount(), 10'000);
        many.move(9'999, 0);
        many.front().updatedAt = many.at(1).updatedAt;
        QSignalSpy moved(m_model.get(), &ConversationListModel::rowsMoved);
        m_model->setConversations(many);
        QCOMPARE(moved.size(), 1);
        QCOMPARE(m_model->index(1).data().toString(), "9999");
    }
    void editingATitleAsksForIt() {
        const auto one = conversation("old", 0);
        m_model->setConversations({one});
        QSignalSpy renamed(m_model.get(), &ConversationListModel::renameRequested);
        const QModelIndex index = m_model->indexOf(one.id);
        QVERIFY(!m_model->setData(index, "   ", Qt::EditRole));
        QVERIFY(m_model->setData(index, "old", Qt::EditRole));
        QCOMPARE(renamed.count(), 0);
        QVERIFY(m_model->setData(index, "  new\n title ", Qt::EditRole));
        QCOMPARE(renamed.count(), 1);
        QCOMPARE(renamed.first().at(0).toUuid(), one.id);
        QCOMPARE(renamed.first().at(1).toString(), "new title");
        QVERIFY(!m_model->setData(m_model->index(0), "heading", Qt::EditRole));
    }
    void answeringIsSaidToScreenReaders() {
        auto one = conversation("Ships", 0);
        m_model->setConversations({one});
        QCOMPARE(m_model->indexOf(one.id).data(Qt::AccessibleTextRole).toString(), "Ships");
        QSignalSpy changed(m_model.get(), &ConversationListModel::dataChanged);
        one.answering = true;
        m_model->setConversations({one});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(m_model->indexOf(one.id).data(Qt::AccessibleTextRole).toString(), "Ships, answer being written");
    }

private:
    QStringList shown() const {
        QStringList rows;
        for (int i = 0; i < m_model->rowCount(); ++i) {
            const QModelIndex index = m_model->index(i);
            const bool heading = index.data(ConversationListModel::kHeadingRole).toBool();
            rows.push_back(heading ? QStringLiteral("[%1]").arg(index.data().toString()) : index.data().toString());
        }
        return rows;
    }

    std::unique_ptr<ConversationListModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

ALCUIN_TEST(TestConversationListModel)
#include "tst_conversation_list_model.moc"
