#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <sys/stat.h>

#include "services/attachment_file.h"
#include "services/attachment_reader.h"
#include "support/test_registry.h"

using namespace alcuin::app;

namespace {

QString write(const QTemporaryDir& directory, const QString& name, const QByteArray& bytes) {
    QFile file(directory.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("a test file couldn't be written");
    }
    return file.fileName();
}

QString textOf(const AttachmentOutcome& outcome) {
    const auto* attachment = std::get_if<Attachment>(&outcome);
    return attachment == nullptr ? QStringLiteral("refused: ") + std::get<Trouble>(outcome).title : attachment->text;
}

QString refusalOf(const AttachmentOutcome& outcome) {
    const auto* trouble = std::get_if<Trouble>(&outcome);
    return trouble == nullptr ? QStringLiteral("read: ") + std::get<Attachment>(outcome).text
                              : trouble->title + QLatin1Char('\n') + trouble->text;
}

} // namespace

class TstAttachmentReader : public QObject {
    Q_OBJECT
private slots:
    void textIsReadInItsEncoding_data();
    void textIsReadInItsEncoding();
    void whatHoldsNoTextIsRefusedInWords_data();
    void whatHoldsNoTextIsRefusedInWords();
    void onlyRegularFilesAreOpened();
    void aLargeFileIsRefusedByItsSize();
    void namesCantPretend();
    void codeKeepsItsNameAndType();
    void filesComeInTheirOrderWithWhatWasRefused();
};

void TstAttachmentReader::textIsReadInItsEncoding_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    const QString word = QStringLiteral("Größe: 5 €\n");
    QTest::newRow("UTF-8") << word.toUtf8() << word;
    QTest::newRow("UTF-8 with mark") << QByteArray("\xEF\xBB\xBF") + word.toUtf8() << word;
    QByteArray little("\xFF\xFE", 2);
    QByteArray big("\xFE\xFF", 2);
    for (const QChar character : word) {
        little += char(character.unicode() & 0xFF);
        little += char(character.unicode() >> 8);
        big += char(character.unicode() >> 8);
        big += char(character.unicode() & 0xFF);
    }
    QTest::newRow("UTF-16 little") << little << word;
    QTest::newRow("UTF-16 big") << big << word;
    QTest::newRow("Windows-1252") << QByteArray("Gr\xF6\xDF"
                                                "e: 5 \x80\n")
                                  << word;
    QTest::newRow("Latin-1 to the last letter") << QByteArray("caf\xE9") << QStringLiteral("café");
    QTest::newRow("line ends") << QByteArray("a\r\nb\rc\n") << QStringLiteral("a\nb\nc\n");
    QTest::newRow("colours of a terminal") << QByteArray("\x1B[31mred\x1B[0m") << QStringLiteral("\x1B[31mred\x1B[0m");
}

void TstAttachmentReader::textIsReadInItsEncoding() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    QCOMPARE(textOf(toAttachment(QStringLiteral("a.txt"), bytes)), text);
}

void TstAttachmentReader::whatHoldsNoTextIsRefusedInWords_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    QTest::newRow("PNG") << QByteArray("\x89PNG\r\n\x1A\n") << QStringLiteral("can't see");
    QTest::newRow("JPEG") << QByteArray("\xFF\xD8\xFF\xE0 JFIF") << QStringLiteral("can't see");
    QTest::newRow("WebP") << QByteArray("RIFF....WEBPVP8 ") << QStringLiteral("can't see");
    QTest::newRow("ZIP") << QByteArray("PK\x03\x04....") << QStringLiteral("archive");
    QTest::newRow("gzip") << QByteArray("\x1F\x8B\x08....") << QStringLiteral("archive");
    QTest::newRow("tar") << QByteArray(257, 'a') + "ustar" << QStringLiteral("archive");
    QTest::newRow("PDF") << QByteArray("%PDF-1.7\n1 0 obj") << QStringLiteral("plain text");
    QTest::newRow("program") << QByteArray("\x7F"
                                           "ELF\x02\x01")
                             << QStringLiteral("no text");
    QTest::newRow("zeros") << QByteArray("a\0b", 3) << QStringLiteral("no text");
    QTest::newRow("control characters") << QByteArray("\x01\x02\xFF\xFE\x90") << QStringLiteral("no text");
    QTest::newRow("nothing") << QByteArray() << QStringLiteral("empty");
    QTest::newRow("blanks") << QByteArray(" \n\t\n") << QStringLiteral("empty");
}

void TstAttachmentReader::whatHoldsNoTextIsRefusedInWords() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const QString words = refusalOf(toAttachment(QStringLiteral("thing.dat"), bytes));
    QVERIFY2(words.startsWith(QLatin1String("thing.dat")), qPrintable(words));
    QVERIFY2(words.contains(says), qPrintable(words));
    QVERIFY2(words.count(QLatin1Char('\n')) == 1 && !words.endsWith(QLatin1Char('\n')), qPrintable(words));
}

