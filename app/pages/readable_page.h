#pragma once

#include <memory>

#include "exchange/page_dress.h"

namespace alcuin::app {

/// Formulas as MathML, code in the colours of its language. For one thread at a time.
std::unique_ptr<exchange::PageDress> readablePage();

} // namespace alcuin::app
