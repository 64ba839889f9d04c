#include "runtime/snapshot_keeper.h"

#include <exception>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "state/paged_state.h"
#include "state/prefix_cache.h"
#include "tensor/kv_format.h"

namespace alcuin::inference {

namespace {

/// Tokens on disk that memory doesn't have, for which it is worth looking: fewer are read as fast.
constexpr std::size_t kWorthLooking = 2 * kPageTokens;
constexpr std::size_t kWorthReading = kPageTokens / 2;

/// Pages that are held while a file is read or written; only the executor's thread takes and gives them.
struct HeldPages {
    std::shared_ptr<LoadedModel> model; ///< stays until its pages are back
    std::vector<unsigned char*> pages{};

    PagePool& pool() const {
        return *model->model->pagePool();
    }
    /// From now on it can be waited for that these come back.
    void lend() noexcept {
        model->pagesAtDisk += pages.size();
    }
    void takeBack() noexcept {
        model->pagesAtDisk -= pages.size();
        give();
    }
    void give() noexcept {
        for (unsigned char* page : pages) {
            pool().give(page);
        }
        pages.clear();
    }
};

/// So many pages of its own, or none.
std::shared_ptr<HeldPages> takePages(const std::shared_ptr<LoadedModel>& model, std::size_t count) {
    auto held = std::make_shared<HeldPages>(HeldPages{model});
    held->pages.reserve(count);
    while (held->pages.size() < count) {
        auto page = held->pool().take();
        if (!page && model->cache && model->cache->evict(count - held->pages.size()) > 0) {
            page = held->pool().take();
        }
        if (!page) {
            held->give();
            return nullptr;
        }
        held->pages.push_back(*page);
    }
    return held;
}

PagedState* pagedState(const Sequence& sequence) {
    return sequence.hasState() ? dynamic_cast<PagedState*>(&sequence.state()) : nullptr;
}

/// Work on the disk's thread must not throw: what fails there only costs time later.
template <typename Action>
void guardedFromDisk(const char* what, const Action& action) noexcept {
    try {
        action();
    } catch (const std::exception& error) {
        logInfo(fmt::format("{}: {}", what, error.what()));
    }
}

/// Everything that writing a state needs when its sequence is gone.
struct Leaving {
    std::string owner;
    ChainKey root;
    std::vector<Token> tokens;
    std::size_t prefilled = 0; ///< leading tokens that prefill rows wrote
    HeldPages held;