void TstAttachmentReader::onlyRegularFilesAreOpened() {
    QTemporaryDir directory;
    const QString fifo = directory.filePath(QStringLiteral("pipe.txt"));
    QCOMPARE(::mkfifo(QFile::encodeName(fifo).constData(), 0600), 0);
    QVERIFY(refusalOf(readAttachment(fifo)).contains(QLatin1String("isn't a file"))); // and doesn't wait for a writer
    QVERIFY(refusalOf(readAttachment(QStringLiteral("/dev/zero"))).contains(QLatin1String("isn't a file")));
    QVERIFY(refusalOf(readAttachment(directory.path())).contains(QLatin1String("folder")));
    QVERIFY(
        refusalOf(readAttachment(directory.filePath(QStringLiteral("none")))).contains(QLatin1String("isn't there")));
}

void TstAttachmentReader::aLargeFileIsRefusedByItsSize() {
    QTemporaryDir directory;
    const QString large = write(directory, QStringLiteral("large.log"), QByteArray(kLargestAttachmentBytes + 5, 'x'));
    const QString words = refusalOf(readAttachment(large));
    QVERIFY2(words.contains(QLatin1String("too large")), qPrintable(words.left(200)));
    const QString fits = write(directory, QStringLiteral("fits.log"), QByteArray(kLargestAttachmentBytes, 'x'));
    QCOMPARE(textOf(readAttachment(fits)).size(), kLargestAttachmentBytes);
    const QString picture =
        write(directory, QStringLiteral("large.png"), "\x89PNG\r\n" + QByteArray(kLargestAttachmentBytes + 5, 'x'));
    QVERIFY(refusalOf(readAttachment(picture)).contains(QLatin1String("can't see")));
}

void TstAttachmentReader::namesCantPretend() {
    QCOMPARE(sanitisedName(QStringLiteral("../../etc/passwd")), QStringLiteral("passwd"));
    QCOMPARE(sanitisedName(QStringLiteral("C:\\a\\b.txt")), QStringLiteral("b.txt"));
    QCOMPARE(sanitisedName(QStringLiteral("a\nFile \"b\":")), QStringLiteral("a File 'b':"));
    QCOMPARE(sanitisedName(QString::fromUtf16(u"gpj.\u202Etxt.exe")), QStringLiteral("gpj.txt.exe"));
    QCOMPARE(sanitisedName(QStringLiteral("\x01\x02")), QStringLiteral("unnamed"));
    const QString longName = sanitisedName(QString(500, QLatin1Char('n')) + QStringLiteral(".py"));
    QCOMPARE(longName.size(), 120);
    QVERIFY(longName.endsWith(QLatin1String(".py")));
}

void TstAttachmentReader::codeKeepsItsNameAndType() {
    const auto outcome = toAttachment(QStringLiteral("tool.py"), "import os\nprint(os.name)\n");
    const auto& attachment = std::get<Attachment>(outcome);
    QCOMPARE(attachment.name, QStringLiteral("tool.py"));
    QVERIFY2(attachment.mediaType.contains(QLatin1String("python")), qPrintable(attachment.mediaType));
    QCOMPARE(attachment.bytes, 25);
}

void TstAttachmentReader::filesComeInTheirOrderWithWhatWasRefused() {
    QTemporaryDir directory;
    const QString one = write(directory, QStringLiteral("one.md"), "# One\n");
    const QString picture = write(directory, QStringLiteral("two.png"), "\x89PNG\r\n\x1A\n");
    const QString three = write(directory, QStringLiteral("three.c"), "int main(void) { return 0; }\n");
    AttachmentReader reader;
    QSignalSpy done(&reader, &AttachmentReader::done);
    const quint64 first = reader.read({one, picture, three});
    const quint64 second = reader.read({});
    QTRY_COMPARE(done.size(), 2);
    QCOMPARE(done.at(0).at(0).toULongLong(), first);
    QCOMPARE(done.at(1).at(0).toULongLong(), second);
    const auto attachments = done.at(0).at(1).value<QList<Attachment>>();
    QCOMPARE(attachments.size(), 2);
    QCOMPARE(attachments.at(0).name, QStringLiteral("one.md"));
    QCOMPARE(attachments.at(1).text, QStringLiteral("int main(void) { return 0; }\n"));
    const auto refusals = done.at(0).at(2).value<QList<Trouble>>();
    QCOMPARE(refusals.size(), 1);
    QVERIFY(refusals.at(0).title.contains(QLatin1String("two.png")));
}

ALCUIN_TEST(TstAttachmentReader)
#include "tst_attachment_reader.moc"
