#pragma once

#include <cstddef>
#include <memory>

#include <alcuin/inference/error.h>

namespace alcuin::inference {

/// What one sequence has left in a model's memory. Owned by the executor; steps borrow it.
class SequenceState {
public:
    virtual ~SequenceState() = default;

    /// Tokens committed so far.
    virtual std::size_t length() const = 0;

    /// Takes memory for `tokens` more, so that a step can't run out half-way. Errors: kOutOfMemory.
    virtual Result<void> reserve(std::size_t tokens) = 0;

    /// Keeps the first `accepted` of the rows that the last step wrote for this sequence, and forgets the rest.
    virtual void commit(std::size_t accepted) = 0;

    /// Forgets everything from position `length` on. Returns false if this kind of state can't go back that far.
    virtual bool truncate(std::size_t length) = 0;

    /// Becomes the first `length` tokens of another sequence of the same model, in memory of its own.
    /// Errors: kInvalidArgument (the other is shorter, or of another model), kOutOfMemory (then this is empty).
    virtual Result<void> copyFrom(const SequenceState& other, std::size_t length) = 0;

    virtual std::size_t bytes() const = 0;
};

/// Non-owning reference handed to a step.
using StateRef = SequenceState*;

} // namespace alcuin::inference
