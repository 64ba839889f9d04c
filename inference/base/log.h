#pragma once

#include <string_view>

namespace alcuin::inference {

/// The engine's one logger, "inference". What people wrote and what models answered never goes there.
void logInfo(std::string_view message);
void logDebug(std::string_view message);

/// True if logDebug writes anything: spares the formatting where it doesn't.
bool debugIsLogged();

} // namespace alcuin::inference
