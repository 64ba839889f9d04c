#pragma once

#include <QWidget>

#include "services/chat_values.h"

namespace alcuin::ui {

class Theme;

/// Stands in for the main window when the program can't start: what happened, to what, what to do, and a way out.
class ErrorWindow : public QWidget {
    Q_OBJECT
public:
    /// `directory` is where the person may have to look; empty: nowhere.
    ErrorWindow(const app::Trouble& trouble, const QString& directory, const Theme& theme, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace alcuin::ui
