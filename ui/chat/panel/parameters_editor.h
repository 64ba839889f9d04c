#pragma once

#include <QWidget>

#include <optional>

#include "services/chat_values.h"

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace alcuin::ui {

class Label;
class ParameterRow;
class Theme;

/// How the next word is picked, each number with plain words.
class ParametersEditor : public QWidget {
    Q_OBJECT
public:
    explicit ParametersEditor(const Theme& theme, QWidget* parent = nullptr);

    app::Parameters parameters() const;
    /// Shows them, and what "as usual" goes back to. Not reported as changed.
    void show(const app::Parameters& parameters, const app::Parameters& usual);
    void resetAll();

signals:
    void changed();

private:
    void takeSeed();
    void refresh();

    app::Parameters m_usual;
    ParameterRow* m_temperature;
    ParameterRow* m_topP;
    ParameterRow* m_topK;
    ParameterRow* m_minP;
    ParameterRow* m_repetition;
    ParameterRow* m_length;
    QLineEdit* m_seed;
    QPushButton* m_reset;
    std::optional<quint64> m_seedValue;
};

} // namespace alcuin::ui
