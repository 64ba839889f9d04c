#include "chat/first_run_page.h"

#include <QDir>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

#include "services/model_service.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/card.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr int kColumn = 560;

/// The home directory as people write it.
QString shortPath(const QString& path) {
    const QString home = QDir::homePath();
    return path.startsWith(home + QLatin1Char('/')) ? QLatin1Char('~') + path.mid(home.size()) : path;
}

/// A thing to type or to find, in the fixed font, ready to be selected and copied.
QWidget* codeLine(const Theme& theme, const QString& code, const QString& name, QWidget* parent) {
    auto* card = new Card(theme, &Colors::code, parent);
    auto* label = new Label(theme, FontRole::kCode, &Colors::ink, card);
    label->setText(code);
    label->setAccessibleName(name);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* row = new QHBoxLayout(card);
    row->setContentsMargins(Space::k3, Space::k2, Space::k3, Space::k2);
    row->addWidget(label);
    return card;
}
} // namespace

FirstRunPage::FirstRunPage(app::ModelService& models, const Theme& theme, QWidget* parent)
    : ScrolledPage(parent), m_models(models), m_found(new Label(theme, FontRole::kControl, &Colors::ink2, this)) {
    const auto words = [&](const QString& text, FontRole font, QColor Colors::*color) {
        auto* label = new Label(theme, font, color, this);
        label->setText(text);
        label->setWordWrap(true);
        return label;
    };
    auto* open = new QPushButton(tr("Open a model file…"), this);
    open->setDefault(true);
    auto* again = new QPushButton(tr("Look again"), this);
    again->setIcon(makeIcon(Icon::kRegenerate, theme));
    m_found->setWordWrap(true);
    m_found->hide();

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Space::k2);
    buttons->addWidget(open);
    buttons->addWidget(again);
    buttons->addStretch();
    auto* column = new QVBoxLayout;
    column->setSpacing(Space::k2);
    column->addStretch(2);
    column->addWidget(words(tr("Welcome to Alcuin"), FontRole::kTitle, &Colors::ink));
    column->addWidget(words(tr("Alcuin is an assistant that thinks on your own machine: it needs a model, and nothing "
                               "you write leaves this computer."),
                            FontRole::kBody, &Colors::ink2));
    column->addSpacing(Space::k4);
    column->addWidget(words(tr("Open a model you have, a file in the GGUF format, or drop it anywhere in this window."),
                            FontRole::kBody, &Colors::ink));
    column->addLayout(buttons);
    column->addWidget(m_found);
    column->addSpacing(Space::k4);
    column->addWidget(words(tr("To get the small default model (98 MB), type this in Alcuin's source folder:"),
                            FontRole::kBody, &Colors::ink));
    column->addWidget(codeLine(theme, QStringLiteral("./dev model"), tr("Command that gets the default model"), this));
    column->addSpacing(Space::k2);
    column->addWidget(words(tr("Models are looked for in this folder:"), FontRole::kControl, &Colors::ink2));
    column->addWidget(codeLine(theme, shortPath(models.modelDirectory()), tr("Model folder"), this));
    column->addStretch(3);
    auto* holder = new QWidget(content());
    const auto widen = [holder, &theme] {
        holder->setMaximumWidth(static_cast<int>(kColumn * std::max(1.0, theme.zoom())));
    };
    widen();
    connect(&theme, &Theme::changed, holder, widen);
    holder->setLayout(column);
    column->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout(content());
    row->setContentsMargins(Space::k6, Space::k6, Space::k6, Space::k6);
    row->addStretch(1);
    row->addWidget(holder, 100);
    row->addStretch(1);
    showContent();

    connect(open, &QPushButton::clicked, this, &FirstRunPage::openFileRequested);
    connect(again, &QPushButton::clicked, this, &FirstRunPage::lookAgain);
    connect(&models, &app::ModelService::modelsChanged, this, &FirstRunPage::takeModels);
    takeModels();
}

void FirstRunPage::lookAgain() {
    m_looking = true;
    m_models.refresh();
}

/// Says what was found there that can't be used, and after a search on request that nothing was.
void FirstRunPage::takeModels() {
    QStringList lines;
    for (const auto& model : m_models.models()) {
        if (!model.problem.isEmpty()) {
            lines.push_back(tr("%1: %2").arg(model.name, model.problem));
        }
    }
    if (lines.isEmpty() && m_looking && m_models.models().isEmpty()) {
        lines.push_back(tr("There is no model file in the folder yet."));
    }
    m_looking = false;
    m_found->setText(lines.join(QLatin1Char('\n')));
    m_found->setVisible(!lines.isEmpty());
}

} // namespace alcuin::ui
