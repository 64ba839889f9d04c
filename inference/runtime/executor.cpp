#include "runtime/executor.h"

#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "base/thread_priority.h"

namespace alcuin::inference {

namespace {

using Clock = std::chrono::steady_clock;

/// The most urgent first; among equals the one that came first stays first.
bool moreUrgent(const Sequence* a, const Sequence* b) {
    return a->request().priority() > b->request().priority();
}

/// Posting the message may itself lack memory: then the code alone has to do.
Error makeError(ErrorCode code, const char* message) noexcept {
    Error error{code, {}};
    try {
        error.message = message;
    } catch (const std::bad_alloc&) {
        error.code = ErrorCode::kOutOfMemory;
    }
    return error;
}

constexpr const char* kNoMemory = "There wasn't enough memory to go on with this answer.";

/// What goes wrong for one sequence is that sequence's error, and nobody else's.
template <typename Action>
void guarded(Sequence& sequence, const Action& action) noexcept {
    try {
        action();
    } catch (const std::bad_alloc&) {
        sequence.fail(makeError(ErrorCode::kOutOfMemory, kNoMemory));
    } catch (const std::exception& error) {
        sequence.fail(makeError(ErrorCode::kInternal, error.what()));
    }
}

} // namespace

Executor::Executor() : thread_([this] { run(); }) {}

Executor::~Executor() {
    stopping_.store(true);
    signal_->raise();
    thread_.join();
}

std::shared_ptr<Request> Executor::add(std::shared_ptr<LoadedModel> model, GenerationOptions options,
                                       Priority priority) {
    auto request = std::make_shared<Request>(signal_, priority);
    auto sequence = std::make_unique<Sequence>(request, std::move(model), std::move(options), Clock::now());
    {
        const std::lock_guard lock(inboxMutex_);
        newSequences_.push_back(std::move(sequence));
    }
    signal_->raise();
    return request;
}

void Executor::prepared(const std::shared_ptr<Request>& request, Result<Prompt> prompt) {
    {
        const std::lock_guard lock(inboxMutex_);
        newPrompts_.push_back({request, std::move(prompt)});
    }
    signal_->raise();
}

/// The thread's entry: whatever escapes a round becomes an error of the requests it concerns.
void Executor::run() noexcept {
    giveWayToTheWindow();
    while (!stopping_.load()) {
        try {
            if (!iterate()) {
                signal_->wait();
            }
        } catch (const std::bad_alloc&) {
            failCurrent(ErrorCode::kOutOfMemory, kNoMemory);
        } catch (const std::exception& error) {
            failCurrent(ErrorCode::kInternal, error.what());
        } catch (...) {
            failCurrent(ErrorCode::kInternal, "An unknown exception reached the executor.");
        }
    }
    endAll();
}

/// One round. False: there is nothing to do until something changes.
bool Executor::iterate() {
    plan_.clear();
    signal_->take();
    receive();
    endCancelled();
    sweep();
    admit();
    if (!plan()) {
        return false;
    }
    step();
    return true;
}

void Executor::receive() {
    std::vector<Preparation> prompts;
    {
        const std::lock_guard lock(inboxMutex_);
        sequences_.reserve(sequences_.size() + newSequences_.size());
        for (auto& sequence : newSequences_) {
            sequence->model().counters.queued += 1;
            sequences_.push_back(std::move(sequence));
        }
        newSequences_.clear();
        prompts.swap(newPrompts_);
    }
    for (auto& [request, prompt] : prompts) {
        const auto owner = std::find_if(sequences_.begin(), sequences_.end(),
                                        [&](const auto& each) { return &each->request() == request.get(); });
        if (owner == sequences_.end()) {
            continue; // cancelled and gone
        }
        guarded(**owner, [&, &made = prompt] {
            if (made) {
                (*owner)->setPrompt(std::move(*made));
            } else {
                (*owner)->fail(std::move(made.error()));
            }
        });
    }
}

void Executor::endCancelled() {
    for (const auto& sequence : sequences_) {
        if (sequence->request().cancelled()) {
            guarded(*sequence, [&] { sequence->finish(FinishReason::kCancelled); });
        }
    }
}

/// Frees what ended. Only between steps: a cursor borrows states.
void Executor::sweep() {
    const auto ended = std::stable_partition(sequences_.begin(), sequences_.end(),
                                             [](const auto& each) { return each->phase() != Sequence::Phase::kEnded; });
    std::vector<std::shared_ptr<LoadedModel>> models;
    for (auto it = ended; it != sequences_.end(); ++it) {
        models.push_back((*it)->sharedModel());
    }
    sequences_.erase(ended, sequences_.end());
    for (const auto& model : models) {
        refreshCounters(*model);
    }
}

/// Gives waiting sequences a state, the most urgent first. Less urgent ones that run already don't take their place.
void Executor::admit() {
    order_.clear();
    for (const auto& sequence : sequences_) {
        if (sequence->phase() == Sequence::Phase::kWaiting && !sequence->request().paused()) {
            order_.push_back(sequence.get());
        }
    }
    std::stable_sort(order_.begin(), order_.end(), moreUrgent);
    for (auto* sequence : order_) {
        const auto running = std::count_if(sequences_.begin(), sequences_.end(), [&](const auto& each) {
            return each->runnable() && each->request().priority() >= sequence->request().priority();
        });
        if (static_cast<std::size_t>(running) >= kMaxActive) {
            break;
        }
        if (auto admitted = sequence->admit(); !admitted) {
            sequence->fail(std::move(admitted.error()));
        }
        refreshCounters(sequence->model());
    }
}

/// Picks the model whose turn it is and lays out its step. Models with something to do take turns.
bool Executor::plan() {
    order_.clear();
    bool somebodyWrites = false;
    for (const auto& sequence : sequences_) {
        if (sequence->runnable()) {
            order_.push_back(sequence.get());
            somebodyWrites = somebodyWrites || sequence->phase() == Sequence::Phase::kDecode;
        }
    }
    if (order_.empty()) {
        return false;
    }
    const auto next = std::min_element(order_.begin(), order_.end(), [](const Sequence* a, const Sequence* b) {
        return a->model().lastTurn < b->model().lastTurn;
    });
    planFor((*next)->model(), somebodyWrites);
    return true;
}

void Executor::planFor(LoadedModel& model, bool somebodyWrites) {
    model.lastTurn = ++turns_;
    std::erase_if(order_, [&](const Sequence* each) { return &each->model() != &model; });
    std::stable_sort(order_.begin(), order_.end(), moreUrgent);
    auto rowsLeft = model.model->maxRows();
    for (auto* sequence : order_) {
        if (sequence->phase() == Sequence::Phase::kDecode && rowsLeft > 0) {
            plan_.add(*sequence, 1);
            --rowsLeft;
        }
    }
    if (somebodyWrites) {
        rowsLeft = std::min(rowsLeft, kPromptRowsBesideDecode);
    }
    for (auto* sequence : order_) {
        if (sequence->phase() == Sequence::Phase::kPrefill && rowsLeft > 0) {
            const auto rows = std::min(rowsLeft, sequence->pending().size());
            plan_.add(*sequence, rows);
            rowsLeft -= rows;
        }
    }
}

/// Runs the step that is planned. Where it fails for several sequences together, each is tried alone, so that the
/// error goes to the one it concerns; what a row gives doesn't depend on its company.
void Executor::step() {
    auto& model = plan_.members().front().sequence->model();
    const auto result = execute(plan_);
    if (!result) {
        const auto members = plan_.members();
        if (members.size() == 1) {
            members.front().sequence->fail(result.error());
        } else {
            for (const auto& member : members) {
                if (!member.sequence->runnable()) {
                    continue;
                }
                plan_.clear();
                plan_.add(*member.sequence, member.rows);
                if (const auto alone = execute(plan_); !alone) {
                    member.sequence->fail(alone.error());
                }
            }
        }
    }
    refreshCounters(model);
}

/// Runs a step to its end, or until it is dropped: then nothing has changed but what ended.
Result<void> Executor::execute(const StepPlan& plan) {
    try {
        return executeUnguarded(plan);
    } catch (const std::bad_alloc&) {
        return tl::unexpected(makeError(ErrorCode::kOutOfMemory, kNoMemory));
    } catch (const std::exception& error) {
        return tl::unexpected(makeError(ErrorCode::kInternal, error.what()));
    }
}

Result<void> Executor::executeUnguarded(const StepPlan& plan) {
    if (!reserve(plan)) {
        return {};
    }
    const auto now = Clock::now();
    for (const auto& member : plan.members()) {
        member.sequence->stepBegins(now);
    }
    auto& model = plan.members().front().sequence->model();
    auto cursor = model.model->begin(plan.input());
    if (!cursor) {
        return tl::unexpected(cursor.error());
    }
    bool dropped = false;
    if (auto result = advanceToEnd(plan, **cursor, dropped); !result || dropped) {
        return result;
    }
    model.counters.steps += 1;
    const auto decodeRows = std::ranges::count_if(plan.members(), [](const StepPlan::Member& member) {
        return member.sequence->phase() == Sequence::Phase::kDecode;
    });
    model.measurements.step(Clock::now() - now, static_cast<std::size_t>(decodeRows));
    settle(plan, (*cursor)->logits());
    return {};
}

/// Memory for the step's rows. A sequence that gets none ends; then (false) the step must be planned anew.
bool Executor::reserve(const StepPlan& plan) {
    bool ready = true;
    for (const auto& member : plan.members()) {
        if (auto reserved = member.sequence->state().reserve(member.rows); !reserved) {
            member.sequence->fail(std::move(reserved.error()));
            ready = false;
        }
    }
    return ready;
}

Result<void> Executor::advanceToEnd(const StepPlan& plan, StepCursor& cursor, bool& dropped) {
    while (true) {
        auto complete = cursor.advance();
        if (!complete) {
            return tl::unexpected(std::move(complete.error()));
        }
        if (*complete) {
            return {};
        }
        if (signal_->take() && shouldDrop(plan)) {
            dropped = true;
            return {};
        }
    }
}

/// Something changed while a step runs. Whether to drop it: because we stop, because a sequence whose prompt it reads
/// ended, because nobody is left, or because all it does is read prompts while somebody more urgent came.
bool Executor::shouldDrop(const StepPlan& plan) {
    if (stopping_.load()) {
        return true;
    }
    receive();
    endCancelled();
    bool anybody = false;
    bool onlyPrompts = true;
    auto highest = Priority::kBackground;
    for (const auto& [sequence, rows, wantsLogits] : plan.members()) {
        const bool ended = sequence->phase() == Sequence::Phase::kEnded;
        if (ended && rows > 1) {
            return true;
        }
        anybody = anybody || !ended;
        onlyPrompts = onlyPrompts && sequence->phase() == Sequence::Phase::kPrefill;
        highest = std::max(highest, sequence->request().priority());
    }
    if (!anybody) {
        return true;
    }
    return onlyPrompts && std::any_of(sequences_.begin(), sequences_.end(), [&](const auto& each) {
               return each->phase() == Sequence::Phase::kWaiting && !each->request().paused() &&
                      each->request().priority() > highest;
           });
}

void Executor::settle(const StepPlan& plan, std::span<const float> logits) {
    const auto now = Clock::now();
    std::size_t row = 0;
    for (const auto& [sequence, rows, wantsLogits] : plan.members()) {
        const auto vocabulary = sequence->model().model->vocabularySize();
        std::span<const float> own;
        if (wantsLogits) {
            own = logits.subspan(row * vocabulary, vocabulary);
            ++row;
        }
        guarded(*sequence, [&, &member = *sequence, count = rows] { member.stepDone(count, own, now); });
    }
}

void Executor::refreshCounters(LoadedModel& model) const {
    std::size_t active = 0;
    std::size_t queued = 0;
    std::size_t bytes = 0;
    for (const auto& sequence : sequences_) {
        if (&sequence->model() != &model || sequence->phase() == Sequence::Phase::kEnded) {
            continue;
        }
        if (sequence->active()) {
            ++active;
            bytes += sequence->state().bytes();
        } else {
            ++queued;
        }
    }
    model.counters.active = active;
    model.counters.queued = queued;
    model.counters.stateBytes = bytes;
}

/// Ends the sequences of the step that was under way; all of them if there was none.
void Executor::failCurrent(ErrorCode code, const char* message) noexcept {
    if (plan_.empty()) {
        for (const auto& sequence : sequences_) {
            sequence->fail(makeError(code, message));
        }
    }
    for (const auto& member : plan_.members()) {
        member.sequence->fail(makeError(code, message));
    }
}

/// What hasn't even been received yet ends in the destructor of Sequence.
void Executor::endAll() noexcept {
    plan_.clear();
    for (const auto& sequence : sequences_) {
        guarded(*sequence, [&] { sequence->finish(FinishReason::kCancelled); });
        refreshCounters(sequence->model());
    }
    sequences_.clear();
}

} // namespace alcuin::inference
