#include "engines/local_loader.h"

#include <QDir>
#include <QTemporaryDir>

#include "inference/state/snapshot_pages.h"
#include "services/record_conversion.h"
#include "support/test_registry.h"

using namespace alcuin;
using app::LocalLoader;

namespace {

constexpr std::uint64_t kBudget = std::uint64_t{1} << 20U;

/// A folder for states, and one conversation's in it.
struct States {
    QTemporaryDir home;
    QString path = home.filePath(QStringLiteral("states"));
    inference::RuntimeOptions options;

    States() {
        options.threads = 1;
        options.snapshotDirectory = path.toStdString();
    }
    void keep(const QUuid& conversation) const {
        const auto store = inference::SnapshotStore::open(options.snapshotDirectory, kBudget);
        const tests::Chain chain(tests::numbered(64), 64);
        if (!store || !(*store)->append(app::toId(conversation), tests::kRoot, chain.records)) {
            qFatal("the state couldn't be written");
        }
    }
    qsizetype files() const {
        return QDir(path).entryList(QDir::Files).size();
    }
};

} // namespace

/// What engines keep of conversations goes with them, with no model loaded.
class TstLocalLoader : public QObject {
    Q_OBJECT
private slots:
    void onlyTheStatesOfTheseConversationsStay();
    void aFolderThatCannotBeUsedIsTold();
    void withoutAFolderThereIsNothingToTell();
};

void TstLocalLoader::onlyTheStatesOfTheseConversationsStay() {
    const States states;
    const QUuid stays = QUuid::createUuid();
    states.keep(stays);
    states.keep(QUuid::createUuid());
    states.keep(QUuid::createUuid());
    QCOMPARE(states.files(), 3);
    {
        LocalLoader loader(states.options);
        QVERIFY(loader.keepStatesOf({QUuid::createUuid(), stays}).title.isEmpty());
        QCOMPARE(states.files(), 1);
    }
    LocalLoader loader(states.options);
    QVERIFY(loader.keepStatesOf({stays}).title.isEmpty());
    QCOMPARE(states.files(), 1);
    QVERIFY(loader.keepStatesOf({}).title.isEmpty());
    QVERIFY(QDir(states.path).isEmpty());
}

void TstLocalLoader::aFolderThatCannotBeUsedIsTold() {
    const States states;
    states.keep(QUuid::createUuid());
    const auto other = inference::SnapshotStore::open(states.options.snapshotDirectory, kBudget); // holds it
    QVERIFY(other.has_value());
    LocalLoader loader(states.options);
    const auto trouble = loader.keepStatesOf({});
    QVERIFY(!trouble.title.isEmpty());
    QVERIFY2(trouble.text.contains(states.path), qPrintable(trouble.text));
    QCOMPARE(states.files(), 1);
    // Models are loaded all the same: what is wrong is the file.
    const auto outcome = loader.load(
        states.home.filePath(QStringLiteral("none.gguf")), [](double) {}, [] { return false; });
    QVERIFY(!outcome.engine);
    QVERIFY2(!outcome.problem.text.contains(states.path), qPrintable(outcome.problem.text));
}

void TstLocalLoader::withoutAFolderThereIsNothingToTell() {
    inference::RuntimeOptions options;
    options.threads = 1;
    LocalLoader loader(options);
    QVERIFY(loader.keepStatesOf({QUuid::createUuid()}).title.isEmpty());
}

ALCUIN_TEST(TstLocalLoader)
#include "tst_local_loader.moc"
