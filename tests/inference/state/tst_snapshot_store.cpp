#include <QTemporaryDir>
#include <QtTest/QTest>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshot_pages.h"
#include "state/snapshot_format.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr std::size_t kPage = 5000; // no multiple of a block
constexpr std::uint64_t kStride = 4096 + 8192;

mode_t modeOf(const std::filesystem::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

std::size_t filesIn(const std::filesystem::path& directory) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
}

/// So that one file was used before another.
void setAge(const std::filesystem::path& path, int hours) {
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours));
}

} // namespace

class SnapshotStoreTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        temporary_ = std::make_unique<QTemporaryDir>();
        directory_ = std::filesystem::path(temporary_->path().toStdString()) / "deep" / "snapshots";
        store_ = openStore(directory_);
        QVERIFY(store_);
    }

    void cleanup() {
        store_.reset();
    }

    void pagesComeBackAfterARestart() {
        const Chain chain(numbered(300), kPage);
        const auto appended = store_->append("a", kRoot, chain.records);
        QVERIFY(appended.has_value());
        QCOMPARE(appended->pages, std::size_t{5});
        QCOMPARE(appended->tokens, std::size_t{300});
        store_.reset();
        store_ = openStore(directory_);
        const auto restore = find(chain.tokens);
        QCOMPARE(restore.tokens, std::size_t{300});
        QCOMPARE(readBack(*store_, restore, kPage), std::optional<std::size_t>(300));
        QCOMPARE(readBack(*store_, restore, kPage, 3), std::optional<std::size_t>(300 - 192)); // what memory lacks
        QCOMPARE(readBack(*store_, restore, kPage, 5), std::optional<std::size_t>(0));
        for (std::size_t i = 0; i < 5; ++i) {
            QCOMPARE(restore.pages[i].key, chain.records[i].key);
            QCOMPARE(restore.pages[i].parent, chain.records[i].parent);
        }
    }

    void onlyTheSameTokensAreFound() {
        const Chain chain(numbered(200), kPage);
        QVERIFY(store_->append("a", kRoot, chain.records).has_value());
        QCOMPARE(find(numbered(1000)).tokens, std::size_t{200});
        QCOMPARE(find(numbered(64)).tokens, std::size_t{64});
        QCOMPARE(find(numbered(100)).tokens, std::size_t{100}); // a part of a full page
        QCOMPARE(find(numbered(64)).pages.size(), std::size_t{1});
        QCOMPARE(find({}).tokens, std::size_t{0});
        for (const std::size_t changed : {0U, 63U, 64U, 100U, 199U}) {
            auto tokens = numbered(200);
            tokens[changed] = -1;
            const auto restore = find(tokens);
            QCOMPARE(restore.tokens, changed);
            QCOMPARE(readBack(*store_, restore, kPage), std::optional<std::size_t>(changed));
        }
    }

    void othersFilesAreNotTaken() {
        const Chain chain(numbered(128), kPage);
        QVERIFY(store_->append("a", kRoot, chain.records).has_value());
        const ChainKey other = chainRoot({8, {}, "layout", "numerics"});
        QCOMPARE(store_->find("b", kRoot, kPage, chain.tokens, false).tokens, std::size_t{0});
        QCOMPARE(store_->find("a", other, kPage, chain.tokens, false).tokens, std::size_t{0});
        QCOMPARE(store_->find("a", kRoot, kPage + 1, chain.tokens, false).tokens, std::size_t{0});
        // Also not under another model's name, nor below its root.
        const auto file = onlyFile(directory_);
        const auto name = file.filename().string();
        const Chain foreign(numbered(128), kPage, ~std::size_t{0}, other);
        QVERIFY(store_->append("a", other, foreign.records).has_value());
        for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
            if (entry.path() != file) {
                overwrite(entry.path(), contentsOf(file));
            }
        }
        QCOMPARE(store_->find("a", other, kPage, chain.tokens, false).tokens, std::size_t{0});
        // And its file is taken over by who it is for.
        QCOMPARE(store_->append("a", other, foreign.records)->pages, std::size_t{2});
        QCOMPARE(store_->find("a", other, kPage, chain.tokens, false).tokens, std::size_t{128});
    }

    void onlyWhatIsNewIsWritten() {
        const Chain first(numbered(150), kPage);
        QCOMPARE(store_->append("a", kRoot, first.records)->pages, std::size_t{3});
        const auto file = onlyFile(directory_);
        const std::string before = contentsOf(file);
        QCOMPARE(store_->append("a", kRoot, first.records)->pages, std::size_t{0});
        QCOMPARE(contentsOf(file), before);
        // The next turn fills the last page, in its place, and goes on.
        const Chain second(numbered(300), kPage);
        QCOMPARE(store_->append("a", kRoot, second.records)->pages, std::size_t{3});
        const std::string after = contentsOf(file);
        QCOMPARE(std::uint64_t{after.size()}, 4096 + 5 * kStride);
        QCOMPARE(after.substr(0, 4096 + 2 * kStride), before.substr(0, 4096 + 2 * kStride));
        // A part of what is there adds nothing.
        QCOMPARE(store_->append("a", kRoot, first.records)->pages, std::size_t{0});
        QCOMPARE(readBack(*store_, find(second.tokens), kPage), std::optional<std::size_t>(300));
    }

    void branchesShareTheirStart() {
        auto text = numbered(256);
        const Chain first(text, kPage);
        std::fill(text.begin() + 130, text.end(), Token{9});
        const Chain second(text, kPage);
        QCOMPARE(store_->append("a", kRoot, first.records)->pages, std::size_t{4});
        QCOMPARE(store_->append("a", kRoot, second.records)->pages, std::size_t{2});
        for (const Chain* chain : {&first, &second}) {
            const auto restore = find(chain->tokens);
            QCOMPARE(restore.tokens, std::size_t{256});
            QCOMPARE(readBack(*store_, restore, kPage), std::optional<std::size_t>(256));
        }
        // Pages that nothing leads to are left out.
        QCOMPARE(store_->append("b", kRoot, std::span(first.records).subspan(1))->pages, std::size_t{0});
        QCOMPARE(filesIn(directory_), std::size_t{1});
    }

    void prefilledPagesArePreferredAndCanBeAskedForAlone() {
        const Chain decoded(numbered(256), kPage, 100); // the first page alone is prefilled
        QVERIFY(store_->append("a", kRoot, decoded.records).has_value());
        QCOMPARE(find(decoded.tokens).tokens, std::size_t{256});
        QCOMPARE(find(decoded.tokens, true).tokens, std::size_t{64});
        const Chain prefilled(numbered(192), kPage);
        QCOMPARE(store_->append("a", kRoot, prefilled.records)->pages, std::size_t{2});
        QCOMPARE(find(decoded.tokens, true).tokens, std::size_t{192});
        const auto longest = find(decoded.tokens); // only the mixed chain goes on
        QCOMPARE(longest.tokens, std::size_t{256});
        QCOMPARE(longest.pages.back().key, decoded.records.back().key);
        const auto shorter = find(numbered(192));
        QVERIFY(std::ranges::all_of(shorter.pages, &SnapshotStore::Restore::Page::prefilled));
        QCOMPARE(readBack(*store_, shorter, kPage), std::optional<std::size_t>(192));
    }

    void anAnswersEndDoesNotDisplaceAPrefilledPart() {
        const Chain prompt(numbered(100), kPage);
        QVERIFY(store_->append("a", kRoot, prompt.records).has_value());
        const Chain answered(numbered(120), kPage, 100);
        QCOMPARE(store_->append("a", kRoot, answered.records)->pages, std::size_t{1});
        QCOMPARE(find(answered.tokens, true).tokens, std::size_t{100});
        QCOMPARE(find(answered.tokens).tokens, std::size_t{120});
    }

    void nobodyElseCanRead() {
        const Chain chain(numbered(64), kPage);
        const mode_t before = ::umask(0);
        QVERIFY(store_->append("someone's chat", kRoot, chain.records).has_value());
        ::umask(before);
        const auto file = onlyFile(directory_);
        QCOMPARE(modeOf(directory_), mode_t{0700});
        QCOMPARE(modeOf(file), mode_t{0600});
        QVERIFY(file.filename().string().find("chat") == std::string::npos);
        // Loosened by somebody: closed again.
        std::filesystem::permissions(file, std::filesystem::perms(0644));
        std::filesystem::permissions(directory_, std::filesystem::perms(0755));
        store_.reset();
        store_ = openStore(directory_);
        QCOMPARE(store_->find("someone's chat", kRoot, kPage, chain.tokens, false).tokens, std::size_t{64});
        QCOMPARE(modeOf(directory_), mode_t{0700});
        QCOMPARE(modeOf(file), mode_t{0600});
    }

    void linksAreRefused() {
        const Chain chain(numbered(64), kPage);
        QVERIFY(store_->append("a", kRoot, chain.records).has_value());
        const auto file = onlyFile(directory_);
        const auto outside = directory_.parent_path() / "precious";
        std::filesystem::rename(file, outside);
        const std::string precious = contentsOf(outside);
        for (const bool hard : {false, true}) {
            if (hard) {
                std::filesystem::create_hard_link(outside, file);
            } else {
                std::filesystem::create_symlink(outside, file);
            }
            QCOMPARE(find(chain.tokens).tokens, std::size_t{0});
            QVERIFY(!store_->append("a", kRoot, Chain(numbered(64, 5), kPage).records).has_value());
            QCOMPARE(contentsOf(outside), precious);
            std::filesystem::remove(file);
        }
        store_.reset();
        const auto link = directory_.parent_path() / "link";
        std::filesystem::create_directory_symlink(directory_, link);
        QVERIFY(!openStore(link));
        QVERIFY(!openStore(link.string() + "/"));
        QVERIFY(!openStore(outside));
        QCOMPARE(::mkfifo(file.c_str(), 0600), 0);
        store_ = openStore(directory_);
        QCOMPARE(find(chain.tokens).tokens, std::size_t{0});
    }

    void oneHoldsADirectory() {
        QVERIFY(!openStore(directory_));
        store_.reset();
        QVERIFY(openStore(directory_));
    }

    void purgingForgets() {
        const Chain chain(numbered(128), kPage);
        const ChainKey otherModel = chainRoot({8, {}, "", ""});
        const Chain other(numbered(128), kPage, ~std::size_t{0}, otherModel);
        QVERIFY(store_->append("a", kRoot, chain.records).has_value());
        QVERIFY(store_->append("a", otherModel, other.records).has_value());
        QVERIFY(store_->append("b", kRoot, chain.records).has_value());
        const auto restore = find(chain.tokens);
        QVERIFY(store_->purge("a").has_value());
        QCOMPARE(filesIn(directory_), std::size_t{1});
        QCOMPARE(find(chain.tokens).tokens, std::size_t{0});
        QCOMPARE(store_->find("a", otherModel, kPage, other.tokens, false).tokens, std::size_t{0});
        QCOMPARE(store_->find("b", kRoot, kPage, chain.tokens, false).tokens, std::size_t{128});
        QCOMPARE(readBack(*store_, restore, kPage), std::optional<std::size_t>(128)); // under way: finishes
        QVERIFY(store_->purge("nobody").has_value());
    }

    void everybodyButSomeIsForgotten() {
        const Chain chain(numbered(128), kPage);
        for (const char* owner : {"a", "b", "c"}) {
            QVERIFY(store_->append(owner, kRoot, chain.records).has_value());
        }
        overwrite(directory_ / "notes.txt", "x"); // not ours
        const std::vector<std::string> kept{"b", "nobody"};
        QVERIFY(store_->purgeExcept(kept).has_value());
        QCOMPARE(filesIn(directory_), std::size_t{2});
        QCOMPARE(find(chain.tokens).tokens, std::size_t{0});
        QCOMPARE(store_->find("b", kRoot, kPage, chain.tokens, false).tokens, std::size_t{128});
        QVERIFY(store_->purgeExcept({}).has_value());
        QCOMPARE(store_->bytes(), std::uint64_t{0});
        QVERIFY(std::filesystem::exists(directory_ / "notes.txt"));
    }

    void theLongestUnusedMakeRoom() {
        store_.reset();
        store_ = openStore(directory_, 3 * (4096 + 2 * kStride));
        overwrite(directory_ / "notes.txt", std::string(100'000, 'x')); // not ours: neither counted nor removed
        std::vector<std::string> names;
        const Chain chain(numbered(128), kPage);
        for (const char* owner : {"a", "b", "c"}) {
            QVERIFY(store_->append(owner, kRoot, chain.records).has_value());
            for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
                if (entry.path().filename() != "notes.txt") {
                    setAge(entry.path(), owner[0] == 'a' ? 1 : 2);
                }
            }
        }
        QCOMPARE(filesIn(directory_), std::size_t{4});
        QCOMPARE(store_->find("a", kRoot, kPage, chain.tokens, false).tokens, std::size_t{128}); // used now
        QVERIFY(store_->append("d", kRoot, Chain(numbered(64), kPage).records).has_value());
        QCOMPARE(filesIn(directory_), std::size_t{4}); // one went
        QCOMPARE(store_->find("a", kRoot, kPage, chain.tokens, false).tokens, std::size_t{128});
        QCOMPARE(store_->find("d", kRoot, kPage, chain.tokens, false).tokens, std::size_t{64});
        QVERIFY(store_->bytes() <= 3 * (4096 + 2 * kStride));
        // A smaller limit holds from the next start on.
        store_.reset();
        store_ = openStore(directory_, 4096 + 2 * kStride);
        QVERIFY(store_->bytes() <= 4096 + 2 * kStride);
        QVERIFY(std::filesystem::exists(directory_ / "notes.txt"));
    }

    void oneFileKeepsToTheLimitToo() {
        store_.reset();
        store_ = openStore(directory_, 4096 + 3 * kStride);
        const Chain longer(numbered(640), kPage);
        QCOMPARE(store_->append("a", kRoot, longer.records)->pages, std::size_t{3});
        QCOMPARE(find(longer.tokens).tokens, std::size_t{192});
        // A branch takes the place of what isn't its own, from the end.
        auto text = numbered(640);
        std::fill(text.begin() + 70, text.end(), Token{9});
        QCOMPARE(store_->append("a", kRoot, Chain(text, kPage).records)->pages, std::size_t{2});
        QCOMPARE(find(text).tokens, std::size_t{192});
        QCOMPARE(readBack(*store_, find(text), kPage), std::optional<std::size_t>(192));
        QCOMPARE(store_->bytes(), 4096 + 3 * kStride);
        store_.reset();
        store_ = openStore(directory_, 100);
        QCOMPARE(store_->append("a", kRoot, longer.records)->pages, std::size_t{0});
        QCOMPARE(filesIn(directory_), std::size_t{0});
    }

    void abandonedBranchesDoNotPileUp() {
        auto text = numbered(80 * kPageTokens);
        for (Token turn = 0; turn < 20; ++turn) {
            std::fill(text.begin() + 40 * static_cast<std::ptrdiff_t>(kPageTokens), text.end(), turn);
            const Chain chain(text, 16);
            QCOMPARE(store_->append("a", kRoot, chain.records)->pages, turn == 0 ? std::size_t{80} : std::size_t{40});
            const auto restore = store_->find("a", kRoot, 16, text, false);
            QCOMPARE(readBack(*store_, restore, 16), std::optional<std::size_t>(text.size()));
        }
        QVERIFY(store_->bytes() <= 4096 + 161 * 8192);
    }

    void othersKeepRoomOnTheDisk() {
        store_.reset();
        std::uint64_t free = SnapshotStore::kFreeBytes + 2 * kStride;
        store_ = SnapshotStore::open(directory_, std::uint64_t{1} << 40, [&free] { return free; }).value();
        const Chain chain(numbered(256), kPage);
        QCOMPARE(store_->append("a", kRoot, std::span(chain.records).first(1))->pages, std::size_t{1});
        free = SnapshotStore::kFreeBytes + kStride - 1;
        QCOMPARE(store_->append("a", kRoot, chain.records)->pages, std::size_t{0});
        QCOMPARE(find(chain.tokens).tokens, std::size_t{64}); // what is there stays
    }

    /// A file may become no larger than so many bytes, cut off at awkward places: an error, what was there stays, and
    /// the next time goes on.
    void aFullDiskLosesNothing() {
        const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
        const Chain chain(numbered(256), kPage);
        for (rlim_t limit = 0; limit < 4096 + 4 * kStride; limit += 1111) {
            QVERIFY(store_->purge("a").has_value());
            QVERIFY(limit < 4096 + kStride ||
                    store_->append("a", kRoot, std::span(chain.records).first(1)).has_value());
            rlimit old{};
            ::getrlimit(RLIMIT_FSIZE, &old);
            rlimit small = old;
            small.rlim_cur = limit;
            ::setrlimit(RLIMIT_FSIZE, &small);
            const auto appended = store_->append("a", kRoot, chain.records);
            ::setrlimit(RLIMIT_FSIZE, &old);
            QVERIFY(!appended.has_value());
            const std::size_t there = limit < 4096 ? 0 : (limit - 4096) / kStride;
            QCOMPARE(readBack(*store_, find(chain.tokens), kPage), std::optional(there * kPageTokens));
            QCOMPARE(store_->append("a", kRoot, chain.records)->pages, 4 - there);
            QCOMPARE(readBack(*store_, find(chain.tokens), kPage), std::optional<std::size_t>(256));
        }
        std::signal(SIGXFSZ, oldHandler);
    }

    void mistakesOfCallersAreRefused() {
        const Chain chain(numbered(64), kPage);
        auto record = chain.records.front();
        const auto refused = [&](SnapshotStore::PageRecord wrong) {
            const std::array both{record, wrong};
            const auto appended = store_->append("a", kRoot, both);
            return !appended && appended.error().code == ErrorCode::kInvalidArgument;
        };
        auto wrong = record;
        wrong.tokens = wrong.tokens.first(63);
        QVERIFY(refused(wrong));
        wrong = record;
        wrong.prefilled = false;
        QVERIFY(refused(wrong));
        wrong = record;
        wrong.bytes = wrong.bytes.first(100);
        QVERIFY(refused(wrong));
        wrong = record;
        wrong.tokens = {};
        QVERIFY(refused(wrong));
        QCOMPARE(store_->append("a", kRoot, {})->pages, std::size_t{0});
    }

private:
    SnapshotStore::Restore find(const std::vector<Token>& tokens, bool prefilledOnly = false) {
        return store_->find("a", kRoot, kPage, tokens, prefilledOnly);
    }

    std::unique_ptr<QTemporaryDir> temporary_;
    std::filesystem::path directory_;
    std::shared_ptr<SnapshotStore> store_;
};

ALCUIN_TEST(SnapshotStoreTest)
#include "tst_snapshot_store.moc"
