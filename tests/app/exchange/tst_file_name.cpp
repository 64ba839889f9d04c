#include "support/test_registry.h"

#include "exchange/file_name.h"

using namespace alcuin;
using namespace alcuin::exchange;

namespace {
std::string nameOf(const std::string& title, std::set<std::string>& used) {
    storage::Conversation conversation;
    conversation.title = title;
    conversation.createdAt = 1735689600000;
    return fileNameFor(conversation, "md", used);
}
} // namespace

/// Names that every file system takes, and no two the same.
class TstFileName : public QObject {
    Q_OBJECT
private slots:
    void titlesBecomeHarmlessNames_data();
    void titlesBecomeHarmlessNames();
    void sameNamesAreNumbered();
};

void TstFileName::titlesBecomeHarmlessNames_data() {
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << "Bread"
                           << "2025-01-01 Bread.md";
    QTest::newRow("a path") << "../../etc/passwd"
                            << "2025-01-01 etc passwd.md";
    QTest::newRow("signs") << "a:b*c?d\"e<f>g|h\\i"
                           << "2025-01-01 a b c d e f g h i.md";
    QTest::newRow("dots") << "..."
                          << "2025-01-01 Conversation.md";
    QTest::newRow("empty") << ""
                           << "2025-01-01 Conversation.md";
    QTest::newRow("lines") << "a\nb"
                           << "2025-01-01 a b.md";
    QTest::newRow("long") << QString(300, 'x') << "2025-01-01 " + QString(90, 'x') + ".md";
}

void TstFileName::titlesBecomeHarmlessNames() {
    QFETCH(QString, title);
    QFETCH(QString, name);
    std::set<std::string> used;
    QCOMPARE(QString::fromStdString(nameOf(title.toStdString(), used)), name);
}

void TstFileName::sameNamesAreNumbered() {
    std::set<std::string> used;
    QCOMPARE(nameOf("Bread", used), std::string("2025-01-01 Bread.md"));
    QCOMPARE(nameOf("bread", used), std::string("2025-01-01 bread (2).md"));
    QCOMPARE(nameOf("Bread", used), std::string("2025-01-01 Bread (3).md"));
}

ALCUIN_TEST(TstFileName)
#include "tst_file_name.moc"
