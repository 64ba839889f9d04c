#pragma once

#include <memory>
#include <optional>

#include <alcuin/inference/runtime.h>

#include "services/model_service.h"

namespace alcuin::app {

/// Loads model files into this process. A folder for states that can't be used costs time, not answers: it is logged,
/// and keepStatesOf tells it.
class LocalLoader : public ModelService::Loader {
public:
    explicit LocalLoader(inference::RuntimeOptions options = {});

    Outcome load(const QString& path, const std::function<void(double)>& progress,
                 const std::function<bool()>& cancelled) override;
    ModelEntry describe(const QString& path) override;
    Trouble keepStatesOf(const QList<QUuid>& conversations) override;

private:
    /// Makes the runtime where there is none yet.
    inference::Result<std::shared_ptr<inference::Runtime>> runtime();

    inference::RuntimeOptions m_options;
    std::optional<inference::Error> m_statesProblem; ///< why the runtime keeps no states
    std::shared_ptr<inference::Runtime> m_runtime;
};

} // namespace alcuin::app
