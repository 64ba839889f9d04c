#include "chat/answer_details.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "chat/layout/turn_words.h"
#include "chat/ledger/ledger_words.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/label.h"
#include "widgets/short_time.h"

namespace alcuin::ui {

namespace {
constexpr int kWidestValue = 320;

QString rate(double tokensPerSecond) {
    return AnswerDetails::tr("%1 tokens/s").arg(QLocale().toString(tokensPerSecond, 'f', 1));
}
} // namespace

QList<std::pair<QString, QString>> AnswerDetails::lines(const app::MessageView& answer) {
    QList<std::pair<QString, QString>> lines;
    const app::Measurements& m = answer.measurements;
    if (answer.edited) {
        lines.append({tr("Written by"), tr("You, as another version of an answer")});
    }
    if (!answer.modelName.isEmpty()) {
        lines.append({tr("Model"), answer.modelName});
        lines.append({tr("Parameters"), answer.parameters.isEmpty() ? tr("as usual") : answer.parameters});
    }
    if (answer.seed != 0) {
        lines.append({tr("Seed"), QString::number(answer.seed)}); // as it is typed: without marks between digits
    }
    if (answer.createdAt.isValid()) {
        lines.append({tr("When"), shortMoment(answer.createdAt)});
    }
    if (m.promptTokens > 0) {
        lines.append({tr("Read"), m.cachedTokens > 0 ? tr("%1, of these %2 read before")
                                                           .arg(LedgerWords::tokens(m.promptTokens),
                                                                QLocale().toString(m.cachedTokens))
                                                     : LedgerWords::tokens(m.promptTokens)});
    }
    if (m.prefillTokensPerSecond > 0) {
        lines.append({tr("Reading speed"), rate(m.prefillTokensPerSecond)});
    }
    if (m.completionTokens > 0) {
        lines.append({tr("Written"), LedgerWords::tokens(m.completionTokens)});
    }
    if (m.decodeTokensPerSecond > 0) {
        lines.append({tr("Writing speed"), rate(m.decodeTokensPerSecond)});
    }
    if (m.timeToFirstTokenMs > 0) {
        lines.append({tr("First word after"), TurnWords::seconds(m.timeToFirstTokenMs)});
    }
    if (answer.reasoningDurationMs > 0) {
        lines.append({tr("Thinking"), TurnWords::seconds(double(answer.reasoningDurationMs))});
    }
    if (m.contextLength > 0) {
        lines.append({tr("Context"), LedgerWords::tokens(m.contextLength)});
    }
    return lines;
}

AnswerDetails::AnswerDetails(const app::MessageView& answer, const Theme& panelTheme, QWidget* parent)
    : Popover(panelTheme, parent) {
    setAccessibleName(tr("Details of this answer"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(Space::k4);
    grid->setVerticalSpacing(Space::k1);
    grid->setColumnStretch(1, 1);
    QString all;
    int row = 0;
    for (const auto& [name, value] : lines(answer)) {
        auto* left = new Label(panelTheme, FontRole::kControl, &Colors::ink2, this);
        left->setText(name);
        auto* right = new Label(panelTheme, FontRole::kControl, &Colors::ink, this);
        right->setText(value);
        right->setWordWrap(true);
        const int natural = right->fontMetrics().horizontalAdvance(value) + 2;
        right->setFixedWidth(std::min(natural, static_cast<int>(kWidestValue * std::max(1.0, panelTheme.zoom()))));
        grid->addWidget(left, row, 0, Qt::AlignTop);
        grid->addWidget(right, row, 1, Qt::AlignTop | Qt::AlignLeading);
        all += name + QLatin1String(": ") + value + QLatin1Char('\n');
        ++row;
    }
    setAccessibleDescription(all);
    column().addLayout(grid);
    auto* copy = new QPushButton(makeIcon(Icon::kCopy, panelTheme), tr("Copy"), this);
    column().addSpacing(Space::k1);
    column().addWidget(copy, 0, Qt::AlignLeading);
    connect(copy, &QPushButton::clicked, this, [this, all] {
        QGuiApplication::clipboard()->setText(all);
        close();
    });
}

} // namespace alcuin::ui
