#pragma once

#include <QString>

#include <tl/expected.hpp>

namespace alcuin::app {

/// Where the program keeps things. Absolute paths.
struct Directories {
    QString data;   ///< conversations and settings
    QString models; ///< model files

    /// `dataOverride` is what --data-dir says, empty for $XDG_DATA_HOME/alcuin. Models are in <data>/models, or in
    /// $ALCUIN_MODEL_DIR. Makes nothing.
    static Directories locate(const QString& dataOverride = {});

    /// Makes both, for the user alone (0700), where they are missing. An error is a sentence that names the directory,
    /// the reason and what to do.
    tl::expected<void, QString> make() const;
};

} // namespace alcuin::app
