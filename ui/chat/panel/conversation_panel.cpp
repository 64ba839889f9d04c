#include "chat/panel/conversation_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

#include "chat/panel/parameters_editor.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"
#include "widgets/text_area.h"

namespace alcuin::ui {

namespace {
constexpr int kInstructionLines = 6;
}

ConversationPanel::ConversationPanel(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_close(new IconButton(theme, Icon::kClose, tr("Close the panel"), this))
    , m_scroll(new QScrollArea(this))
    , m_column(nullptr)
    , m_model(new QComboBox(this))
    , m_persona(new QComboBox(this))
    , m_personaWords(new Label(theme, FontRole::kSecondary, &Colors::ink2, this))
    , m_saveAs(new QPushButton(makeIcon(Icon::kPersona, theme), tr("Save as a persona…"), this))
    , m_saveRow(new QWidget(this))
    , m_saveName(new QLineEdit(m_saveRow))
    , m_instructions(new TextArea(this))
    , m_parameters(new ParametersEditor(theme, this)) {
    setAccessibleName(tr("This conversation's settings"));
    auto* inside = new QWidget;
    inside->setAutoFillBackground(false);
    m_column = new QVBoxLayout(inside);
    m_column->setContentsMargins(Space::k4, Space::k2, Space::k4, Space::k6);
    m_column->setSpacing(Space::k1);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(1, 0, 1, 0);
    whole->setSpacing(0);
    whole->addWidget(makeHeader());
    whole->addWidget(m_scroll, 1);
    addSection(tr("Model"), {}, m_model);
    addPersona();
    m_instructions->setHint(tr("Who the model is, how it answers, what it should know"));
    m_instructions->setAccessibleName(tr("Instructions"));
    m_instructions->setTabChangesFocus(true);
    addSection(tr("Instructions"), tr("The model reads them before everything else."), m_instructions);
    addSection(tr("Parameters"), {}, m_parameters);
    m_column->addStretch(1);
    m_scroll->setWidget(inside);
    inside->setAutoFillBackground(false);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &ConversationPanel::edited);
    connect(m_close, &IconButton::clicked, this, &ConversationPanel::closeRequested);
    connect(m_model, &QComboBox::activated, this, &ConversationPanel::takeModel);
    connect(m_instructions, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_showing) {
            m_pause.start();
        }
    });
    connect(m_parameters, &ParametersEditor::changed, this, [this] { m_pause.start(); });
    connect(&theme, &Theme::changed, this, &ConversationPanel::refresh);
    refresh();
}

QWidget* ConversationPanel::makeHeader() {
    auto* header = new QWidget(this);
    auto* title = new Label(m_theme, FontRole::kBody, &Colors::ink, header);
    title->setText(tr("This conversation"));
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(Space::k2, Space::k2, Space::k2, Space::k2);
    row->addSpacing(Space::k2);
    row->addWidget(title, 1);
    row->addWidget(m_close);
    return header;
}

void ConversationPanel::addSection(const QString& name, const QString& words, QWidget* field) {
    auto* title = new Label(m_theme, FontRole::kControl, &Colors::ink2, this);
    title->setStrong(true);
    title->setText(name);
    title->setBuddy(field);
    if (field->accessibleName().isEmpty()) {
        field->setAccessibleName(name);
    }
    m_column->addSpacing(m_column->count() > 0 ? Space::k4 : 0);
    m_column->addWidget(title);
    m_column->addWidget(field);
    if (!words.isEmpty()) {
        auto* below = new Label(m_theme, FontRole::kSecondary, &Colors::ink2, this);
        below->setText(words);
        below->setWordWrap(true);
        m_column->addWidget(below);
    }
}

void ConversationPanel::addPersona() {
    addSection(tr("Persona"), {}, m_persona);
    m_personaWords->setWordWrap(true);
    m_column->addWidget(m_personaWords);
    m_saveName->setPlaceholderText(tr("Its name"));
    m_saveName->setAccessibleName(tr("The persona's name"));
    auto* keep = new QPushButton(tr("Save"), m_saveRow);
    auto* row = new QHBoxLayout(m_saveRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Space::k2);
    row->addWidget(m_saveName, 1);
    row->addWidget(keep);
    m_saveRow->hide();
    auto* edit = new QPushButton(tr("Edit personas…"), this);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Space::k2);
    buttons->addWidget(m_saveAs);
    buttons->addWidget(edit);
    buttons->addStretch(1);
    m_column->addSpacing(Space::k1);
    m_column->addLayout(buttons);
    m_column->addWidget(m_saveRow);
    connect(m_persona, &QComboBox::activated, this, &ConversationPanel::takePersona);
    connect(edit, &QPushButton::clicked, this, &ConversationPanel::personasEditRequested);
    connect(m_saveAs, &QPushButton::clicked, this, [this] {
        m_saveRow->setVisible(!m_saveRow->isVisible());
        m_saveName->setFocus(Qt::OtherFocusReason);
    });
    connect(m_saveName, &QLineEdit::returnPressed, this, &ConversationPanel::savePersona);
    connect(keep, &QPushButton::clicked, this, &ConversationPanel::savePersona);
}

void ConversationPanel::setModels(const QList<app::ModelEntry>& models, const app::ModelEntry& current) {
    m_models = models;
    m_current = current;
    fillModels();
    showParameters();
}

