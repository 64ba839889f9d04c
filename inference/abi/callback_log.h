#pragma once

namespace alcuin::inference::abi {

/// Keeps the engine's log off the standard streams of programs that use this library, unless somebody in the process
/// has set one up already. Called by whatever may log first.
void claimLog();

} // namespace alcuin::inference::abi
