#include "runtime/executor.h"

#include <algorithm>
#include <exception>
#include <future>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/thread_priority.h"
#include "runtime/admission.h"
#include "runtime/bookkeeping.h"
#include "runtime/state_room.h"

namespace alcuin::inference {

namespace {

/// A step that reads an urgent prompt while nobody writes.
constexpr double kUrgentMs = 100;
std::chrono::steady_clock::duration milliseconds(double ms) {
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double, std::milli>(ms));
}

double milliseconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

bool hasEnded(const std::unique_ptr<Sequence>& sequence) {
    return sequence->phase() == Sequence::Phase::kEnded;
}

} // namespace

Executor::Executor(ExecutorOptions options) : options_(std::move(options)) {
    if (options_.snapshots) {
        keeper_ = std::make_unique<SnapshotKeeper>(
            options_.snapshots, [this](std::shared_ptr<const Request> request, std::function<void(Sequence*)> action) {
                post(std::move(request), std::move(action));
            });
    }
    thread_ = std::thread([this] { run(); });
}

Executor::~Executor() {
    stopping_.store(true);
    signal_->raise();
    thread_.join();
    keeper_.reset(); // everything is on disk now, and what is left to do with it is posted
    receive();
}

std::shared_ptr<Request> Executor::add(std::shared_ptr<LoadedModel> model, GenerationOptions options,
                                       Priority priority) {
    auto request = std::make_shared<Request>(signal_, priority);
    auto sequence = std::make_unique<Sequence>(request, std::move(model), std::move(options), options_.now());
    {
        const std::lock_guard lock(inboxMutex_);
        newSequences_.push_back(std::move(sequence));
    }
    signal_->raise();
    return request;
}

void Executor::prepared(const std::shared_ptr<Request>& request, Result<Prompt> prompt) {
    post(request, [this, made = std::make_shared<Result<Prompt>>(std::move(prompt))](Sequence* sequence) {
        if (sequence == nullptr) {
            return; // cancelled and gone
        }
        if (!*made) {
            return sequence->fail(std::move(made->error()));
        }
        sequence->setPrompt(std::move(**made));
        if (keeper_) {
            keeper_->look(*sequence);
        }
    });
}

Result<void> Executor::forget(const std::string& owner) {
    if (!keeper_) {
        return {};
    }
    const auto gone = std::make_shared<std::promise<Result<void>>>();
    post(nullptr, [this, owner, gone](Sequence*) {
        for (const auto& sequence : sequences_) {
            if (sequence->options().snapshotOwner == owner) {
                sequence->forgetOwner();
            }
        }
        keeper_->purge(owner, [gone](Result<void> purged) { gone->set_value(std::move(purged)); });
    });
    return gone->get_future().get();
}

Result<void> Executor::forgetExcept(std::vector<std::string> owners) {
    if (!keeper_) {
        return {};
    }
    const auto gone = std::make_shared<std::promise<Result<void>>>();
    post(nullptr, [this, owners = std::move(owners), gone](Sequence*) {
        for (const auto& sequence : sequences_) {
            if (std::ranges::find(owners, sequence->options().snapshotOwner) == owners.end()) {
                sequence->forgetOwner();
            }
        }
        keeper_->purgeExcept(owners, [gone](Result<void> purged) { gone->set_value(std::move(purged)); });
    });
    return gone->get_future().get();
}

void Executor::post(std::shared_ptr<const Request> request, std::function<void(Sequence*)> action) {
    {
        const std::lock_guard lock(inboxMutex_);
        actions_.push_back({std::move(request), std::move(action)});
    }
    signal_->raise();
}

/// The thread's entry: whatever escapes a round becomes an error of the requests there are.
void Executor::run() noexcept {
    giveWayToTheWindow();
    while (!stopping_.load()) {
        try {
            if (!iterate()) {
                signal_->wait();
            }
        } catch (const std::bad_alloc&) {
            failAll(ErrorCode::kOutOfMemory, kNoMemory);
        } catch (const std::exception& error) {
            failAll(ErrorCode::kInternal, error.what());
        } catch (...) {
            failAll(ErrorCode::kInternal, "An unknown exception reached the executor.");
        }
    }
    endAll();
}

