#pragma once

#include <QWidget>

namespace alcuin::ui {

class Theme;

/// Says, as long as a temporary chat is shown, that nothing of it is kept.
class TemporaryStrip : public QWidget {
    Q_OBJECT
public:
    explicit TemporaryStrip(const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    static QString words();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace alcuin::ui
