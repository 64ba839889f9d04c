#include "chat/layout/turn_words.h"

#include <QLocale>
#include <QStringList>

#include <cmath>

namespace alcuin::ui {

using app::MessageState;
using app::MessageView;

QString TurnWords::seconds(double milliseconds) {
    const QLocale locale;
    const double s = milliseconds / 1000;
    if (s < 1) {
        return tr("%1 s").arg(locale.toString(s, 'f', 2));
    }
    if (s < 10) {
        return tr("%1 s").arg(locale.toString(s, 'f', 1));
    }
    const auto whole = qint64(std::llround(s));
    if (whole < 60) {
        return tr("%1 s").arg(locale.toString(whole));
    }
    return tr("%1 min %2 s").arg(locale.toString(whole / 60), locale.toString(whole % 60));
}

QString TurnWords::reasoning(const MessageView& view) {
    if (view.state == MessageState::kStreaming && view.text.isEmpty()) {
        return tr("Thinking");
    }
    return view.reasoningDurationMs > 0 ? tr("Thought for %1").arg(seconds(double(view.reasoningDurationMs)))
                                        : tr("Thought");
}

QString TurnWords::ending(const MessageView& view) {
    switch (view.state) {
    case MessageState::kCancelled:
        return tr("Stopped");
    case MessageState::kInterrupted:
        return tr("Interrupted: the program ended while this was being written");
    case MessageState::kLength:
        return tr("Cut off: the answer reached the most tokens it may have");
    case MessageState::kContextFull:
        if (view.measurements.contextLength > 0) {
            return tr("The context is full: this chat has used all %1 tokens that the model can keep in mind. "
                      "Summarise earlier turns, start a new chat, or edit an earlier question.")
                .arg(QLocale().toString(view.measurements.contextLength));
        }
        return tr("The context is full: this chat has used all that the model can keep in mind. "
                  "Summarise earlier turns, start a new chat, or edit an earlier question.");
    case MessageState::kComplete:
        if (view.role == app::Role::kAssistant && view.text.trimmed().isEmpty()) {
            return view.reasoning.isEmpty() ? tr("The model ended its answer without a word")
                                            : tr("The model ended its answer after thinking, without a word");
        }
        break;
    case MessageState::kStreaming:
    case MessageState::kFailed:
        break;
    }
    return {};
}

QString TurnWords::footer(const MessageView& view, qint64 readingDone, qint64 readingTotal) {
    const QLocale locale;
    if (view.state == MessageState::kStreaming) {
        if (!view.text.isEmpty()) {
            return tr("Writing");
        }
        if (!view.reasoning.isEmpty()) {
            return {};
        }
        if (readingTotal > 0 && readingDone < readingTotal) {
            return tr("Reading %1 of %2 tokens").arg(locale.toString(readingDone), locale.toString(readingTotal));
        }
        return tr("Waiting for the model");
    }
    if (view.edited) {
        return tr("Edited by you");
    }
    const app::Measurements& m = view.measurements;
    QStringList figures;
    if (m.completionTokens == 1) {
        figures += tr("1 token");
    } else if (m.completionTokens > 1) {
        figures += tr("%1 tokens").arg(locale.toString(m.completionTokens));
    }
    if (m.decodeTokensPerSecond > 0) {
        figures += tr("%1 tokens/s").arg(locale.toString(m.decodeTokensPerSecond, 'f', 1));
    }
    if (m.timeToFirstTokenMs > 0) {
        figures += tr("first after %1").arg(seconds(m.timeToFirstTokenMs));
    }
    if (m.cachedTokens > 0) {
        figures += tr("%1 of %2 read before", "tokens of the question and what stands above it")
                       .arg(locale.toString(m.cachedTokens), locale.toString(m.promptTokens));
    }
    const QString speed = figures.join(tr(", "));
    if (view.modelName.isEmpty() || speed.isEmpty()) {
        return view.modelName + speed;
    }
    return tr("%1 · %2", "speed, model").arg(speed, view.modelName);
}

QString TurnWords::summarised(Summarised summarised) {
    if (summarised == Summarised::kFirstSentences) {
        return tr("For the model, their first sentences stand for the turns above");
    }
    return tr("For the model, a summary stands for the turns above");
}

QString TurnWords::errorTitle(const MessageView& view) {
    return view.text.isEmpty() ? tr("The question was not answered") : tr("The answer broke off");
}

QString TurnWords::errorText(const MessageView& view) {
    if (view.error.isEmpty()) {
        return tr("The model ended without saying why. Ask again, or choose another model.");
    }
    return QString(view.error).replace(QLatin1Char('\n'), QChar(QChar::LineSeparator));
}

QString TurnWords::branch(const MessageView& view) {
    const QLocale locale;
    return tr("%1 of %2", "branch")
        .arg(locale.toString(view.siblingIndex + 1), locale.toString(qlonglong(view.siblings.size())));
}

QString TurnWords::speaker(const MessageView& view) {
    switch (view.role) {
    case app::Role::kUser:
        return tr("You said");
    case app::Role::kAssistant:
        return tr("Answer");
    case app::Role::kSystem:
        break;
    }
    return tr("Instructions");
}

QString TurnWords::control(const Control& control, const MessageView& view, bool open) {
    switch (control.kind) {
    case ControlKind::kDisclosure:
        return open ? tr("Hide the thinking") : tr("Show the thinking");
    case ControlKind::kLink:
        return tr("Link");
    case ControlKind::kCopyCode:
        return tr("Copy code");
    case ControlKind::kSaveCode:
        return tr("Save code as a file");
    case ControlKind::kRetry:
        return tr("Try again");
    case ControlKind::kChooseModel:
        return tr("Choose a model");
    case ControlKind::kPrevious:
        return view.role == app::Role::kUser ? tr("Previous version of the question") : tr("Previous answer");
    case ControlKind::kNext:
        return view.role == app::Role::kUser ? tr("Next version of the question") : tr("Next answer");
    case ControlKind::kCopy:
        return view.role == app::Role::kUser ? tr("Copy question") : tr("Copy answer");
    case ControlKind::kEdit:
        return view.role == app::Role::kUser ? tr("Edit question") : tr("Edit answer");
    case ControlKind::kRegenerate:
        return tr("Answer again");
    case ControlKind::kRegenerateWith:
        return tr("Answer again with another model or parameters");
    case ControlKind::kContinue:
        return tr("Continue");
    case ControlKind::kDetails:
        return tr("Details of this answer");
    case ControlKind::kFile:
        return tr("File %1").arg(view.attachments.value(control.link).name);
    case ControlKind::kShowSummary:
        return tr("Show summary");
    case ControlKind::kUndoSummary:
        return tr("Undo");
    }
    return {};
}

} // namespace alcuin::ui
