#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace alcuin::inference {

/// Keeps in an engine's memory what it read of the prompts that were submitted with this pin, as long as it lives: for
/// a document that will be asked about again. Threads: any.
class StatePin {
public:
    /// For engines: `state` is what is kept, in whatever form.
    void hold(std::shared_ptr<const void> state) {
        const std::lock_guard lock(mutex_);
        held_.push_back(std::move(state));
    }

private:
    std::mutex mutex_;
    std::vector<std::shared_ptr<const void>> held_;
};

} // namespace alcuin::inference
