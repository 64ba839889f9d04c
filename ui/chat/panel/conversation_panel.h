#pragma once

#include <QList>
#include <QTimer>
#include <QWidget>

#include "services/chat_values.h"
#include "services/library_service.h"

class QComboBox;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace alcuin::ui {

class TextArea;
class IconButton;
class Label;
class ParametersEditor;
class Theme;

/// Beside one conversation: which model answers it, as whom, with what instructions and parameters. Shows plain values
/// and tells what the person changes; nothing here is stored.
class ConversationPanel : public QWidget {
    Q_OBJECT
public:
    explicit ConversationPanel(const Theme& theme, QWidget* parent = nullptr);

    /// `current`: the one that is loaded, or none.
    void setModels(const QList<app::ModelEntry>& models, const app::ModelEntry& current);
    void setPersonas(const QList<app::Persona>& personas);
    /// Not reported as changed.
    void setSettings(const app::ConversationSettings& settings);
    const app::ConversationSettings& settings() const;
    /// Reports at once what still waits for a pause in typing.
    void flush();
    void focusFirst();

    QSize sizeHint() const override;

    static constexpr int kWidth = 340;
    static constexpr int kPauseMs = 500;

signals:
    void settingsEdited(const alcuin::app::ConversationSettings& settings);
    /// Keep what is set here under a name.
    void personaSaveRequested(const QString& name, const alcuin::app::ConversationSettings& settings);
    void personasEditRequested();
    void closeRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeHeader();
    void addSection(const QString& name, const QString& words, QWidget* field);
    void addPersona();
    void takeModel();
    void takePersona();
    void savePersona();
    void edited();
    app::Parameters usualParameters() const;
    const app::ModelEntry& answeringModel() const;
    void showParameters();
    const app::Persona* persona() const;
    void fillModels();
    void refresh();

    const Theme& m_theme;
    app::ConversationSettings m_settings;
    QList<app::ModelEntry> m_models;
    app::ModelEntry m_current;
    QList<app::Persona> m_personas;
    QTimer m_pause;
    bool m_showing = false;
    IconButton* m_close;
    QScrollArea* m_scroll;
    QVBoxLayout* m_column;
    QComboBox* m_model;
    QComboBox* m_persona;
    Label* m_personaWords;
    QPushButton* m_saveAs;
    QWidget* m_saveRow;
    QLineEdit* m_saveName;
    TextArea* m_instructions;
    ParametersEditor* m_parameters;
};

} // namespace alcuin::ui
