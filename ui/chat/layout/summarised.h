#pragma once

namespace alcuin::ui {

/// What stands for the turns up to one, for the model.
enum class Summarised { kNot, kByModel, kFirstSentences };

} // namespace alcuin::ui
