#pragma once

#include <QStringList>

namespace alcuin::tests {

/// What models write: about 230 formulas from all over mathematics, each of which can be set
/// (tests/golden/math/formulas.txt).
QStringList sampleFormulas();

} // namespace alcuin::tests
