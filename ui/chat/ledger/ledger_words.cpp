#include "chat/ledger/ledger_words.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>

#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kLowPart = 8; ///< less than this part of the context left is worth words
} // namespace

using Kind = LedgerSegment::Kind;

QList<LedgerSegment> LedgerWords::segments(const app::Ledger& ledger) {
    if (ledger.contextLength <= 0) {
        return {};
    }
    return {{Kind::kInstructions, ledger.instructions},
            {Kind::kFiles, ledger.files},
            {Kind::kConversation, ledger.conversation + ledger.templateTokens},
            {Kind::kDraft, ledger.draft},
            {Kind::kRoom, std::max<qint64>(0, ledger.room())},
            {Kind::kReserve, std::max<qint64>(0, ledger.answerReserve)}};
}

QString LedgerWords::name(Kind kind) {
    switch (kind) {
    case Kind::kInstructions:
        return tr("Instructions");
    case Kind::kFiles:
        return tr("Files");
    case Kind::kConversation:
        return tr("Conversation");
    case Kind::kDraft:
        return tr("What you are writing");
    case Kind::kRoom:
        return tr("Room left");
    case Kind::kReserve:
        break;
    }
    return tr("Kept free for the answer");
}

QString LedgerWords::tokens(qint64 count) {
    return count == 1 ? tr("1 token") : tr("%1 tokens").arg(QLocale().toString(count));
}

QString LedgerWords::sum(const app::Ledger& ledger) {
    if (ledger.contextLength <= 0) {
        return tr("What fills the context is counted once a model is loaded");
    }
    const QLocale locale;
    const QString text = ledger.estimated ? tr("About %1 of %2 tokens used") : tr("%1 of %2 tokens used");
    return text.arg(locale.toString(ledger.used()), locale.toString(ledger.contextLength));
}

QString LedgerWords::warning(const app::Ledger& ledger) {
    if (ledger.contextLength <= 0) {
        return {};
    }
    if (ledger.excess() > 0) {
        return tr("Too long by %1").arg(tokens(ledger.excess()));
    }
    const qint64 room = ledger.room();
    if (room < 0) {
        return tr("Room for an answer of %1").arg(tokens(ledger.contextLength - ledger.used()));
    }
    return room * kLowPart < ledger.contextLength ? tr("Room for %1").arg(tokens(room)) : QString();
}

QString LedgerWords::toolTip(const app::Ledger& ledger) {
    QStringList lines{sum(ledger)};
    for (const auto& segment : segments(ledger)) {
        if (segment.tokens > 0) {
            lines += tr("%1: %2", "part of the context, its tokens").arg(name(segment.kind), tokens(segment.tokens));
        }
    }
    if (ledger.contextLength > 0 && ledger.room() < 0) {
        lines += warning(ledger);
    }
    return lines.join(QLatin1Char('\n'));
}

QString LedgerWords::entry(const app::LedgerEntry& entry) {
    switch (entry.kind) {
    case app::LedgerKind::kInstructions:
        return entry.name.isEmpty() ? tr("Instructions") : entry.name;
    case app::LedgerKind::kSummary:
        return entry.name.isEmpty() ? tr("Summary of earlier turns") : entry.name;
    case app::LedgerKind::kTemplate:
        return tr("Marks between the turns");
    case app::LedgerKind::kDraft:
        return tr("What you are writing");
    case app::LedgerKind::kFile:
    case app::LedgerKind::kTurn:
        break;
    }
    return entry.name.simplified();
}

/// The accent held back, as far as it still stands out from the paper.
static QColor paleAccent(const Colors& colors) {
    constexpr double kSeen = 3.0;
    constexpr double kStep = 0.01;
    double share = 0.55;
    QColor pale = mixed(colors.paper, colors.accent, share);
    while (share < 1 && contrastOf(pale, colors.paper) < kSeen) {
        share += kStep;
        pale = mixed(colors.paper, colors.accent, share);
    }
    return pale;
}

QColor LedgerWords::color(Kind kind, const Colors& colors) {
    switch (kind) {
    case Kind::kInstructions:
        return colors.ink;
    case Kind::kFiles:
        return colors.accent;
    case Kind::kConversation:
        return mixed(colors.paper, colors.ink2, 0.72);
    case Kind::kDraft:
        return paleAccent(colors);
    case Kind::kRoom:
        return colors.line;
    case Kind::kReserve:
        break;
    }
    return mixed(colors.line, colors.ink, 0.12);
}

} // namespace alcuin::ui
