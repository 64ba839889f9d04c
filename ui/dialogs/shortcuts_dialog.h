#pragma once

#include <QDialog>
#include <QList>

class QAction;

namespace alcuin::ui {

class Theme;

/// What every key does.
class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    ShortcutsDialog(const QList<QAction*>& actions, const Theme& theme, QWidget* parent = nullptr);
};

} // namespace alcuin::ui
