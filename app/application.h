#pragma once

#include <QString>

#include <memory>

#include "services/model_service.h"

namespace alcuin::app {

struct WindowOptions {
    QString dataDirectory; ///< what --data-dir says; empty: the user's own
    QString openFile;      ///< a model file to open; empty: the one used last
};

/// The window and all that stands behind it, until it is closed: the composition root, which builds everything and owns
/// everything. `loader` makes engines from model files. Returns the process's exit code: 0 too when another Alcuin has
/// the data directory and was raised instead.
int runWindow(int& argc, char** argv, const WindowOptions& options, std::unique_ptr<ModelService::Loader> loader);

} // namespace alcuin::app
