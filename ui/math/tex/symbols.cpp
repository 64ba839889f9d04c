#include "math/tex/symbols.h"

#include <QHash>
#include <QStringList>

#include "math/tex/symbols_table.h"

namespace alcuin::ui::math {

namespace {

/// A line of a table: what it is for, names parted by commas, the character in hexadecimal, the words.
struct Row {
    QChar mark;
    QStringList names;
    char32_t code = 0;
    QString words;
};

template <typename Use>
void readRows(const char* table, Use use) {
    const QStringList lines = QString::fromUtf8(table).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const QString& line : lines) {
        const QStringList fields = line.split(QLatin1Char(' '));
        Row row;
        row.mark = fields.at(0).at(0);
        row.names = fields.at(1).split(QLatin1Char(','));
        row.code = fields.at(2).toUInt(nullptr, 16);
        row.words = fields.mid(3).join(QLatin1Char(' '));
        if (row.words.isEmpty()) {
            row.words = row.names.first();
        }
        use(row);
    }
}

Symbol symbolFrom(const Row& row) {
    Symbol symbol;
    symbol.code = row.code;
    symbol.spoken = row.words;
    switch (row.mark.unicode()) {
    case 'g': // a Greek letter
        symbol.slants = true;
        break;
    case 'S': // an operator like the sum
        symbol.atom = Atom::kOp;
        symbol.largeOperator = symbol.limits = true;
        break;
    case 'I': // an operator like the integral
        symbol.atom = Atom::kOp;
        symbol.largeOperator = true;
        break;
    case 'b':
        symbol.atom = Atom::kBin;
        break;
    case 'r':
        symbol.atom = Atom::kRel;
        break;
    case '(':
        symbol.atom = Atom::kOpen;
        break;
    case ')':
        symbol.atom = Atom::kClose;
        break;
    case 'p':
        symbol.atom = Atom::kPunct;
        break;
    case 'i':
        symbol.atom = Atom::kInner;
        break;
    default:
        break;
    }
    return symbol;
}

struct SymbolTables {
    QHash<QString, Symbol> byName;
    QHash<char32_t, Symbol> byCode;

    SymbolTables() {
        readRows(kSymbolTable, [this](const Row& row) {
            const Symbol symbol = symbolFrom(row);
            for (const QString& name : row.names) {
                byName.insert(name, symbol);
            }
            if (!byCode.contains(row.code)) {
                byCode.insert(row.code, symbol);
            }
        });
        readRows(kCharacterTable, [this](const Row& row) { byCode.insert(row.code, symbolFrom(row)); });
    }
};

const SymbolTables& symbols() {
    static const SymbolTables tables;
    return tables;
}

template <typename Value>
const Value* find(const QHash<QString, Value>& table, QStringView name) {
    const auto found = table.constFind(name.toString());
    return found == table.constEnd() ? nullptr : &*found;
}

} // namespace

const Symbol* symbolNamed(QStringView name) {
    return find(symbols().byName, name);
}

const Symbol* symbolOf(char32_t character) {
    const auto found = symbols().byCode.constFind(character);
    return found == symbols().byCode.constEnd() ? nullptr : &*found;
}

const Function* functionNamed(QStringView name) {
    static const QHash<QString, Function> table = [] {
        QHash<QString, Function> functions;
        const QStringList lines = QString::fromUtf8(kFunctionTable).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        for (const QString& line : lines) {
            const QStringList fields = line.split(QLatin1Char('|'));
            functions.insert(fields.at(1), {fields.at(2), fields.at(3), fields.at(0) == QLatin1String("l")});
        }
        return functions;
    }();
    return find(table, name);
}

const AccentMark* accentNamed(QStringView name) {
    static const QHash<QString, AccentMark> table = [] {
        QHash<QString, AccentMark> accents;
        readRows(kAccentTable, [&](const Row& row) {
            for (const QString& each : row.names) {
                accents.insert(each, {row.code, row.mark == QLatin1Char('w'), row.words});
            }
        });
        return accents;
    }();
    return find(table, name);
}

const Stretch* stretchNamed(QStringView name) {
    static const QHash<QString, Stretch> table = [] {
        QHash<QString, Stretch> stretches;
        readRows(kStretchTable, [&](const Row& row) { // O, U: with a label; o, u: without
            const QChar side = row.mark.toLower();
            for (const QString& each : row.names) {
                stretches.insert(each, {row.code, side == QLatin1Char('o'), row.mark.isUpper(), row.words});
            }
        });
        return stretches;
    }();
    return find(table, name);
}

const Symbol* extensibleArrowNamed(QStringView name) {
    static const QHash<QString, Symbol> table = [] {
        QHash<QString, Symbol> arrows;
        readRows(kArrowTable, [&](const Row& row) {
            for (const QString& each : row.names) {
                arrows.insert(each, symbolFrom(row));
            }
        });
        return arrows;
    }();
    return find(table, name);
}

std::optional<char32_t> delimiterNamed(QStringView name) {
    static const QHash<QString, char32_t> table = [] {
        QHash<QString, char32_t> delimiters;
        readRows(kDelimiterTable, [&](const Row& row) {
            for (const QString& each : row.names) {
                delimiters.insert(each, row.code);
            }
        });
        return delimiters;
    }();
    const auto found = table.constFind(name.toString());
    return found == table.constEnd() ? std::nullopt : std::optional<char32_t>(*found);
}

} // namespace alcuin::ui::math
