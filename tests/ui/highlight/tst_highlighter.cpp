#include "support/test_registry.h"

#include "highlight/highlighter.h"
#include "ui/highlight/kinds.h"

using namespace alcuin;
using namespace alcuin::ui::highlight;

class TestHighlighter : public QObject {
    Q_OBJECT
private slots:
    void dump();
};

void TestHighlighter::dump() {
    if (!qEnvironmentVariableIsSet("DUMP")) return;
    Library library;
    const auto args = qEnvironmentVariable("DUMP").split(u'|');
    qDebug().noquote() << tests::described(library, *library.find(args[0]), args[1]);
}

ALCUIN_TEST(TestHighlighter)
#include "tst_highlighter.moc"
