#pragma once

#include <cstddef>
#include <memory>

#include <alcuin/inference/error.h>

#include "tensor/row_class.h"

namespace alcuin::inference {

/// What one sequence has left in a model's memory. Owned by the executor; steps borrow it.
class SequenceState {
public:
    virtual ~SequenceState() = default;

    /// Tokens committed so far.
    virtual std::size_t length() const = 0;

    /// Leading tokens that were all written by prefill rows: what anybody else who prefills the same tokens gets too,
    /// bit for bit.
    virtual std::size_t prefilledLength() const = 0;

    /// Takes memory for `tokens` more, so that a step can't run out half-way, and makes what the step will write this
    /// sequence's own. Errors: kOutOfMemory.
    virtual Result<void> reserve(std::size_t tokens) = 0;

    /// Keeps the first `accepted` of the rows, all of one class, that the last step wrote for this sequence, and
    /// forgets the rest.
    virtual void commit(std::size_t accepted, RowClass rowClass) = 0;

    /// Forgets everything from position `length` on. Returns false if this kind of state can't go back that far.
    virtual bool truncate(std::size_t length) = 0;

    /// A sequence that begins with the first `length` tokens of this one. Shares their memory: neither sees what the
    /// other writes behind them. Errors: kInvalidArgument (this one is shorter).
    virtual Result<std::unique_ptr<SequenceState>> fork(std::size_t length) const = 0;

    /// Copies everything that is shared with others, as where each sequence's memory is to be read by itself.
    /// Errors: kOutOfMemory (some is still shared then).
    virtual Result<void> unshare() = 0;

    virtual std::size_t bytes() const = 0;
};

/// Non-owning reference handed to a step.
using StateRef = SequenceState*;

} // namespace alcuin::inference
