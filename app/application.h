#pragma once

#include <QString>

#include <functional>
#include <memory>

#include "services/model_service.h"

namespace alcuin::app {

struct WindowOptions {
    QString dataDirectory; ///< what --data-dir says; empty: the user's own
    QString openFile;      ///< a model file to open; empty: the one used last
};

using MakeLoader = std::function<std::unique_ptr<ModelService::Loader>(const QString& statesDirectory)>;

/// The window and all that stands behind it, until it is closed: the composition root, which builds everything and owns
/// everything. `makeLoader` makes what makes engines from model files, and is told where states are kept. Returns the
/// process's exit code: 0 too when another Alcuin has the data directory and was raised instead.
int runWindow(int& argc, char** argv, const WindowOptions& options, const MakeLoader& makeLoader);

} // namespace alcuin::app