void ConversationPanel::fillModels() {
    const QScopedValueRollback guard(m_showing, true);
    m_model->clear();
    m_model->addItem(m_current.name.isEmpty() ? tr("The one loaded") : tr("The one loaded (%1)").arg(m_current.name),
                     QString());
    int chosen = 0;
    for (const auto& model : m_models) {
        if (!model.problem.isEmpty()) {
            continue;
        }
        m_model->addItem(model.name, model.path);
        if (model.path == m_settings.modelPath) {
            chosen = m_model->count() - 1;
        }
    }
    if (chosen == 0 && !m_settings.modelPath.isEmpty()) {
        m_model->addItem(tr("%1 (not found)").arg(m_settings.modelPath.section(QLatin1Char('/'), -1)),
                         m_settings.modelPath);
        chosen = m_model->count() - 1;
    }
    m_model->setCurrentIndex(chosen);
}

void ConversationPanel::setPersonas(const QList<app::Persona>& personas) {
    m_personas = personas;
    setSettings(m_settings);
}

void ConversationPanel::setSettings(const app::ConversationSettings& settings) {
    const QScopedValueRollback guard(m_showing, true);
    m_pause.stop();
    m_settings = settings;
    fillModels();
    m_persona->clear();
    m_persona->addItem(tr("None"), QUuid());
    for (const auto& persona : m_personas) {
        m_persona->addItem(persona.name, persona.id);
    }
    m_persona->setCurrentIndex(std::max(0, m_persona->findData(settings.persona)));
    if (m_instructions->toPlainText() != settings.instructions) {
        m_instructions->setPlainText(settings.instructions);
    }
    showParameters();
    refresh();
}

const app::ConversationSettings& ConversationPanel::settings() const {
    return m_settings;
}

const app::Persona* ConversationPanel::persona() const {
    const auto found = std::find_if(m_personas.cbegin(), m_personas.cend(),
                                    [this](const app::Persona& p) { return p.id == m_settings.persona; });
    return found == m_personas.cend() ? nullptr : &*found;
}

app::Parameters ConversationPanel::usualParameters() const {
    const app::Persona* chosen = persona();
    return chosen != nullptr && chosen->parameters ? *chosen->parameters : answeringModel().parameters;
}

const app::ModelEntry& ConversationPanel::answeringModel() const {
    const auto found = std::find_if(m_models.cbegin(), m_models.cend(),
                                    [this](const app::ModelEntry& m) { return m.path == m_settings.modelPath; });
    return found == m_models.cend() ? m_current : *found;
}

void ConversationPanel::showParameters() {
    const QScopedValueRollback guard(m_showing, true);
    m_parameters->show(m_settings.parameters.value_or(usualParameters()), usualParameters());
}

void ConversationPanel::takeModel() {
    edited(); // what was set under the model before stays set, what wasn't is the new one's
    m_settings.modelPath = m_model->currentData().toString();
    showParameters();
    edited();
}

/// A persona brings its own instructions, parameters and model; what was set before is then the persona's.
void ConversationPanel::takePersona() {
    flush();
    app::ConversationSettings settings = m_settings;
    settings.persona = m_persona->currentData().toUuid();
    if (settings.persona == m_settings.persona) {
        return;
    }
    settings.parameters.reset();
    const auto before = m_settings;
    m_settings.persona = settings.persona;
    const app::Persona* chosen = persona();
    m_settings = before;
    settings.instructions = chosen != nullptr ? chosen->instructions : QString();
    settings.modelPath = chosen != nullptr ? chosen->modelPath : QString();
    if (chosen != nullptr) {
        settings.parameters = chosen->parameters;
    }
    setSettings(settings);
    emit settingsEdited(m_settings);
}

void ConversationPanel::savePersona() {
    const QString name = m_saveName->text().simplified();
    if (name.isEmpty()) {
        m_saveName->setFocus(Qt::OtherFocusReason);
        return;
    }
    flush();
    m_saveName->clear();
    m_saveAs->setFocus(Qt::OtherFocusReason);
    m_saveRow->hide();
    emit personaSaveRequested(name, m_settings);
}

void ConversationPanel::edited() {
    m_pause.stop();
    m_settings.instructions = m_instructions->toPlainText();
    const app::Parameters parameters = m_parameters->parameters();
    m_settings.parameters = parameters == usualParameters() ? std::nullopt : std::optional(parameters);
    refresh();
    emit settingsEdited(m_settings);
}

void ConversationPanel::flush() {
    if (m_pause.isActive()) {
        edited();
    }
}

void ConversationPanel::focusFirst() {
    m_model->setFocus(Qt::OtherFocusReason);
}

void ConversationPanel::refresh() {
    const app::Persona* chosen = persona();
    const bool changed = chosen != nullptr &&
                         (m_settings.instructions != chosen->instructions || m_settings.modelPath != chosen->modelPath);
    m_personaWords->setText(changed ? tr("Changed for this conversation") : QString());
    m_personaWords->setVisible(changed);
    m_instructions->setFont(m_theme.font(FontRole::kControl));
    const QFontMetrics metrics(m_instructions->font());
    m_instructions->setFixedHeight(metrics.lineSpacing() * kInstructionLines + Space::k6);
    updateGeometry();
    update();
}

QSize ConversationPanel::sizeHint() const {
    return {static_cast<int>(kWidth * std::clamp(m_theme.zoom(), 1.0, 1.6)), 400};
}

void ConversationPanel::paintEvent(QPaintEvent*) {
    const Colors& c = m_theme.colors();
    QPainter painter(this);
    painter.fillRect(rect(), c.surface);
    const QRect edge(0, 0, 1, height());
    painter.fillRect(QStyle::visualRect(layoutDirection(), rect(), edge), c.line);
}

void ConversationPanel::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        emit closeRequested();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace alcuin::ui
