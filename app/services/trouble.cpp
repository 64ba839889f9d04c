#include "services/trouble.h"

#include <QCoreApplication>

#include <alcuin/inference/error.h>
#include <alcuin/storage/error.h>

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::Trouble)
};

/// A mistake of ours still says what the person can do.
QString withReport(const QString& text) {
    return text.contains(QLatin1String("report")) ? text : text + QLatin1Char(' ') + Words::tr("Please report this.");
}

} // namespace

QString inWords(const Trouble& trouble) {
    return trouble.text.isEmpty() ? trouble.title : trouble.title + QLatin1Char('\n') + trouble.text;
}

Trouble toTrouble(const storage::Error& error) {
    using Code = storage::ErrorCode;
    const QString text = QString::fromStdString(error.message);
    switch (error.code) {
    case Code::kInvalidArgument:
        return {Words::tr("This couldn't be stored"), text, Trouble::Action::kNone};
    case Code::kNotFound:
        return {Words::tr("This isn't stored any more"), text, Trouble::Action::kNone};
    case Code::kCannotOpen:
        return {Words::tr("Your conversations can't be read or written"), text, Trouble::Action::kRetry};
    case Code::kNewerVersion:
        return {Words::tr("Your conversations were written by a newer version"), text, Trouble::Action::kNone};
    case Code::kCorrupt:
        return {Words::tr("The file with your conversations is damaged"), text, Trouble::Action::kNone};
    case Code::kDiskFull:
        return {Words::tr("The disk is full, so this wasn't stored"), text, Trouble::Action::kRetry};
    case Code::kLocked:
        return {Words::tr("Another program holds the file with your conversations"), text, Trouble::Action::kRetry};
    case Code::kInterrupted:
    case Code::kInternal:
        break;
    }
    return {Words::tr("Something went wrong while storing"), text, Trouble::Action::kRetry};
}

Trouble toTrouble(const inference::Error& error) {
    using Code = inference::ErrorCode;
    const QString text = QString::fromStdString(error.message);
    switch (error.code) {
    case Code::kInvalidArgument:
        return {Words::tr("The model can't answer this"), text, Trouble::Action::kNone};
    case Code::kNotFound:
        return {Words::tr("The model or a part of it isn't there"), text, Trouble::Action::kChooseModel};
    case Code::kIo:
        return {Words::tr("The model file couldn't be read"), text, Trouble::Action::kChooseModel};
    case Code::kCorrupt:
        return {Words::tr("The model file is damaged"), text, Trouble::Action::kChooseModel};
    case Code::kUnsupported:
        return {Words::tr("This version can't run this model"), text, Trouble::Action::kChooseModel};
    case Code::kOutOfMemory:
        return {Words::tr("There isn't enough memory for this model"), text, Trouble::Action::kChooseModel};
    case Code::kContextFull:
        return {Words::tr("The conversation is longer than the model can read"), text, Trouble::Action::kNone};
    case Code::kTemplate:
        return {Words::tr("The model's chat template failed"), text, Trouble::Action::kChooseModel};
    case Code::kCancelled:
        return {Words::tr("Stopped"), text, Trouble::Action::kRetry};
    case Code::kDevice:
        return {Words::tr("The device that computes the answer failed"), text, Trouble::Action::kRetry};
    case Code::kInternal:
        break;
    }
    return {Words::tr("Something went wrong while answering"), withReport(text), Trouble::Action::kRetry};
}

} // namespace alcuin::app
