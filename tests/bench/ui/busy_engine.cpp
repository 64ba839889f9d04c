#include "bench/ui/busy_engine.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

namespace alcuin::tests {

BusyEngine::BusyEngine(std::shared_ptr<inference::TextEngine> engine, int answers)
    : engine_(std::move(engine)), handles_(static_cast<std::size_t>(answers)) {
    for (std::size_t place = 0; place < handles_.size(); ++place) {
        ask(place);
    }
}

std::size_t BusyEngine::keepBusy() {
    std::size_t tokens = 0;
    for (std::size_t place = 0; place < handles_.size(); ++place) {
        for (const auto& event : handles_[place]->drain()) {
            if (const auto* delta = std::get_if<inference::TextDelta>(&event)) {
                tokens += delta->tokens.size();
            } else if (!std::holds_alternative<inference::Progress>(event)) {
                ask(place);
                break;
            }
        }
    }
    return tokens;
}

void BusyEngine::ask(std::size_t place) {
    inference::GenerationRequest request;
    request.messages.push_back(
        {"user", "Tell a long story about river number " + std::to_string(place) + ".", {}, {}, 0});
    request.priority = inference::Priority::kNormal;
    auto handle = engine_->submit(std::move(request));
    if (!handle) {
        std::fprintf(stderr, "the engine refused: %s\n", handle.error().message.c_str());
        std::exit(1);
    }
    handles_[place] = std::make_unique<inference::RequestHandle>(std::move(*handle));
}

} // namespace alcuin::tests
