#include <QDir>
#include <QElapsedTimer>
#include <QFile>

#include <algorithm>
#include <cstdio>

#include "highlight/highlighter.h"

using namespace alcuin::ui::highlight;

namespace {

double nanosecondsPerCharacter(Library& library, const Language& language, const QStringList& lines) {
    qint64 characters = 0;
    for (const QString& line : lines) {
        characters += line.size() + 1;
    }
    double best = 1e9;
    for (int run = 0; run < 5; ++run) {
        Highlighter highlighter(language, library);
        QElapsedTimer timer;
        timer.start();
        highlighter.spansOf(int(lines.size()) - 1, [&](int line) { return QStringView(lines.at(line)); });
        best = std::min(best, double(timer.nsecsElapsed()) / double(characters));
    }
    return best;
}

} // namespace

/// What lexing costs: highlight_bench SAMPLES. The best of five runs, in ns per character.
int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: highlight_bench SAMPLES\n");
        return 2;
    }
    QElapsedTimer timer;
    timer.start();
    Library library;
    library.find(QStringLiteral("cpp"));
    std::printf("first look-up %.2f ms\n", double(timer.nsecsElapsed()) / 1e6);
    constexpr int kCharacters = 200000;
    constexpr int kLongLine = 1 << 20;
    const QDir samples(QString::fromLocal8Bit(argv[1]));
    for (const QString& name : samples.entryList(QDir::Files)) {
        QFile file(samples.filePath(name));
        const Language* language = library.language(name.section(u'.', 0, 0));
        if (name.endsWith(QLatin1String(".kinds")) || language == nullptr || !file.open(QIODevice::ReadOnly)) {
            continue;
        }
        const QString text = QString::fromUtf8(file.readAll());
        const QStringList lines = text.repeated(int(kCharacters / text.size())).split(u'\n');
        const QString one = QString(text).replace(u'\n', u' ');
        double worst = 0;
        QString worstUnit;
        for (const char* unit :
             {"(", "[", "<", "\"", "'", "`", "\\", "/", "/*", "#", "${", "{", "a", "[a](", "<a b='", "0", "-", " "}) {
            const QString hostile = QString::fromLatin1(unit).repeated(10000);
            const double cost = nanosecondsPerCharacter(library, *language, {hostile});
            if (cost > worst) {
                worst = cost;
                worstUnit = QString::fromLatin1(unit);
            }
        }
        std::printf("%-12s %6.1f   1 MB line %6.1f   worst %7.1f (%s)\n", qPrintable(language->id),
                    nanosecondsPerCharacter(library, *language, lines),
                    nanosecondsPerCharacter(library, *language, {one.repeated(int(kLongLine / one.size()))}), worst,
                    qPrintable(worstUnit));
    }
    return 0;
}
