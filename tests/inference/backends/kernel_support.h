#pragma once

#include <string_view>

#include <QByteArray>

#include "base/cpu_features.h"
#include "support/numbers.h"

namespace alcuin::tests {

/// True if this machine can run the kernel.
template <typename Kernel>
bool runsHere(const Kernel& kernel) {
    static const inference::CpuFeatures present = inference::CpuFeatures::detect();
    return present.contains(kernel.needs);
}

inline QByteArray nameOf(std::string_view name) {
    return {name.data(), static_cast<qsizetype>(name.size())};
}

} // namespace alcuin::tests
