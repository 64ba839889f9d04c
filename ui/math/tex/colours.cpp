#include "math/tex/colours.h"

#include <QHash>
#include <QList>
#include <QStringList>

#include <algorithm>

namespace alcuin::ui::math {

namespace {

constexpr quint32 kOpaque = 0xFF000000;

/// Names of colours and what they are. Source: CSS Color Module Level 4, named colours.
constexpr const char* kWebColours =
    "aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc "
    "bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a "
    "burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed "
    "cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b "
    "darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b "
    "darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a "
    "darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 "
    "darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff "
    "firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc "
    "ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 "
    "honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa "
    "lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 "
    "lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 "
    "lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 "
    "lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 "
    "linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 "
    "mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a "
    "mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 "
    "moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 "
    "orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee "
    "palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd "
    "powderblue b0e0e6 purple 800080 red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 "
    "salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 "
    "skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f "
    "steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee "
    "wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32 ";

/// The colours that the web has names for, whatever their case.
std::optional<quint32> webColour(const QString& name) {
    static const QHash<QString, quint32> table = [] {
        QHash<QString, quint32> colours;
        const QStringList words = QString::fromLatin1(kWebColours).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        for (qsizetype i = 0; i + 1 < words.size(); i += 2) {
            colours.insert(words.at(i), words.at(i + 1).toUInt(nullptr, 16));
        }
        return colours;
    }();
    const auto found = table.constFind(name.toLower());
    return found == table.constEnd() ? std::nullopt : std::optional<quint32>(kOpaque | *found);
}

/// Where xcolor means another colour than the web does by a name, and the names that only xcolor has.
std::optional<quint32> named(QStringView name) {
    static const QHash<QString, quint32> table = {
        {QStringLiteral("green"), 0x00FF00},          {QStringLiteral("gray"), 0x808080},
        {QStringLiteral("darkgray"), 0x404040},       {QStringLiteral("lightgray"), 0xBFBFBF},
        {QStringLiteral("brown"), 0xBF8040},          {QStringLiteral("lime"), 0xBFFF00},
        {QStringLiteral("olive"), 0x808000},          {QStringLiteral("orange"), 0xFF8000},
        {QStringLiteral("pink"), 0xFFBFBF},           {QStringLiteral("purple"), 0xBF0040},
        {QStringLiteral("teal"), 0x008080},           {QStringLiteral("violet"), 0x800080},
        {QStringLiteral("BrickRed"), 0xB6321C},       {QStringLiteral("NavyBlue"), 0x006EB8},
        {QStringLiteral("BurntOrange"), 0xF7921D},    {QStringLiteral("RedOrange"), 0xF26035},
        {QStringLiteral("PineGreen"), 0x008B72},      {QStringLiteral("OliveGreen"), 0x3C8031},
        {QStringLiteral("JungleGreen"), 0x00A99A},    {QStringLiteral("Emerald"), 0x00A99D},
        {QStringLiteral("Cerulean"), 0x00A2E3},       {QStringLiteral("ProcessBlue"), 0x00B0F0},
        {QStringLiteral("RoyalPurple"), 0x613F99},    {QStringLiteral("Mulberry"), 0xA93C93},
        {QStringLiteral("WildStrawberry"), 0xEE2967}, {QStringLiteral("RubineRed"), 0xED017D},
        {QStringLiteral("Bittersweet"), 0xC04F17},    {QStringLiteral("Periwinkle"), 0x7977B8}};
    const QString text = name.toString();
    if (const auto found = table.constFind(text); found != table.constEnd()) {
        return kOpaque | *found;
    }
    return webColour(text);
}

std::optional<quint32> hexadecimal(QStringView digits) {
    bool good = false;
    const quint32 value = digits.size() == 6 ? digits.toUInt(&good, 16) : 0;
    return good ? std::optional<quint32>(kOpaque | value) : std::nullopt;
}

/// Numbers from 0 to `most`, parted by commas, each as a part of it.
std::optional<QList<double>> shares(QStringView value, qsizetype count, double most) {
    QList<double> parts;
    for (const QStringView field : value.split(u',')) {
        bool good = false;
        const double part = field.trimmed().toDouble(&good) / most;
        if (!good || part < 0 || part > 1) {
            return std::nullopt;
        }
        parts.append(part);
    }
    return parts.size() == count ? std::optional<QList<double>>(parts) : std::nullopt;
}

quint32 rgbOf(double red, double green, double blue) {
    const auto byte = [](double part) { return quint32(qRound(part * 65535)) >> 8U; };
    return kOpaque | byte(red) << 16U | byte(green) << 8U | byte(blue);
}

/// red!40 is that much of red in white, red!40!blue the rest blue.
std::optional<quint32> mixed(QStringView value) {
    constexpr qsizetype kMostParts = 9;
    const auto fields = value.split(u'!');
    std::optional<quint32> colour = named(fields.front().trimmed());
    for (qsizetype i = 1; colour && i < fields.size() && fields.size() <= kMostParts; i += 2) {
        bool good = false;
        const double share = fields.at(i).trimmed().toDouble(&good) / 100;
        const auto other = i + 1 < fields.size() ? named(fields.at(i + 1).trimmed()) : kOpaque | 0xFFFFFF;
        if (!good || share < 0 || share > 1 || !other) {
            return std::nullopt;
        }
        const auto mix = [&, part = share](unsigned shift) {
            return (part * (*colour >> shift & 0xFFU) + (1 - part) * (*other >> shift & 0xFFU)) / 255;
        };
        colour = rgbOf(mix(16), mix(8), mix(0));
    }
    return fields.size() <= kMostParts ? colour : std::nullopt;
}

} // namespace

std::optional<quint32> colourOf(QStringView model, QStringView value) {
    value = value.trimmed();
    model = model.trimmed();
    if (model.isEmpty()) {
        return value.startsWith(u'#') ? hexadecimal(value.mid(1)) : mixed(value);
    }
    if (model == u"HTML") {
        return hexadecimal(value);
    }
    if (model == u"named") {
        return named(value);
    }
    if (model == u"rgb" || model == u"RGB") {
        const auto parts = shares(value, 3, model == u"RGB" ? 255 : 1);
        return parts ? std::optional<quint32>(rgbOf(parts->at(0), parts->at(1), parts->at(2))) : std::nullopt;
    }
    if (model == u"gray") {
        const auto parts = shares(value, 1, 1);
        return parts ? std::optional<quint32>(rgbOf(parts->at(0), parts->at(0), parts->at(0))) : std::nullopt;
    }
    if (model == u"cmyk") {
        const auto parts = shares(value, 4, 1);
        const auto ink = [&](qsizetype i) { return std::max(0.0, 1 - parts->at(i) - parts->at(3)); };
        return parts ? std::optional<quint32>(rgbOf(ink(0), ink(1), ink(2))) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace alcuin::ui::math
