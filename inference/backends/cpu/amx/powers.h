#pragma once

#include "backends/cpu/amx/vectors.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

constexpr float kLog2E = 1.44269504F;
/// Coefficients of 2^f for a fraction f, from that of f^0 on.
constexpr float kPower5[] = {1.0F, 0.693151295F, 0.240164444F, 0.0557999127F, 0.00901702978F, 0.00186713017F};

/// 2^x to 1e-7 relative; zero below 2^-126, infinity from 2^128 on. Method: a whole part and a fraction f; for that the
/// polynomial of degree 5 for |f - 1/2| with the least relative error among those that give 1 for f = 0.
inline Floats powerOfTwo(Floats x) {
    const Floats f = fraction(x);
    Floats p = spread(kPower5[5]);
    for (int i = 5; i-- > 0;) {
        p = multiplyAdd(p, f, spread(kPower5[i]));
    }
    return scaleByPower(p, x);
}

/// The same to 7.5e-5, a twentieth of what rounding the result to bf16 costs: degree 3, the least relative error.
inline Floats roughPowerOfTwo(Floats x) {
    const Floats f = fraction(x);
    Floats p = multiplyAdd(spread(0.0780245215F), f, spread(0.226067156F));
    p = multiplyAdd(p, f, spread(0.695833564F));
    p = multiplyAdd(p, f, spread(0.999925196F));
    return scaleByPower(p, x);
}

/// z / (1 + exp(-z))
inline Floats silu(Floats z) {
    return divide(z, add(spread(1.0F), powerOfTwo(multiply(z, spread(-kLog2E)))));
}

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
