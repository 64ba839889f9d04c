#include <QCoreApplication>
#include <QStringList>

namespace alcuin::tests {
int runRegisteredTests(QStringList arguments);
}

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    return alcuin::tests::runRegisteredTests(QCoreApplication::arguments());
}
