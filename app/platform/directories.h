#pragma once

#include <QString>

#include <tl/expected.hpp>

namespace alcuin::app {

/// Where the program keeps things. Absolute paths.
struct Directories {
    QString data;   ///< conversations and settings
    QString models; ///< model files
    QString states; ///< what engines read for conversations, so that it isn't read again
    QString kept;   ///< the same for `alcuin chat --keep`

    /// `dataOverride` is what --data-dir says, empty for $XDG_DATA_HOME/alcuin. Models are in <data>/models, or in
    /// $ALCUIN_MODEL_DIR; states in <data>/states and <data>/kept. Makes nothing.
    static Directories locate(const QString& dataOverride = {});

    /// Makes those for data and models, for the user alone (0700), where they are missing; the engine makes its own. An
    /// error is a sentence that names the directory, the reason and what to do.
    tl::expected<void, QString> make() const;
    /// The same for `data` alone.
    tl::expected<void, QString> makeData() const;
};

} // namespace alcuin::app
