#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace alcuin::tests {

/// Squared error over squared reference; of nothing but zeros, the squared error.
struct Nmse {
    double error = 0;
    double power = 0;
    void add(double got, double want) {
        error += (got - want) * (got - want);
        power += want * want;
    }
    double value() const {
        return power == 0 ? error : error / power;
    }
};

/// Numbers of a normal distribution, the same in every run.
inline std::vector<float> randomNumbers(std::size_t count, unsigned seed, float spread = 1) {
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0, spread);
    std::vector<float> numbers(count);
    for (float& number : numbers) {
        number = normal(engine);
    }
    return numbers;
}

} // namespace alcuin::tests
