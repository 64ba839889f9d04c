#pragma once

#include <functional>

#include "imported.h"
#include "json_text.h"

namespace alcuin::exchange {

/// Makes a conversation from one value of a file; its origin's fingerprint is made later. Errors: half a sentence, why
/// this one can't be read.
using ReadOne = std::function<Result<Imported>(const Json& json)>;

/// Goes through a file that is an array of conversations, or one of them, and hands each to the listener. Those without
/// anything to read are left out, those that can't be read are refused one by one. One without an id of its own gets
/// one from its content. Errors: the file ends where it shouldn't (what came before has been handed over).
Result<void> readEach(const Source& source, const Limits& limits, const Listener& listener, const ReadOne& readOne);

/// The last steps with one conversation: its fingerprint, and an id where it has none. False: the listener wants no
/// more.
bool handOver(Result<Imported> imported, const std::string& what, const Listener& listener);

} // namespace alcuin::exchange