/// One round. False: there is nothing to do until something changes.
bool Executor::iterate() {
    signal_->take();
    receive();
    for (const auto& sequence : sequences_) {
        sequence->noteWishes();
    }
    endCancelled();
    dropBroken();
    sweep();
    const auto now = options_.now();
    Admission admission(sequences_, now, keeper_.get(), [this](const Sequence& sequence) -> const StepPlan& {
        return workOf(sequence.sharedModel()).prompts().plan();
    });
    const bool changed = admission.admit();
    for (const auto& work : works_) {
        work->gather(sequences_, now);
    }
    ModelWork* writer = next(&ModelWork::hasWriters);
    ModelWork* reader = next(&ModelWork::hasReaders);
    if (writer != nullptr && (reader == nullptr || now >= answersDue_)) {
        writeAnswers(*writer);
    } else if (reader != nullptr) {
        readPrompts(*reader, writer != nullptr);
    }
    return writer != nullptr || reader != nullptr || changed;
}

void Executor::receive() {
    std::vector<std::unique_ptr<Sequence>> sequences;
    std::vector<Action> actions;
    {
        // Together: a request's actions come after it, so its sequence is there if it isn't gone already.
        const std::lock_guard lock(inboxMutex_);
        sequences.swap(newSequences_);
        actions.swap(actions_);
    }
    for (auto& sequence : sequences) {
        workOf(sequence->sharedModel());
        sequence->model().counters.queued += 1;
        sequences_.push_back(std::move(sequence));
    }
    for (const auto& action : actions) {
        const auto owner = std::ranges::find_if(
            sequences_, [&](const auto& each) { return &each->request() == action.request.get(); });
        if (owner == sequences_.end()) {
            action.run(nullptr);
        } else {
            guarded(**owner, [&] { action.run(owner->get()); });
        }
    }
}

void Executor::endCancelled() {
    for (const auto& sequence : sequences_) {
        if (sequence->request().cancelled()) {
            guarded(*sequence, [&] { sequence->finish(FinishReason::kCancelled); });
        }
    }
}

/// Drops steps that read the prompt of a sequence which has ended or was paused: the others are planned anew.
void Executor::dropBroken() {
    for (const auto& work : works_) {
        const auto& members = work->prompts().plan().members();
        if (std::ranges::any_of(members, [](const auto& member) { return !member.sequence->runnable(); })) {
            work->prompts().drop();
        }
    }
}

/// Frees what ended. Only between steps: a cursor borrows states.
void Executor::sweep() {
    const auto ended =
        std::stable_partition(sequences_.begin(), sequences_.end(), [](const auto& each) { return !hasEnded(each); });
    std::vector<std::shared_ptr<LoadedModel>> models;
    for (auto it = ended; it != sequences_.end(); ++it) {
        guarded(**it, [&] {
            keepState(**it, true);
            if (keeper_) {
                keeper_->save(**it);
            }
        });
        models.push_back((*it)->sharedModel());
    }
    sequences_.erase(ended, sequences_.end());
    for (const auto& model : models) {
        refreshCounters(*model, sequences_);
    }
    std::erase_if(works_, [&](const auto& work) {
        return std::ranges::none_of(sequences_, [&](const auto& each) { return &each->model() == &work->model(); });
    });
}

ModelWork& Executor::workOf(const std::shared_ptr<LoadedModel>& model) {
    const auto known = std::ranges::find_if(works_, [&](const auto& work) { return &work->model() == model.get(); });
    if (known != works_.end()) {
        return **known;
    }
    model->pace.setTarget(options_.targetTokenMs);
    return *works_.emplace_back(std::make_unique<ModelWork>(model));
}

/// The model with work whose turn was longest ago.
ModelWork* Executor::next(bool (ModelWork::*hasWork)() const) {
    ModelWork* chosen = nullptr;
    for (const auto& work : works_) {
        if (((*work).*hasWork)() && (chosen == nullptr || work->lastTurn < chosen->lastTurn)) {
            chosen = work.get();
        }
    }
    return chosen;
}

void Executor::writeAnswers(ModelWork& work) {
    work.lastTurn = ++turns_;
    work.planAnswers();
    const std::size_t rows = work.answers().plan().rows();
    if (!reserve(work, work.answers().plan())) {
        return;
    }
    runToEnd(work, false);
    answersDue_ = options_.now() + milliseconds(work.sliceMs(rows));
}

/// Reads prompts until the step is complete, the answers are due or something changes.
void Executor::readPrompts(ModelWork& work, bool somebodyWrites) {
    work.lastTurn = ++turns_;
    const double urgentMs = somebodyWrites ? milliseconds(answersDue_ - options_.now()) : kUrgentMs;
    if (work.prompts().underWay() && work.planUrgent(urgentMs)) {
        if (reserve(work, work.answers().plan())) {
            runToEnd(work, true);
        }
        return;
    }
    StepRun& run = work.prompts();
    if (!run.underWay()) {
        work.planPrompts();
        if (!reserve(work, run.plan())) {
            return;
        }
        if (auto begun = run.begin(options_.now); !begun) {
            return blame(run, begun.error());
        }
    }
    do {
        const auto over = run.advance();
        if (!over) {
            return blame(run, over.error());
        }
        if (*over) {
            work.pace().promptsTook(run.plan().rows(), milliseconds(run.worked()));
            return complete(work, run);
        }
    } while (!signal_->isRaised() && (!somebodyWrites || options_.now() < answersDue_));
}

