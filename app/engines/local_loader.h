#pragma once

#include <memory>

#include <alcuin/inference/runtime.h>

#include "services/model_service.h"

namespace alcuin::app {

/// Loads model files into this process.
class LocalLoader : public ModelService::Loader {
public:
    explicit LocalLoader(inference::RuntimeOptions options = {});

    Outcome load(const QString& path, const std::function<void(double)>& progress,
                 const std::function<bool()>& cancelled) override;
    ModelEntry describe(const QString& path) override;

private:
    inference::RuntimeOptions m_options;
    std::shared_ptr<inference::Runtime> m_runtime;
};

} // namespace alcuin::app
