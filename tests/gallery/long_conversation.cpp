#include "gallery/long_conversation.h"

#include <QFile>
#include <QHash>

#include <algorithm>
#include <array>
#include <optional>

#include "chat/desk/attachment_strip.h"
#include "chat/transcript_private.h"

namespace alcuin::gallery {

namespace {

using inference::Channel;
using inference::FinishReason;

constexpr std::array kFiles{"everyday", "reasoning", "code", "mathematics", "work", "difficult", "science"};

std::optional<Course> courseNamed(const QString& name) {
    static const QHash<QString, Course> table = {
        {QStringLiteral("stopped"), Course::kStopped},     {QStringLiteral("length"), Course::kCutOff},
        {QStringLiteral("continued"), Course::kContinued}, {QStringLiteral("error"), Course::kFailed},
        {QStringLiteral("empty"), Course::kEmpty},         {QStringLiteral("branches"), Course::kBranches},
        {QStringLiteral("edited"), Course::kEdited}};
    const auto found = table.constFind(name);
    return found == table.constEnd() ? std::nullopt : std::optional(*found);
}

/// Nothing for a text with a mark that isn't known.
std::optional<QList<Exchange>> exchangesIn(const QString& text) {
    QList<Exchange> all;
    QString* part = nullptr;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        if (!line.startsWith(QLatin1String("%% "))) {
            if (part != nullptr) {
                *part += line + QLatin1Char('\n');
            }
            continue;
        }
        const QString mark = line.section(QLatin1Char(' '), 1, 1);
        const QString rest = line.section(QLatin1Char(' '), 2);
        if (mark == QLatin1String("question")) {
            all.append(Exchange());
            part = &all.last().question;
        } else if (all.isEmpty()) {
            return std::nullopt;
        } else if (mark == QLatin1String("thinking") || mark == QLatin1String("answer")) {
            part = mark == QLatin1String("answer") ? &all.last().answer : &all.last().thinking;
        } else if (mark == QLatin1String("attach")) {
            all.last().file = rest;
        } else if (const auto course = courseNamed(rest); mark == QLatin1String("end") && course) {
            all.last().course = *course;
        } else {
            return std::nullopt;
        }
    }
    for (Exchange& each : all) {
        each.question.chop(1);
        each.answer.chop(each.answer.isEmpty() ? 0 : 1);
    }
    return all;
}

const auto& lastTurn(const Stage& stage, int before = 0) {
    auto& list = ui::TranscriptAccess::of(stage.page().transcript()).list;
    return list.turn(list.count() - 1 - before).view();
}

/// Waits for the request after `count` others and answers it.
void answerNext(Stage& stage, std::size_t count, const QString& text) {
    if (!QTest::qWaitFor([&] { return stage.engine->requests().size() > count; })) {
        qFatal("nothing was asked again");
    }
    stage.engine->write(count, text.toStdString());
    stage.engine->finish(count);
    stage.waitUntilIdle();
    stage.settle();
}

void goOn(Stage& stage, const Exchange& exchange) {
    const auto count = stage.engine->requests().size();
    auto& transcript = stage.page().transcript();
    switch (exchange.course) {
    case Course::kContinued:
        emit transcript.continueRequested(lastTurn(stage).id);
        answerNext(stage, count, QStringLiteral(" and this is how it went on."));
        break;
    case Course::kBranches:
        emit transcript.regenerateRequested(lastTurn(stage).id);
        answerNext(stage, count, QStringLiteral("Another answer to the same question.\n\n") + exchange.answer);
        break;
    case Course::kEdited:
        emit transcript.editRequested(lastTurn(stage, 1).id, exchange.question);
        stage.settle();
        stage.composer().setText(exchange.question + QStringLiteral(" (Asked in other words.)"));
        stage.press(Qt::Key_Return);
        answerNext(stage, count, exchange.answer);
        break;
    default:
        break;
    }
}

} // namespace

QList<Exchange> writtenExchanges() {
    std::array<QList<Exchange>, kFiles.size()> kinds;
    qsizetype longest = 0;
    for (std::size_t i = 0; i < kFiles.size(); ++i) {
        QFile file(QStringLiteral(ALCUIN_CONVERSATION_DIR "/%1.md").arg(QLatin1String(kFiles[i])));
        const auto read =
            file.open(QIODevice::ReadOnly) ? exchangesIn(QString::fromUtf8(file.readAll())) : std::nullopt;
        if (!read) {
            return {};
        }
        kinds[i] = *read;
        longest = std::max(longest, read->size());
    }
    QList<Exchange> all;
    for (qsizetype at = 0; at < longest; ++at) {
        for (const auto& kind : kinds) {
            if (at < kind.size()) {
                all.append(kind.at(at));
            }
        }
    }
    return all;
}

void play(Stage& stage, const Exchange& exchange) {
    if (!exchange.file.isEmpty()) {
        stage.composer().attachments().add(
            {{exchange.file, QStringLiteral("text/plain"), QStringLiteral("The file's text.\n").repeated(40)}});
    }
    const auto request = stage.ask(exchange.question);
    if (!exchange.thinking.isEmpty()) {
        stage.engine->write(request, exchange.thinking.toStdString(), Channel::kReasoning);
    }
    if (!exchange.answer.isEmpty()) {
        stage.engine->write(request, exchange.answer.toStdString());
    }
    if (exchange.course == Course::kFailed) {
        stage.engine->fail(request, {inference::ErrorCode::kIo, "The model file could not be read."});
    } else {
        const bool cut = exchange.course == Course::kCutOff || exchange.course == Course::kContinued;
        stage.engine->finish(request, exchange.course == Course::kStopped ? FinishReason::kCancelled
                                      : cut                               ? FinishReason::kLength
                                                                          : FinishReason::kStop);
    }
    stage.waitUntilIdle();
    stage.settle();
    goOn(stage, exchange);
}

} // namespace alcuin::gallery
