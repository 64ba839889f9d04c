#pragma once

#include <QWidget>

namespace alcuin::ui {

class Theme;

/// Lies over the window while a file is dragged across it, and says what dropping does.
class DropHint : public QWidget {
    Q_OBJECT
public:
    /// What dropping does.
    enum class Purpose { kModel, kAttach };

    explicit DropHint(const Theme& theme, QWidget* parent = nullptr);

    void setPurpose(Purpose purpose);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString words() const;

    const Theme& m_theme;
    Purpose m_purpose = Purpose::kModel;
};

} // namespace alcuin::ui
