#include "chat/markdown/entities.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace alcuin::ui::markdown {

namespace {

struct Named {
    std::string_view name;
    char16_t code;
};

// The names HTML 4 knew that people and models still write; sorted for the search.
constexpr std::array kNamed = std::to_array<Named>({
    {"Alpha", 0x391},  {"Beta", 0x392},   {"Delta", 0x394},   {"Gamma", 0x393},   {"Lambda", 0x39B},
    {"Omega", 0x3A9},  {"Phi", 0x3A6},    {"Pi", 0x3A0},      {"Psi", 0x3A8},     {"Sigma", 0x3A3},
    {"Theta", 0x398},  {"aacute", 0xE1},  {"agrave", 0xE0},   {"alpha", 0x3B1},   {"amp", 0x26},
    {"apos", 0x27},    {"aring", 0xE5},   {"asymp", 0x2248},  {"atilde", 0xE3},   {"auml", 0xE4},
    {"beta", 0x3B2},   {"bull", 0x2022},  {"cap", 0x2229},    {"ccedil", 0xE7},   {"cent", 0xA2},
    {"chi", 0x3C7},    {"copy", 0xA9},    {"cup", 0x222A},    {"dagger", 0x2020}, {"darr", 0x2193},
    {"deg", 0xB0},     {"delta", 0x3B4},  {"divide", 0xF7},   {"eacute", 0xE9},   {"egrave", 0xE8},
    {"empty", 0x2205}, {"emsp", 0x2003},  {"ensp", 0x2002},   {"epsilon", 0x3B5}, {"equiv", 0x2261},
    {"eta", 0x3B7},    {"euml", 0xEB},    {"euro", 0x20AC},   {"exist", 0x2203},  {"forall", 0x2200},
    {"frac12", 0xBD},  {"frac14", 0xBC},  {"frac34", 0xBE},   {"gamma", 0x3B3},   {"ge", 0x2265},
    {"gt", 0x3E},      {"harr", 0x2194},  {"hellip", 0x2026}, {"iacute", 0xED},   {"iexcl", 0xA1},
    {"infin", 0x221E}, {"int", 0x222B},   {"iquest", 0xBF},   {"isin", 0x2208},   {"kappa", 0x3BA},
    {"lambda", 0x3BB}, {"laquo", 0xAB},   {"larr", 0x2190},   {"ldquo", 0x201C},  {"le", 0x2264},
    {"lsquo", 0x2018}, {"lt", 0x3C},      {"mdash", 0x2014},  {"micro", 0xB5},    {"middot", 0xB7},
    {"minus", 0x2212}, {"mu", 0x3BC},     {"nbsp", 0xA0},     {"ndash", 0x2013},  {"ne", 0x2260},
    {"not", 0xAC},     {"ntilde", 0xF1},  {"nu", 0x3BD},      {"oacute", 0xF3},   {"omega", 0x3C9},
    {"oslash", 0xF8},  {"ouml", 0xF6},    {"para", 0xB6},     {"part", 0x2202},   {"permil", 0x2030},
    {"phi", 0x3C6},    {"pi", 0x3C0},     {"plusmn", 0xB1},   {"pound", 0xA3},    {"prod", 0x220F},
    {"psi", 0x3C8},    {"quot", 0x22},    {"radic", 0x221A},  {"raquo", 0xBB},    {"rarr", 0x2192},
    {"rdquo", 0x201D}, {"reg", 0xAE},     {"rho", 0x3C1},     {"rsquo", 0x2019},  {"sect", 0xA7},
    {"sigma", 0x3C3},  {"sub", 0x2282},   {"sum", 0x2211},    {"sup", 0x2283},    {"sup2", 0xB2},
    {"sup3", 0xB3},    {"szlig", 0xDF},   {"tau", 0x3C4},     {"theta", 0x3B8},   {"thinsp", 0x2009},
    {"times", 0xD7},   {"trade", 0x2122}, {"uacute", 0xFA},   {"uarr", 0x2191},   {"uuml", 0xFC},
    {"xi", 0x3BE},     {"yen", 0xA5},     {"zeta", 0x3B6},
});

static_assert(std::ranges::is_sorted(kNamed, {}, &Named::name));

constexpr uint kLastCodePoint = 0x10FFFF;

QString fromCodePoint(uint code) {
    if (code == 0 || code > kLastCodePoint || (code >= 0xD800 && code <= 0xDFFF)) {
        return QString(QChar::ReplacementCharacter);
    }
    const char32_t character = code;
    return QString::fromUcs4(&character, 1);
}

} // namespace

QString resolveEntity(const QString& entity) {
    if (entity.size() < 3 || !entity.startsWith(QLatin1Char('&')) || !entity.endsWith(QLatin1Char(';'))) {
        return entity;
    }
    const QByteArray name = entity.mid(1, entity.size() - 2).toLatin1();
    if (name.startsWith('#')) {
        const bool hex = name.size() > 1 && (name.at(1) == 'x' || name.at(1) == 'X');
        bool ok = false;
        const uint code = name.mid(hex ? 2 : 1).toUInt(&ok, hex ? 16 : 10);
        return ok ? fromCodePoint(code) : QString(QChar::ReplacementCharacter);
    }
    const std::string_view wanted(name.constData(), size_t(name.size()));
    const auto found = std::ranges::lower_bound(kNamed, wanted, {}, &Named::name);
    return found != kNamed.end() && found->name == wanted ? QString(QChar(found->code)) : entity;
}

} // namespace alcuin::ui::markdown
