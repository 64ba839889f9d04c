// instance_holder DIRECTORY [FILE]: starts as the program does, says how that went on standard output, and what it is
// asked to open as long as it runs. Ends at once where another one holds the directory.
#include <QCoreApplication>

#include <cstdio>

#include "platform/single_instance.h"

using alcuin::app::SingleInstance;

namespace {
void say(const QByteArray& line) {
    std::fputs((line + '\n').constData(), stdout);
    std::fflush(stdout);
}
} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        return 2;
    }
    SingleInstance instance(arguments.at(1));
    QObject::connect(&instance, &SingleInstance::activated, &instance,
                     [](const QString& file) { say("activated " + file.toUtf8()); });
    switch (instance.start(arguments.value(2))) {
    case SingleInstance::Outcome::kFirst:
        say("first");
        return QCoreApplication::exec();
    case SingleInstance::Outcome::kDelivered:
        say("delivered");
        return 0;
    case SingleInstance::Outcome::kUndelivered:
        say("undelivered");
        return 1;
    case SingleInstance::Outcome::kNoLock:
        say("no lock");
        return 1;
    }
    return 1;
}
