#include "chat/panel/parameters_editor.h"

#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QVBoxLayout>

#include <cmath>

#include "chat/panel/parameter_row.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr double kLongest = 131072; ///< tokens of an answer; contexts end before
} // namespace

ParametersEditor::ParametersEditor(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_temperature(new ParameterRow(
          tr("Temperature"), tr("Low keeps to the likeliest words, high varies more. 0 always takes the likeliest."),
          {0, 2, 0.05, 2, true, {}}, theme, this))
    , m_topP(new ParameterRow(tr("Top-p"),
                              tr("Picks among the likeliest words that together have this share. 1 leaves none out."),
                              {0.05, 1, 0.05, 2, true, {}}, theme, this))
    , m_topK(new ParameterRow(tr("Top-k"), tr("Picks among so many of the likeliest words."),
                              {0, 200, 1, 0, true, tr("Off")}, theme, this))
    , m_minP(new ParameterRow(tr("Min-p"), tr("Leaves out words less likely than this part of the likeliest one."),
                              {0, 0.5, 0.01, 2, true, tr("Off")}, theme, this))
    , m_repetition(new ParameterRow(tr("Repetition penalty"),
                                    tr("Above 1, words that were used lately are picked less."),
                                    {1, 2, 0.05, 2, true, tr("Off")}, theme, this))
    , m_length(new ParameterRow(
          tr("Longest answer"),
          tr("In tokens, some four characters each. Without a limit the answer ends with the context."),
          {0, kLongest, 256, 0, false, tr("No limit")}, theme, this))
    , m_seed(new QLineEdit(this))
    , m_reset(new QPushButton(makeIcon(Icon::kUndo, theme), tr("All as usual"), this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Space::k3);
    for (ParameterRow* row : {m_temperature, m_topP, m_topK, m_minP, m_repetition, m_length}) {
        column->addWidget(row);
        connect(row, &ParameterRow::changed, this, [this] {
            refresh();
            emit changed();
        });
    }
    auto* seedName = new Label(theme, FontRole::kControl, &Colors::ink, this);
    seedName->setText(tr("Seed"));
    seedName->setBuddy(m_seed);
    auto* seedWords = new Label(theme, FontRole::kSecondary, &Colors::ink2, this);
    seedWords->setText(tr("With a number here, the same question gets the same answer."));
    seedWords->setWordWrap(true);
    m_seed->setPlaceholderText(tr("Another each time"));
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setAccessibleDescription(seedWords->text());
    m_seed->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{0,20}")), m_seed));
    auto* seed = new QVBoxLayout;
    seed->setSpacing(Space::k1);
    seed->addWidget(seedName);
    seed->addWidget(m_seed);
    seed->addWidget(seedWords);
    column->addLayout(seed);
    column->addWidget(m_reset, 0, Qt::AlignLeading);
    connect(m_seed, &QLineEdit::editingFinished, this, &ParametersEditor::takeSeed);
    connect(m_reset, &QPushButton::clicked, this, &ParametersEditor::resetAll);
    show({}, {});
}

app::Parameters ParametersEditor::parameters() const {
    app::Parameters parameters;
    parameters.temperature = m_temperature->value();
    parameters.topP = m_topP->value();
    parameters.topK = static_cast<int>(std::lround(m_topK->value()));
    parameters.minP = m_minP->value();
    parameters.repetitionPenalty = m_repetition->value();
    const int longest = static_cast<int>(std::lround(m_length->value()));
    parameters.maxTokens = longest > 0 ? longest : -1;
    parameters.seed = m_seedValue;
    return parameters;
}

void ParametersEditor::show(const app::Parameters& parameters, const app::Parameters& usual) {
    m_usual = usual;
    const auto length = [](int tokens) { return tokens > 0 ? tokens : 0; };
    m_temperature->setValue(parameters.temperature, usual.temperature);
    m_topP->setValue(parameters.topP, usual.topP);
    m_topK->setValue(parameters.topK, usual.topK);
    m_minP->setValue(parameters.minP, usual.minP);
    m_repetition->setValue(parameters.repetitionPenalty, usual.repetitionPenalty);
    m_length->setValue(length(parameters.maxTokens), length(usual.maxTokens));
    m_seedValue = parameters.seed;
    m_seed->setText(parameters.seed ? QString::number(*parameters.seed) : QString());
    refresh();
}

void ParametersEditor::resetAll() {
    if (m_reset->hasFocus()) {
        m_seed->setFocus(Qt::OtherFocusReason); // a disabled button would leave the keyboard nowhere
    }
    show(m_usual, m_usual);
    emit changed();
}

void ParametersEditor::takeSeed() {
    bool isNumber = false;
    const quint64 number = m_seed->text().toULongLong(&isNumber);
    const auto seed = isNumber ? std::optional(number) : std::nullopt;
    if (!isNumber) {
        m_seed->clear(); // too large for a seed
    }
    if (seed != m_seedValue) {
        m_seedValue = seed;
        refresh();
        emit changed();
    }
}

void ParametersEditor::refresh() {
    m_reset->setEnabled(parameters() != m_usual);
}

} // namespace alcuin::ui
