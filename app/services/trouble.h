#pragma once

#include "services/chat_values.h"

namespace alcuin::inference {
struct Error;
}
namespace alcuin::storage {
struct Error;
}

namespace alcuin::app {

/// What went wrong in words for a person: the title says what happened to what, the text why and what to do.
Trouble toTrouble(const storage::Error& error);
Trouble toTrouble(const inference::Error& error);

/// Title and text in two lines, as they are kept with a failed answer.
QString inWords(const Trouble& trouble);

} // namespace alcuin::app
