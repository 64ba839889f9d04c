#include "chat/model_picker.h"

#include <QDesktopServices>
#include <QMenu>
#include <QPainter>
#include <QStyleOptionProgressBar>
#include <QStyleOptionToolButton>
#include <QUrl>

#include <algorithm>

#include "services/model_service.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/hover.h"

namespace alcuin::ui {

namespace {
constexpr int kHeight = 32;
constexpr int kBarHeight = 3;
constexpr int kWidest = 480; ///< the title has its share before that, ChatHeader::shareRoom()
constexpr int kNarrowest = 96;

QString described(const app::ModelEntry& model) {
    QString text = model.name;
    text.replace(QLatin1Char('&'), QStringLiteral("&&"));
    if (!model.quantization.isEmpty()) {
        text += QStringLiteral(" · ") + model.quantization;
    }
    return text + QLatin1Char('\t') + ModelPicker::sizeWords(model.fileBytes);
}
} // namespace

ModelPicker::ModelPicker(app::ModelService& models, const Theme& theme, QWidget* parent)
    : QToolButton(parent), m_models(models), m_theme(theme), m_menu(new QMenu(this)) {
    setAutoRaise(true);
    setPopupMode(QToolButton::InstantPopup);
    setFocusPolicy(Qt::TabFocus);
    setMenu(m_menu);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_menu->setToolTipsVisible(true);
    connect(m_menu, &QMenu::aboutToShow, this, &ModelPicker::fillMenu);
    connect(&models, &app::ModelService::stateChanged, this, &ModelPicker::refresh);
    connect(&models, &app::ModelService::loadProgress, this, [this](double fraction) {
        m_progress = fraction;
        refresh();
    });
    connect(&theme, &Theme::changed, this, &ModelPicker::refresh);
    refresh();
}

/// A tenth of a gigabyte is what tells two small models apart; of a large one nobody asks for it.
QString ModelPicker::sizeWords(qint64 bytes) {
    constexpr qint64 kGiga = 1'000'000'000;
    const bool tenths = bytes >= kGiga && bytes < 100 * kGiga;
    return QLocale().formattedDataSize(bytes, tenths ? 1 : 0, QLocale::DataSizeSIFormat);
}

QString ModelPicker::words() const {
    const QString& name = m_models.current().name;
    switch (m_models.state()) {
    case app::EngineState::kLoading:
        return tr("Loading %1: %2%").arg(name).arg(static_cast<int>(m_progress * 100));
    case app::EngineState::kFailed:
        return tr("%1 can't be used").arg(name);
    case app::EngineState::kReady:
        return name;
    case app::EngineState::kNoModel:
        break;
    }
    return tr("No model");
}

void ModelPicker::refresh() {
    if (m_models.state() != app::EngineState::kLoading) {
        m_progress = 0;
    }
    setAccessibleName(tr("Model: %1").arg(words()));
    const auto& trouble = m_models.trouble();
    setToolTip(m_models.state() == app::EngineState::kFailed ? trouble.title + QLatin1Char('\n') + trouble.text
                                                             : tr("The model that answers"));
    setFont(m_theme.font(FontRole::kControl));
    updateGeometry();
    update();
}

void ModelPicker::fillMenu() {
    m_menu->clear();
    for (const auto& model : m_models.models()) {
        auto* action = m_menu->addAction(described(model), this, [this, path = model.path] { m_models.use(path); });
        action->setCheckable(true);
        action->setChecked(model.path == m_models.current().path);
        action->setEnabled(model.problem.isEmpty());
        action->setToolTip(model.problem.isEmpty() ? model.path : model.problem);
    }
    m_menu->addSeparator();
    m_menu->addAction(makeIcon(Icon::kModel, m_theme), tr("Open a model file…"), this, &ModelPicker::openFileRequested);
    m_menu->addAction(makeIcon(Icon::kFolder, m_theme), tr("Show the model folder"), this,
                      [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_models.modelDirectory())); });
    m_menu->addAction(makeIcon(Icon::kRegenerate, m_theme), tr("Look for models again"), &m_models,
                      &app::ModelService::refresh);
}

QSize ModelPicker::sizeHint() const {
    const int text = fontMetrics().horizontalAdvance(words());
    return {std::min(text + 2 * Space::k2 + 2 * m_theme.grown(Space::kSmallIcon) + 2 * Space::k1 + Space::k2,
                     static_cast<int>(kWidest * std::max(1.0, m_theme.zoom()))),
            std::max(kHeight, fontMetrics().height() + Space::k3)};
}

QSize ModelPicker::minimumSizeHint() const {
    return {kNarrowest, sizeHint().height()};
}

void ModelPicker::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    option.state.setFlag(QStyle::State_MouseOver, isHovered(*this));
    style()->drawPrimitive(QStyle::PE_PanelButtonTool, &option, &painter, this);
    const Colors& c = m_theme.colors();
    const bool failed = m_models.state() == app::EngineState::kFailed;
    const QRect inside = rect().adjusted(Space::k2, 0, -Space::k2, 0);
    const auto placed = [&](const QRect& r) { return QStyle::visualRect(layoutDirection(), inside, r); };
    const int icon = m_theme.grown(Space::kSmallIcon);
    const int top = inside.center().y() - icon / 2 + 1;
    paintIcon(painter, failed ? Icon::kWarning : Icon::kModel, placed({inside.left(), top, icon, icon}),
              failed ? c.negative : c.ink2);
    paintIcon(painter, Icon::kExpand, placed({inside.right() - icon + 1, top, icon, icon}), c.ink3);
    const QRect text = inside.adjusted(icon + Space::k1, 0, -icon - Space::k1, 0);
    painter.setPen(failed ? c.negative : c.ink2);
    painter.setLayoutDirection(layoutDirection());
    drawWords(painter, placed(text), fontMetrics().elidedText(words(), Qt::ElideMiddle, text.width()));
    if (m_models.state() == app::EngineState::kLoading) {
        QStyleOptionProgressBar bar;
        bar.rect = QRect(inside.left(), rect().bottom() - kBarHeight, inside.width(), kBarHeight);
        bar.direction = layoutDirection();
        bar.maximum = 1000;
        bar.progress = static_cast<int>(m_progress * 1000);
        style()->drawControl(QStyle::CE_ProgressBar, &bar, &painter, this);
    }
    if (hasFocus()) {
        paintFocusRing(painter, rect(), Space::kCorner, m_theme);
    }
}

} // namespace alcuin::ui