/// Runs the step that is planned for the answers' lane.
void Executor::runToEnd(ModelWork& work, bool prompts) {
    StepRun& run = work.answers();
    if (auto begun = run.begin(options_.now); !begun) {
        return blame(run, begun.error());
    }
    while (true) {
        const auto over = run.advance();
        if (!over) {
            return blame(run, over.error());
        }
        if (*over) {
            break;
        }
        if (signal_->take() && isOver(run.plan())) {
            return run.drop();
        }
    }
    if (!prompts) {
        work.pace().answersTook(run.plan().rows(), milliseconds(run.worked()));
    }
    complete(work, run);
}

/// Something changed while a step runs: whether it is of no use any more.
bool Executor::isOver(const StepPlan& plan) {
    if (stopping_.load()) {
        return true;
    }
    receive();
    endCancelled();
    return std::ranges::all_of(plan.members(),
                               [](const auto& each) { return each.sequence->phase() == Sequence::Phase::kEnded; });
}

/// Memory for the step's rows. Where there isn't enough, sequences end or wait, and the step must be planned anew.
bool Executor::reserve(ModelWork& work, StepPlan& plan) {
    StateRoom room(sequences_, options_.now());
    const StepPlan* underWay = work.prompts().underWay() ? &work.prompts().plan() : nullptr;
    for (const auto& member : plan.members()) {
        Sequence& sequence = *member.sequence;
        if (!sequence.runnable()) {
            break; // gave way to one before it
        }
        guarded(sequence, [&] {
            if (auto reserved = room.reserve(sequence, member.rows, underWay); !reserved) {
                if (reserved.error().code == ErrorCode::kOutOfMemory && room.othersWillGive(sequence, underWay)) {
                    room.preempt(sequence);
                } else {
                    sequence.fail(std::move(reserved.error()));
                }
            }
        });
    }
    const bool ready =
        std::ranges::all_of(plan.members(), [](const auto& member) { return member.sequence->runnable(); });
    if (!ready) {
        plan.clear();
    }
    return ready;
}

void Executor::complete(ModelWork& work, StepRun& run) {
    LoadedModel& model = work.model();
    const auto members = run.plan().members();
    const auto writing = std::ranges::count_if(members, [](const auto& member) { return member.sequence->writes(); });
    model.counters.steps += 1;
    model.measurements.step(run.worked(), run.plan().rows(), static_cast<std::size_t>(writing));
    run.settle();
    for (const auto& member : members) {
        Sequence& sequence = *member.sequence;
        guarded(sequence, [&] {
            keepState(sequence, false);
            if (member.wantsLogits && sequence.state().length() == sequence.prompt().size()) {
                pinPrompt(sequence);
            }
        });
    }
    refreshCounters(model, sequences_);
}

/// Where a step fails for several sequences together, each is tried alone, so that the error goes to the one it
/// concerns; what a row gives doesn't depend on its company.
void Executor::blame(StepRun& run, const Error& error) {
    const auto members = run.plan().members();
    run.drop();
    for (const auto& member : members) {
        if (members.size() == 1) {
            guarded(*member.sequence, [&] { member.sequence->fail(error); });
        } else {
            member.sequence->suspect(true);
        }
    }
}

void Executor::failAll(ErrorCode code, const char* message) noexcept {
    for (const auto& work : works_) {
        work->prompts().drop();
        work->answers().drop();
    }
    for (const auto& sequence : sequences_) {
        sequence->fail(makeError(code, message));
    }
}

/// Requests under way leave on disk what they have. What hasn't even been received yet ends in the destructor of
/// Sequence.
void Executor::endAll() noexcept {
    for (const auto& work : works_) {
        work->prompts().drop();
        work->answers().drop();
    }
    for (const auto& sequence : sequences_) {
        guarded(*sequence, [&] { sequence->finish(FinishReason::kCancelled); });
    }
    try {
        sweep();
    } catch (const std::exception& error) {
        logInfo(fmt::format("at the end of the executor: {}", error.what()));
    }
    works_.clear();
    sequences_.clear();
}

} // namespace alcuin::inference
