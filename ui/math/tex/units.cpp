#include "math/tex/units.h"

#include <QHash>
#include <QStringList>

#include <utility>

#include "math/tex/lexer.h"

namespace alcuin::ui::math {

namespace {

constexpr qsizetype kGroup = 3; ///< digits, of numbers with five or more

const QHash<QString, QString>& prefixes() {
    static const QHash<QString, QString> table = {
        {QStringLiteral("femto"), QStringLiteral("f")}, {QStringLiteral("pico"), QStringLiteral("p")},
        {QStringLiteral("nano"), QStringLiteral("n")},  {QStringLiteral("micro"), QStringLiteral("\\mu ")},
        {QStringLiteral("milli"), QStringLiteral("m")}, {QStringLiteral("centi"), QStringLiteral("c")},
        {QStringLiteral("deci"), QStringLiteral("d")},  {QStringLiteral("deca"), QStringLiteral("da")},
        {QStringLiteral("hecto"), QStringLiteral("h")}, {QStringLiteral("kilo"), QStringLiteral("k")},
        {QStringLiteral("mega"), QStringLiteral("M")},  {QStringLiteral("giga"), QStringLiteral("G")},
        {QStringLiteral("tera"), QStringLiteral("T")},  {QStringLiteral("peta"), QStringLiteral("P")}};
    return table;
}

/// Names, parted by commas, and their sign.
constexpr const char* kUnits =
    "meter,metre,m m|kilogram,kg kg|gram,g g|second,s s|ampere,A A|kelvin,K K|mole,mol mol|candela,cd cd|newton,N N|"
    "joule,J J|watt,W W|pascal,Pa Pa|volt,V V|hertz,Hz Hz|coulomb,C C|farad,F F|henry,H H|tesla,T T|weber,Wb Wb|"
    "siemens S|becquerel,Bq Bq|gray,Gy Gy|sievert,Sv Sv|radian,rad rad|steradian sr|liter,litre,L,l L|hour h|"
    "minute,min min|day d|electronvolt,eV eV|bar bar|tonne t|dalton Da|astronomicalunit au|decibel,dB dB|byte B|bit "
    "bit|"
    "lumen lm|lux lx|katal kat|hectare ha|atm atm|calorie cal|year yr|"
    "km km|cm cm|mm mm|nm nm|pm pm|dm dm|mg mg|ms ms|ns ns|ps ps|mA mA|kA kA|kV kV|mV mV|kW kW|MW MW|mW mW|GW GW|kJ kJ|"
    "MJ MJ|mJ mJ|kN kN|MN MN|mN mN|kPa kPa|MPa MPa|GPa GPa|hPa hPa|kHz kHz|MHz MHz|GHz GHz|THz THz|keV keV|MeV MeV|"
    "GeV GeV|TeV TeV|meV meV|mL,ml mL|dL,dl dL|mmol mmol|kmol kmol|kWh kWh|pF pF|nF nF|mH mH|mT mT|mK mK";

const QHash<QString, QString>& units() {
    static const QHash<QString, QString> table = [] {
        QHash<QString, QString> units = {{QStringLiteral("ohm"), QStringLiteral("\\Omega ")},
                                         {QStringLiteral("kohm"), QStringLiteral("k\\Omega ")},
                                         {QStringLiteral("Mohm"), QStringLiteral("M\\Omega ")},
                                         {QStringLiteral("um"), QStringLiteral("\\mu m")},
                                         {QStringLiteral("us"), QStringLiteral("\\mu s")},
                                         {QStringLiteral("ug"), QStringLiteral("\\mu g")},
                                         {QStringLiteral("uA"), QStringLiteral("\\mu A")},
                                         {QStringLiteral("uF"), QStringLiteral("\\mu F")},
                                         {QStringLiteral("uL"), QStringLiteral("\\mu L")},
                                         {QStringLiteral("angstrom"), QString(QChar(0xC5))},
                                         {QStringLiteral("percent"), QStringLiteral("\\%")},
                                         {QStringLiteral("degree"), QStringLiteral("{}^{\\circ}")},
                                         {QStringLiteral("arcminute"), QStringLiteral("{}'")},
                                         {QStringLiteral("arcsecond"), QStringLiteral("{}''")},
                                         {QStringLiteral("celsius"), QStringLiteral("{}^{\\circ}C")},
                                         {QStringLiteral("degreeCelsius"), QStringLiteral("{}^{\\circ}C")}};
        for (const QString& row : QString::fromLatin1(kUnits).split(QLatin1Char('|'))) {
            const QStringList fields = row.split(QLatin1Char(' '));
            for (const QString& name : fields.at(0).split(QLatin1Char(','))) {
                units.insert(name, fields.at(1));
            }
        }
        return units;
    }();
    return table;
}

/// Units made of commands, while they are read.
class UnitReader {
public:
    explicit UnitReader(QStringView unit) : m_lexer(unit) {}

