#pragma once

#include <memory>
#include <vector>

#include <alcuin/inference/text_engine.h>

namespace alcuin::tests {

/// Keeps an engine writing answers on all its cores for as long as it lives.
class BusyEngine {
public:
    BusyEngine(std::shared_ptr<inference::TextEngine> engine, int answers);

    /// Asks again where an answer has ended. Tokens written since the last call.
    std::size_t keepBusy();

private:
    void ask(std::size_t place);

    std::shared_ptr<inference::TextEngine> engine_;
    std::vector<std::unique_ptr<inference::RequestHandle>> handles_;
};

} // namespace alcuin::tests
