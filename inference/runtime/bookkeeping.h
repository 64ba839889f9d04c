#pragma once

#include <memory>
#include <span>

#include "runtime/sequence.h"

namespace alcuin::inference {

/// Keeps what a sequence has read and written for whoever begins alike. `tail`: the last page too, though it isn't
/// full.
void keepState(Sequence& sequence, bool tail);

/// Holds what was read of the prompt for a caller who asked for it.
void pinPrompt(Sequence& sequence);

/// Brings a model's counters up to date with all sequences there are.
void refreshCounters(LoadedModel& model, std::span<const std::unique_ptr<Sequence>> all);

} // namespace alcuin::inference