    std::optional<QString> read() {
        for (Token token = m_lexer.next(); token.type != Token::Type::kEnd; token = m_lexer.next()) {
            const bool good = token.type == Token::Type::kCommand ? command(token.name)
                              : token.type == Token::Type::kSup
                                  ? power()
                                  : token.type == Token::Type::kCharacter && (token.code == U'.' || token.code == U'~');
            if (!good) {
                return std::nullopt;
            }
        }
        finish();
        const bool whole = m_prefix.isEmpty() && !m_inverse && m_nextPower == 1 && !m_tex.isEmpty();
        return whole ? std::optional<QString>(m_tex) : std::nullopt;
    }

private:
    bool command(QStringView command) {
        const QString name = command.toString();
        if (name == QLatin1String("per")) {
            finish();
            return !std::exchange(m_inverse, true);
        }
        if (name == QLatin1String("square") || name == QLatin1String("cubic")) {
            finish();
            m_nextPower = name == QLatin1String("square") ? 2 : 3;
            return true;
        }
        if (name == QLatin1String("squared") || name == QLatin1String("cubed")) {
            m_power *= name == QLatin1String("squared") ? 2 : 3;
            return !m_symbol.isEmpty();
        }
        if (name == QLatin1String("tothe") || name == QLatin1String("raiseto")) {
            return power();
        }
        if (const auto prefix = prefixes().constFind(name); prefix != prefixes().constEnd()) {
            finish();
            m_prefix = *prefix;
            return true;
        }
        const auto unit = units().constFind(name);
        if (unit == units().constEnd()) {
            return false;
        }
        finish();
        m_symbol = std::exchange(m_prefix, QString()) + *unit;
        m_power = std::exchange(m_nextPower, 1) * (std::exchange(m_inverse, false) ? -1 : 1);
        return true;
    }
    bool power() {
        QStringView inside;
        bool good = false;
        if (m_lexer.braced(inside)) {
            m_power *= inside.trimmed().toInt(&good);
        } else {
            const Token token = m_lexer.next();
            good = token.code >= U'1' && token.code <= U'9';
            m_power *= int(token.code - U'0');
        }
        return good && !m_symbol.isEmpty();
    }
    void finish() {
        if (m_symbol.isEmpty()) {
            return;
        }
        m_tex += m_tex.isEmpty() ? QString() : QStringLiteral("\\,");
        m_tex += QStringLiteral("\\mathrm{%1}").arg(m_symbol);
        m_tex += m_power == 1 ? QString() : QStringLiteral("^{%1}").arg(m_power);
        m_symbol.clear();
    }

