#pragma once

#include <QString>

#include <memory>

namespace alcuin::ui {
class Theme;
}

namespace alcuin::app {

class StorageThread;
struct Trouble;

/// Says in a window of its own why the program can't go on. Returns when it is closed.
void showTrouble(const Trouble& trouble, const QString& directory, const ui::Theme& theme);

/// Opens the database, with a person before the screen: what takes longer than a moment is told in a window, for one
/// that is damaged the newest good backup is offered, and what can't be helped is said. Null: it isn't open, and the
/// person knows why. For the start, on the GUI thread, while no window is open.
std::unique_ptr<StorageThread> openStorage(const QString& directory, const ui::Theme& theme);

} // namespace alcuin::app
