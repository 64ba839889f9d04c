#pragma once

#include <QWidget>

#include <functional>

#include "services/chat_values.h"

class QHBoxLayout;

namespace alcuin::ui {

class Theme;

/// Stands in for the main window when the program can't start: what happened, to what, what to do, and a way out.
class ErrorWindow : public QWidget {
    Q_OBJECT
public:
    /// `directory` is where the person may have to look; empty: nowhere.
    ErrorWindow(const app::Trouble& trouble, const QString& directory, const Theme& theme, QWidget* parent = nullptr);

    /// A way on, before all others: the window closes with `chosen`.
    void offer(const QString& words, const std::function<void()>& chosen);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QHBoxLayout* m_buttons;
};

} // namespace alcuin::ui
