#pragma once

#include <QToolButton>

namespace alcuin::app {
class ModelService;
}

namespace alcuin::ui {

class Theme;

/// The model that answers, by name; its menu chooses among those installed or opens a file. While one loads it says
/// how far it is, in words and as a bar.
class ModelPicker : public QToolButton {
    Q_OBJECT
public:
    /// A file's size as people compare models by it.
    static QString sizeWords(qint64 bytes);

    ModelPicker(app::ModelService& models, const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void openFileRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void fillMenu();
    QString words() const;

    app::ModelService& m_models;
    const Theme& m_theme;
    QMenu* m_menu;
    double m_progress = 0;
};

} // namespace alcuin::ui
