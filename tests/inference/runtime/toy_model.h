#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "models/model.h"
#include "state/paged_state.h"
#include "toy_tokenizer.h"

namespace alcuin::tests {

/// What a toy sequence leaves behind in the pages of its PagedState: every token with the class of its row.
struct ToyState {
    struct Row {
        inference::Token token = 0;
        inference::RowClass rowClass = inference::RowClass::kPrefill;

        bool operator==(const Row&) const = default;
    };
    static constexpr std::size_t kPageBytes = inference::kPageTokens * sizeof(Row);

    static Row& row(const inference::PagedState& state, std::size_t position) {
        auto* page = state.pages()[position / inference::kPageTokens];
        return reinterpret_cast<Row*>(page)[position % inference::kPageTokens];
    }
    static std::vector<Row> rows(const inference::PagedState& state) {
        std::vector<Row> all;
        for (std::size_t position = 0; position < state.length(); ++position) {
            all.push_back(row(state, position));
        }
        return all;
    }
};

/// What a test makes of a toy model. Every hook runs on the executor's thread.
struct ToyScript {
    std::size_t contextLength = 4096;
    std::size_t maxRows = 32;
    std::size_t pages = 100'000; ///< that all states together may have
    int piecesPerStep = 4;
    std::size_t vocabulary = 270; ///< padded: the tokenizer must have fewer
    /// The next token after a history; none: a hash of the history and its row classes decides, so that a wrong
    /// token, class or order anywhere changes everything after it.
    std::function<inference::Token(std::span<const ToyState::Row> history)> next = nullptr;
    std::function<void(const inference::StepInput& input, int piece)> onPiece = nullptr;
    std::function<std::optional<inference::Error>(const inference::StepInput& input)> onBegin = nullptr;
    std::function<std::optional<inference::Error>(const inference::StepInput& input, int piece)> onAdvance = nullptr;
};

/// A network whose answer is a function of the tokens it has read, and which checks that it is called as models.h says.
class ToyModel final : public inference::Model {
public:
    explicit ToyModel(ToyScript script)
        : script_(std::move(script))
        , pool_(std::make_shared<inference::PagePool>(inference::Device{}, ToyState::kPageBytes, script_.pages)) {}
    ~ToyModel() override {
        if (pool_->pagesInUse() != 0) {
            std::abort(); // a state outlived its model
        }
    }

    std::size_t vocabularySize() const override {
        return script_.vocabulary;
    }
    std::size_t contextLength() const override {
        return script_.contextLength;
    }
    std::span<const inference::StateGroup> stateGroups() const override {
        return {};
    }
    inference::StepCost stepCost() const override {
        return {};
    }
    inference::cpu::MatrixUnit prefillUnit() const override {
        return {};
    }
    std::size_t weightBytes() const override {
        return 1000;
    }
    std::size_t maxRows() const override {
        return script_.maxRows;
    }
    std::string deviceDescription() const override {
        return "toy";
    }
    inference::Result<std::unique_ptr<inference::SequenceState>> createState() override {
        return std::make_unique<inference::PagedState>(pool_, script_.contextLength);
    }
    const std::shared_ptr<inference::PagePool>& pagePool() const override {
        return pool_;
    }
    const inference::StateIdentity& stateIdentity() const override {
        return identity_;
    }
    inference::Result<std::unique_ptr<inference::StepCursor>> begin(const inference::StepInput& input) override;

    std::atomic<int> misuses{0}; ///< calls that break the contract
    std::atomic<int> largestBatch{0};

private:
    class Cursor;
    void check(const inference::StepInput& input);
    inference::Token nextToken(std::span<const ToyState::Row> history) const;

    Cursor*& underWay(inference::StepLane lane) {
        return cursors_[static_cast<std::size_t>(lane)];
    }

