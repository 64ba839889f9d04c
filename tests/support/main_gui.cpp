#include <QApplication>
#include <QStringList>

namespace alcuin::tests {
int runRegisteredTests(QStringList arguments);
}

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    return alcuin::tests::runRegisteredTests(QCoreApplication::arguments());
}
