#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <alcuin/inference/error.h>

#include "runtime/executor_signal.h"
#include "runtime/model_work.h"
#include "runtime/prompt.h"
#include "runtime/request.h"
#include "runtime/sequence.h"
#include "runtime/snapshot_keeper.h"

namespace alcuin::inference {

struct ExecutorOptions {
    double targetTokenMs = 100; ///< as RuntimeOptions has it
    SteadyNow now = std::chrono::steady_clock::now;
    std::shared_ptr<SnapshotStore> snapshots{}; ///< where states go that have an owner; or none
};

/// One device's thread: owns the states of all sequences of all models on it and steps the models. Two kinds of steps
/// take turns: one writes the next token of every answer, the other reads prompts, piece by piece, for as long as the
/// answers can wait (see Pace). A more urgent prompt goes in between. A request that is cancelled ends before the next
/// piece. Sleeps while there is nothing to do. Threads: every public function may be called from any thread.
class Executor {
public:
    explicit Executor(ExecutorOptions options = {});
    /// Ends every request that is under way (as cancelled) and joins the thread.
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// Takes a request on; its prompt follows through prepared(). Until then it can be cancelled already.
    std::shared_ptr<Request> add(std::shared_ptr<LoadedModel> model, GenerationOptions options, Priority priority);

    /// The prompt of a request, or why there is none.
    void prepared(const std::shared_ptr<Request>& request, Result<Prompt> prompt);

    /// Deletes what is on disk under an owner's name, and keeps nothing there of that owner's requests under way.
    /// Blocks until it is gone. Errors: kIo.
    Result<void> forget(const std::string& owner);
    /// The same for all names but these.
    Result<void> forgetExcept(std::vector<std::string> owners);

private:
    using Clock = std::chrono::steady_clock;

    /// To be done on the executor's thread with a request's sequence, or with none if that is gone.
    struct Action {
        std::shared_ptr<const Request> request;
        std::function<void(Sequence*)> run;
    };

    void run() noexcept;
    bool iterate();
    void post(std::shared_ptr<const Request> request, std::function<void(Sequence*)> action);
    void receive();
    void endCancelled();
    void dropBroken();
    void sweep();

    ModelWork& workOf(const std::shared_ptr<LoadedModel>& model);
    ModelWork* next(bool (ModelWork::*hasWork)() const);
    void writeAnswers(ModelWork& work);
    void readPrompts(ModelWork& work, bool somebodyWrites);
    void runToEnd(ModelWork& work, bool prompts);
    bool isOver(const StepPlan& plan);
    bool reserve(ModelWork& work, StepPlan& plan);
    void complete(ModelWork& work, StepRun& run);
    static void blame(StepRun& run, const Error& error);

    void failAll(ErrorCode code, const char* message) noexcept;
    void endAll() noexcept;

    ExecutorOptions options_;
    std::shared_ptr<ExecutorSignal> signal_ = std::make_shared<ExecutorSignal>();
    std::mutex inboxMutex_;
    std::vector<std::unique_ptr<Sequence>> newSequences_; ///< guarded by inboxMutex_
    std::vector<Action> actions_;                         ///< guarded by inboxMutex_
    std::atomic<bool> stopping_{false};

    // The executor's thread only.
    std::vector<std::unique_ptr<Sequence>> sequences_; ///< in order of arrival
    std::vector<std::unique_ptr<ModelWork>> works_;    ///< of the models that sequences have; go before these
    std::uint64_t turns_ = 0;
    Clock::time_point answersDue_{};

    std::unique_ptr<SnapshotKeeper> keeper_; ///< or none

    std::thread thread_; ///< last: starts when everything else is there
};

} // namespace alcuin::inference
