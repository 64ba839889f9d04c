#pragma once

#include <array>
#include <cstddef>

namespace alcuin::inference {

/// How long a model's steps take, measured as they run, and how much work fits beside interactive answers.
/// Times in milliseconds. Threads: one.
class Pace {
public:
    /// `target`: time between two tokens of an interactive answer that ninety-nine of a hundred keep.
    explicit Pace(double target = 100) : target_(target) {}

    void setTarget(double target) {
        target_ = target;
    }

    /// A step of answers, one row each.
    void answersTook(std::size_t rows, double ms);
    /// Rows of prompts.
    void promptsTook(std::size_t rows, double ms);

    /// What a step of so many answers is expected to take; 0 as long as none was measured.
    double answersMs(std::size_t rows) const;

    /// Answers that may share a step with interactive ones, these included, within the target. At least 1.
    std::size_t answersBesideInteractive(std::size_t most) const;

    /// How long prompts may be read between two steps of so many answers. Prompts always get some of the time.
    double sliceMs(std::size_t rows, bool interactive) const;

    /// Rows of prompts that take about `ms`: whole tiles, at least one, at most `most`.
    std::size_t promptRows(double ms, std::size_t most) const;

private:
    static constexpr std::size_t kClasses = 8; ///< up to 1, 2, 4, ... 128 rows

    double target_;
    std::array<double, kClasses> answersMs_{}; ///< by class; 0: not measured
    double promptRowMs_ = 0;
};

} // namespace alcuin::inference
