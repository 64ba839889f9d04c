#include "runtime/pace.h"

#include <algorithm>
#include <bit>

namespace alcuin::inference {

namespace {

/// Weight of the newest measurement: some ten steps are remembered.
constexpr double kNewest = 0.2;
/// Part of the target that is planned for: a virtual core may be taken away for a moment.
constexpr double kPlanned = 0.8;
constexpr double kLeastSlice = 10;
/// Of a step of answers: what prompts get at least, beside interactive answers and beside others.
constexpr double kLeastShare = 0.5;
constexpr double kUsualShare = 4;
constexpr std::size_t kTileRows = 16;

void follow(double& average, double newest) {
    average = average == 0 ? newest : average + kNewest * (newest - average);
}

} // namespace

void Pace::answersTook(std::size_t rows, double ms) {
    const std::size_t index = std::min<std::size_t>(std::bit_width(std::max<std::size_t>(rows, 1) - 1), kClasses - 1);
    follow(answersMs_[index], ms);
}

void Pace::promptsTook(std::size_t rows, double ms) {
    if (rows > 0) {
        follow(promptRowMs_, ms / static_cast<double>(rows));
    }
}

double Pace::answersMs(std::size_t rows) const {
    const std::size_t index = std::min<std::size_t>(std::bit_width(std::max<std::size_t>(rows, 1) - 1), kClasses - 1);
    for (std::size_t i = index + 1; i-- > 0;) {
        if (answersMs_[i] > 0) {
            return answersMs_[i];
        }
    }
    const auto above = std::ranges::find_if(answersMs_, [](double each) { return each > 0; });
    return above == answersMs_.end() ? 0 : *above;
}

std::size_t Pace::answersBesideInteractive(std::size_t most) const {
    std::size_t rows = std::max<std::size_t>(most, 1);
    while (rows > 1 && answersMs(rows) > kPlanned * target_) {
        rows = std::bit_ceil(rows) / 2;
    }
    return rows;
}

double Pace::sliceMs(std::size_t rows, bool interactive) const {
    const double step = answersMs(rows);
    if (!interactive) {
        return std::max(kPlanned * target_, kUsualShare * step);
    }
    return std::max({kLeastSlice, kLeastShare * step, kPlanned * target_ - step});
}

std::size_t Pace::promptRows(double ms, std::size_t most) const {
    if (promptRowMs_ == 0) {
        return most;
    }
    const auto tiles = static_cast<std::size_t>(std::max(ms, 0.0) / promptRowMs_) / kTileRows;
    return std::clamp(tiles * kTileRows, std::min(kTileRows, most), most);
}

} // namespace alcuin::inference
