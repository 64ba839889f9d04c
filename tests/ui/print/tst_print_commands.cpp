#include <QBuffer>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPdfWriter>
#include <QProgressDialog>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "print/conversation_printer.h"
#include "print/print_commands.h"
#include "print/print_dialog.h"
#include "support/test_registry.h"
#include "ui/chat/sample.h"
#include "ui/print/printed_pdf.h"

using namespace alcuin;
using namespace alcuin::ui;
using namespace alcuin::tests;

/// The way from the menu to a file.
class TestPrintCommands : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale::c());
    }
    void savesInTheBackground();
    void cancelledLeavesNoFile();
    void fileNames();
    void throughThePrintDialog();
};

void TestPrintCommands::savesInTheBackground() {
    QTemporaryDir directory;
    QWidget window;
    PaperConversation paper = samplePaper();
    paper.path = tests::longPath(100);
    PrintCommands commands(window, [&paper] { return paper; });
    QSignalSpy saved(&commands, &PrintCommands::saved);
    QSignalSpy failed(&commands, &PrintCommands::failed);
    const QString path = directory.filePath(QStringLiteral("a.pdf"));
    commands.writePdf(path);
    QVERIFY2(!QFile::exists(path), "it comes under its name when it is whole");
    QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, 60000);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(pagesInPdf(file.readAll()) > 5);
    commands.writePdf(directory.filePath(QStringLiteral("no/such/folder.pdf")));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!failed.first().first().value<app::Trouble>().text.isEmpty());
}

void TestPrintCommands::cancelledLeavesNoFile() {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    PaperConversation paper = samplePaper();
    paper.path = tests::longPath(400);
    ConversationPrinter printer(paper, writer);
    QSignalSpy finished(&printer, &ConversationPrinter::finished);
    connect(&printer, &ConversationPrinter::progressed, &printer, [&printer](int done) {
        if (done == 5) {
            printer.cancel();
        }
    });
    printer.start();
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(finished.first().first().toBool(), false);
}

void TestPrintCommands::fileNames() {
    QCOMPARE(fileNameOf(QStringLiteral("What is a/b: \"c\"?")), QStringLiteral("What is a-b- -c--"));
    QCOMPARE(fileNameOf(QStringLiteral("..")), QStringLiteral("Conversation"));
    QCOMPARE(fileNameOf(QString()), QStringLiteral("Conversation"));
    QVERIFY(fileNameOf(QString(500, u'x')).size() <= 80);
}

/// The way a person takes who has no printer: "Print", to a file, some of the pages.
void TestPrintCommands::throughThePrintDialog() {
    if (!canPrint()) {
        ALCUIN_SKIP("Qt was built without printing");
    }
    QTemporaryDir directory;
    QWidget window;
    PaperConversation paper = samplePaper();
    paper.path = tests::longPath(40);
    PrintCommands commands(window, [&paper] { return paper; });
    QSignalSpy failed(&commands, &PrintCommands::failed);
    commands.print();
    auto* dialog = window.findChild<QDialog*>();
    QVERIFY(dialog != nullptr);
    const QString path = directory.filePath(QStringLiteral("printed.pdf"));
    auto* printers = dialog->findChild<QComboBox*>(QStringLiteral("printers"));
    auto* file = dialog->findChild<QLineEdit*>(QStringLiteral("filename"));
    QVERIFY(printers != nullptr && file != nullptr);
    printers->setCurrentIndex(printers->count() - 1); // to a file
    file->setText(path);
    dialog->accept();
    QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QProgressDialog*>() == nullptr, 60000);
    QCOMPARE(failed.size(), 0);
    QTRY_VERIFY(QFile::exists(path));
    QFile printed(path);
    QVERIFY(printed.open(QIODevice::ReadOnly));
    const QByteArray pdf = printed.readAll();
    keepPdf(pdf, "dialog");
    QVERIFY(pagesInPdf(pdf) > 2);
    QVERIFY2(textOfPdf(pdf).contains(paper.title), "with the same head");
}

ALCUIN_TEST(TestPrintCommands)
#include "tst_print_commands.moc"