    Lexer m_lexer;
    QString m_tex;
    QString m_prefix;
    QString m_symbol;
    bool m_inverse = false;
    int m_power = 1;
    int m_nextPower = 1;
};

/// kg.m/s^2: letters upright, what stands between them as it is.
std::optional<QString> literalUnit(QStringView unit) {
    QString tex;
    QString letters;
    const auto flush = [&] {
        tex += letters.isEmpty() ? QString() : QStringLiteral("\\mathrm{%1}").arg(letters);
        letters.clear();
    };
    for (qsizetype i = 0; i < unit.size(); ++i) {
        const QChar c = unit.at(i);
        if (c.isLetter() || c == u'%') {
            letters += c == u'%' ? QStringLiteral("\\%") : QString(c);
            continue;
        }
        flush();
        if (c == QChar(0xB0)) {
            tex += u"{}^{\\circ}";
        } else if (c == u'.' || c == u'~' || c == u'*' || c == QChar(0xB7) || c.isSpace()) {
            tex += u"\\,";
        } else if (c == u'/') {
            tex += u'/';
        } else if (c == u'^') {
            qsizetype end = unit.indexOf(u'}', i);
            QStringView power;
            if (i + 1 < unit.size() && unit.at(i + 1) == u'{' && end > 0) {
                power = unit.mid(i + 2, end - i - 2);
            } else {
                end = i + 1;
                while (end < unit.size() && (unit.at(end) == u'-' || unit.at(end).isDigit())) {
                    ++end;
                }
                power = unit.mid(i + 1, end - i - 1);
                --end;
            }
            tex += QStringLiteral("^{%1}").arg(power);
            i = end;
        } else if (c.isDigit() || c == u'(' || c == u')') {
            tex += c;
        } else {
            return std::nullopt;
        }
    }
    flush();
    return tex;
}

/// In groups of three from the decimal sign, where there are more than four.
QString grouped(QStringView digits, bool fromLeft) {
    QString text;
    for (qsizetype i = 0; i < digits.size(); ++i) {
        const qsizetype before = fromLeft ? i : digits.size() - i;
        const bool between = i > 0 && digits.size() > kGroup + 1 && before % kGroup == 0;
        text += (between ? QStringLiteral("\\,") : QString()) + digits.at(i);
    }
    return text;
}

} // namespace

std::optional<QString> texOfNumber(QStringView number) {
    QString tex;
    QString plain = number.toString().remove(u' ');
    plain.replace(QStringLiteral("\\pm"), QStringLiteral("+-"));
    bool exponent = false;
    for (qsizetype i = 0; i < plain.size();) {
        const QChar c = plain.at(i);
        if (c.isDigit()) {
            qsizetype end = i;
            while (end < plain.size() && plain.at(end).isDigit()) {
                ++end;
            }
            const bool decimals = i > 0 && (plain.at(i - 1) == u'.' || plain.at(i - 1) == u',');
            tex += grouped(QStringView(plain).mid(i, end - i), decimals);
            i = end;
            continue;
        }
        ++i;
        if (c == u'+' && i < plain.size() && plain.at(i) == u'-') {
            ++i;
            tex += u"\\pm ";
        } else if (c == u'e' || c == u'E') {
            if (exponent) {
                return std::nullopt;
            }
            exponent = true;
            tex += tex.isEmpty() || tex == QLatin1String("-") ? QStringLiteral("10^{") : QStringLiteral("\\times 10^{");
        } else if (c == u'.' || c == u',') {
            tex += u'.';
        } else if (c == u'x') {
            tex += u"\\times ";
        } else if (c == u'+' || c == u'-' || c == u'(' || c == u')' || c == u'/') {
            tex += c;
        } else {
            return std::nullopt;
        }
    }
    return tex.isEmpty() ? std::nullopt : std::optional<QString>(tex + (exponent ? QStringLiteral("}") : QString()));
}

std::optional<QString> texOfUnit(QStringView unit) {
    unit = unit.trimmed();
    return unit.contains(u'\\') ? UnitReader(unit).read() : literalUnit(unit);
}

std::optional<QString> texOfAngle(QStringView angle) {
    static constexpr const char* kSigns[] = {"^{\\circ}", "'", "''"};
    const auto fields = angle.split(u';');
    QString tex;
    for (qsizetype i = 0; i < fields.size() && i < 3; ++i) {
        const auto number =
            fields.at(i).trimmed().isEmpty() ? std::optional<QString>(QString()) : texOfNumber(fields.at(i));
        if (!number) {
            return std::nullopt;
        }
        tex += number->isEmpty() ? QString() : *number + QLatin1String(kSigns[i]);
    }
    return fields.size() > 3 || tex.isEmpty() ? std::nullopt : std::optional<QString>(tex);
}

} // namespace alcuin::ui::math
