#pragma once

namespace alcuin::inference {

/// Lets the window's thread go first where there are fewer cores than threads: for threads that compute. Best effort.
void giveWayToTheWindow() noexcept;

} // namespace alcuin::inference