    std::vector<SnapshotStore::PageRecord> records() const {
        std::vector<SnapshotStore::PageRecord> all;
        ChainKey parent = root;
        for (std::size_t i = 0; i < held.pages.size(); ++i) {
            const auto part = std::span(tokens).subspan(i * kPageTokens, kPageTokens);
            const bool pure = (i + 1) * kPageTokens <= prefilled;
            const ChainKey key = chainNext(parent, part, pure);
            all.push_back({key,
                           parent,
                           pure,
                           part,
                           {reinterpret_cast<const std::byte*>(held.pages[i]), held.pool().pageBytes()}});
            parent = key;
        }
        return all;
    }
};

/// Goes on with the first `good` pages that were read.
void appendRead(Sequence& sequence, PagedState& state, const SnapshotStore::Restore& plan, std::size_t first,
                const HeldPages& held, std::size_t good) {
    std::size_t tokens = 0;
    std::size_t prefilled = 0;
    for (std::size_t i = first; i < first + good; ++i) {
        const auto& page = plan.pages[i];
        prefilled += page.prefilled && prefilled == tokens ? page.tokens : 0;
        tokens += page.tokens;
    }
    if (state.prefilledLength() < state.length()) {
        prefilled = 0;
    }
    if (auto appended = state.append(std::span(held.pages).first(good), tokens, prefilled); !appended) {
        logInfo(fmt::format("a state from disk can't be used: {}", appended.error().message));
        return;
    }
    sequence.noteRestored(state.length());
    sequence.model().measurements.restored(tokens);
}

} // namespace

SnapshotKeeper::SnapshotKeeper(std::shared_ptr<SnapshotStore> store, Post post)
    : store_(std::move(store)), post_(std::move(post)) {}

void SnapshotKeeper::look(Sequence& sequence) {
    const auto& options = sequence.options();
    const LoadedModel& model = sequence.model();
    const auto tokens = sequence.reusable();
    if (options.snapshotOwner.empty() || !model.cache || sequence.phase() != Sequence::Phase::kWaiting ||
        tokens.size() < model.cache->matching(tokens, options.reproducible) + kWorthLooking) {
        return;
    }
    sequence.setPhase(Sequence::Phase::kLooking);
    disk_.post([this, request = sequence.sharedRequest(), owner = options.snapshotOwner, root = model.stateRoot,
                pageBytes = model.model->pagePool()->pageBytes(),
                text = std::vector<Token>(tokens.begin(), tokens.end()),
                prefilledOnly = options.reproducible]() noexcept {
        SnapshotStore::Restore found;
        guardedFromDisk("looking for a state on disk",
                        [&] { found = store_->find(owner, root, pageBytes, text, prefilledOnly); });
        guardedFromDisk("after looking for a state on disk", [&] {
            post_(request, [found = std::move(found)](Sequence* waiting) mutable {
                if (waiting != nullptr && waiting->phase() == Sequence::Phase::kLooking) {
                    waiting->setOnDisk(std::move(found));
                    waiting->setPhase(Sequence::Phase::kWaiting);
                }
            });
        });
    });
}

bool SnapshotKeeper::restore(Sequence& sequence) {
    SnapshotStore::Restore plan = sequence.takeOnDisk();
    PagedState* state = pagedState(sequence);
    if (state == nullptr || plan.tokens < state->length() + kWorthReading) {
        return false;
    }
    const std::size_t length = state->length();
    const std::size_t first = length / kPageTokens;
    state->truncate(first * kPageTokens); // also gives back what was reserved, so that there is room
    auto held = takePages(sequence.sharedModel(), plan.pages.size() - first);
    if (!held) {
        return false;
    }
    sequence.setPhase(Sequence::Phase::kRestoring);
    held->lend();
    disk_.post([this, request = sequence.sharedRequest(), plan = std::move(plan), first, held]() noexcept {
        std::size_t good = 0;
        guardedFromDisk("reading a state from disk", [&] { good = store_->read(plan, first, held->pages); });
        guardedFromDisk("after reading a state from disk", [&] {
            post_(request, [plan, first, held, good](Sequence* restored) {
                PagedState* empty = restored != nullptr ? pagedState(*restored) : nullptr;
                if (empty != nullptr && restored->phase() == Sequence::Phase::kRestoring) {
                    appendRead(*restored, *empty, plan, first, *held, good);
                    restored->setPhase(Sequence::Phase::kActive);
                }
                held->takeBack();
            });
        });
    });
    return true;
}

void SnapshotKeeper::save(Sequence& sequence) {
    PagedState* state = pagedState(sequence);
    if (state == nullptr || sequence.options().snapshotOwner.empty() || sequence.failed()) {
        return;
    }
    // Whole pages only: behind the tokens of another lie what a state before it left there, perhaps somebody else's.
    const std::size_t pages = state->length() / kPageTokens;
    if (pages == 0) {
        return;
    }
    const auto tokens = sequence.tokensInState().first(pages * kPageTokens);
    auto leaving = std::make_shared<Leaving>(Leaving{sequence.options().snapshotOwner,
                                                     sequence.model().stateRoot,
                                                     {tokens.begin(), tokens.end()},
                                                     state->prefilledLength(),
                                                     {sequence.sharedModel()}});
    leaving->held.pages.assign(state->pages(), state->pages() + pages);
    for (const unsigned char* page : leaving->held.pages) {
        leaving->held.pool().share(page);
    }
    leaving->held.lend();
    disk_.post([this, request = sequence.sharedRequest(), leaving]() noexcept {
        std::size_t saved = 0;
        guardedFromDisk("writing a state to disk", [&] {
            if (auto appended = store_->append(leaving->owner, leaving->root, leaving->records()); appended) {
                saved = appended->tokens;
            } else {
                logInfo(fmt::format("a state can't be kept on disk: {}", appended.error().message));
            }
        });
        guardedFromDisk("after writing a state to disk", [&] {
            post_(request, [leaving, saved](Sequence* /*gone*/) {
                leaving->held.model->measurements.saved(saved);
                leaving->held.takeBack();
            });
        });
    });
}

void SnapshotKeeper::purge(std::string owner, std::function<void(Result<void>)> done) {
    deleteFromDisk([owner = std::move(owner)](SnapshotStore& store) { return store.purge(owner); }, std::move(done));
}

void SnapshotKeeper::purgeExcept(std::vector<std::string> owners, std::function<void(Result<void>)> done) {
    deleteFromDisk([owners = std::move(owners)](SnapshotStore& store) { return store.purgeExcept(owners); },
                   std::move(done));
}

void SnapshotKeeper::deleteFromDisk(std::function<Result<void>(SnapshotStore&)> action,
                                    std::function<void(Result<void>)> done) {
    disk_.post([this, action = std::move(action), done = std::move(done)]() noexcept {
        Result<void> purged = fail(ErrorCode::kInternal, "The deletion of a state from disk was broken off.");
        guardedFromDisk("deleting a state from disk", [&] { purged = action(*store_); });
        guardedFromDisk("after deleting a state from disk", [&] { done(std::move(purged)); });
    });
}

} // namespace alcuin::inference
