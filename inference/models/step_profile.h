#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace alcuin::inference {

/// Parts of a step, in the order in which a layer goes through them.
enum class StepPart : std::uint8_t {
    kEmbedding,
    kNorm,
    kPrepare,
    kQueryKeyValue,
    kStore,
    kAttention,
    kAttentionOutput,
    kGateUp,
    kDown,
    kHead,
};

/// Where the time of a model's steps goes, for steps that read prompts and for steps that only decode. Off unless the
/// environment has ALCUIN_PROFILE; off, a measurement is one comparison. Threads: the executor's only.
class StepProfile {
public:
    /// From its making to its end; an inner measurement's time counts for the inner part alone.
    class Measurement {
    public:
        Measurement(StepProfile& profile, StepPart part, std::size_t multiplyAdds);
        ~Measurement();
        Measurement(const Measurement&) = delete;
        Measurement& operator=(const Measurement&) = delete;

    private:
        StepProfile* profile_; ///< null where nothing is measured
        Measurement* outer_ = nullptr;
        StepPart part_ = {};
        std::chrono::steady_clock::time_point begin_;
        std::chrono::steady_clock::duration inside_{};
    };

    static StepProfile fromEnvironment();
    explicit StepProfile(bool on = false) : on_(on) {}

    /// A step of so many rows begins.
    void beginStep(bool prefill, std::size_t rows);
    /// What is measured from here on belongs to a step of this kind: steps in two lanes take turns.
    void resumeStep(bool prefill) {
        prefill_ = prefill;
    }
    /// Measures until the result's end.
    [[nodiscard]] Measurement measure(StepPart part, std::size_t multiplyAdds = 0) {
        return {*this, part, multiplyAdds};
    }

    /// For both kinds of steps a table of the parts: milliseconds of a step, share, for products TFLOP/s; empty if no
    /// step was measured.
    std::string table() const;

private:
    struct Sum {
        std::chrono::steady_clock::duration time{};
        std::size_t multiplyAdds = 0;
    };
    struct Kind {
        std::array<Sum, static_cast<std::size_t>(StepPart::kHead) + 1> parts{};
        std::size_t steps = 0;
        std::size_t rows = 0;
    };

    bool on_ = false;
    bool prefill_ = false;
    std::array<Kind, 2> kinds_{}; ///< decode, prefill
    Measurement* open_ = nullptr;
};

} // namespace alcuin::inference
