#pragma once

#include <QWidget>

#include <optional>

class QProgressBar;

namespace alcuin::ui {

class Label;
class Theme;

/// Stands in for the main window while the start takes long: what is being done, and how far that is. It goes when that
/// is done, and not before.
class WaitWindow : public QWidget {
    Q_OBJECT
public:
    explicit WaitWindow(const Theme& theme, QWidget* parent = nullptr);

    /// `done` of all of it, from 0 to 1; none: nobody knows.
    void tell(const QString& words, std::optional<double> done);
    QString words() const;

protected:
    void closeEvent(QCloseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    Label* m_words;
    QProgressBar* m_bar;
};

} // namespace alcuin::ui