    ToyScript script_;
    std::shared_ptr<inference::PagePool> pool_;
    inference::StateIdentity identity_{1, {}, "toy", "toy"};
    std::array<Cursor*, inference::kStepLanes> cursors_{}; ///< under way, by lane
};

class ToyModel::Cursor final : public inference::StepCursor {
public:
    Cursor(ToyModel& model, const inference::StepInput& input) : model_(model), input_(input) {
        model_.underWay(input_.lane) = this;
    }
    ~Cursor() override {
        model_.underWay(input_.lane) = nullptr;
    }
    const inference::StepInput& input() const {
        return input_;
    }
    inference::Result<bool> advance() override {
        if (model_.script_.onPiece) {
            model_.script_.onPiece(input_, piece_);
        }
        if (model_.script_.onAdvance) {
            if (auto error = model_.script_.onAdvance(input_, piece_)) {
                return tl::unexpected(*error);
            }
        }
        if (++piece_ < model_.script_.piecesPerStep) {
            return false;
        }
        write();
        return true;
    }
    std::span<const float> logits() const override {
        return logits_;
    }

private:
    void write() {
        std::size_t wanted = 0;
        for (std::size_t s = 0; s < input_.state.size(); ++s) {
            auto& state = dynamic_cast<inference::PagedState&>(*input_.state[s]);
            auto history = ToyState::rows(state);
            state.setWritten(input_.rowStart[s + 1] - input_.rowStart[s]);
            for (auto row = input_.rowStart[s]; row < input_.rowStart[s + 1]; ++row) {
                ToyState::row(state, history.size()) = {input_.tokens[row], input_.rowClass[row]};
                history.push_back({input_.tokens[row], input_.rowClass[row]});
                if (wanted < input_.logitRows.size() && input_.logitRows[wanted] == row) {
                    ++wanted;
                    std::vector<float> one(model_.script_.vocabulary, 0.0F);
                    one[static_cast<std::size_t>(model_.nextToken(history))] = 5.0F;
                    one[static_cast<std::size_t>(model_.nextToken(history) * 7 % 256)] = 4.5F;
                    one.back() = 100.0F; // past the tokenizer's end: must never be picked
                    logits_.insert(logits_.end(), one.begin(), one.end());
                }
            }
        }
    }

    ToyModel& model_;
    inference::StepInput input_;
    int piece_ = 0;
    std::vector<float> logits_;
};

inline void ToyModel::check(const inference::StepInput& input) {
    const auto rows = input.tokens.size();
    const auto sequences = input.state.size();
    const auto mostRows = input.lane == inference::StepLane::kAnswer ? inference::kAnswerRows : script_.maxRows;
    bool good = underWay(input.lane) == nullptr && rows > 0 && rows <= mostRows && input.positions.size() == rows &&
                input.rowClass.size() == rows && input.rowStart.size() == sequences + 1 &&
                input.rowStart.back() == rows;
    for (std::size_t s = 0; good && s < sequences; ++s) {
        const auto& state = dynamic_cast<inference::PagedState&>(*input.state[s]);
        good = good && state.belongsTo(*pool_) && state.written() == 0 && input.rowStart[s] < input.rowStart[s + 1];
        for (auto row = input.rowStart[s]; good && row < input.rowStart[s + 1]; ++row) {
            const auto position = state.length() + row - input.rowStart[s];
            const auto page = position / inference::kPageTokens;
            good = good && input.positions[row].t == static_cast<std::int32_t>(position) && page < state.pageCount() &&
                   pool_->references(state.pages()[page]) == 1 && position < script_.contextLength &&
                   input.rowClass[row] == input.rowClass[input.rowStart[s]];
        }
    }
    for (const auto* other : cursors_) {
        for (std::size_t s = 0; other != nullptr && s < sequences; ++s) {
            const auto& theirs = other->input().state;
            good = good && std::find(theirs.begin(), theirs.end(), input.state[s]) == theirs.end();
        }
    }
    misuses += good ? 0 : 1;
    largestBatch = std::max(largestBatch.load(), static_cast<int>(sequences));
}

inline inference::Result<std::unique_ptr<inference::StepCursor>> ToyModel::begin(const inference::StepInput& input) {
    check(input);
    if (script_.onBegin) {
        if (auto error = script_.onBegin(input)) {
            return tl::unexpected(*error);
        }
    }
    return std::make_unique<Cursor>(*this, input);
}

inline inference::Token ToyModel::nextToken(std::span<const ToyState::Row> history) const {
    if (script_.next) {
        return script_.next(history);
    }
    std::uint64_t hash = 1469598103934665603ULL;
    for (const auto& [token, rowClass] : history) {
        hash = (hash ^ static_cast<std::uint64_t>(token * 2 + static_cast<int>(rowClass))) * 1099511628211ULL;
    }
    constexpr std::uint64_t kLetters = 26;
    return static_cast<inference::Token>('a' + (hash >> 20U) % kLetters);
}

} // namespace alcuin::tests
