#include "math/tex/colours.h"

#include <QColor>
#include <QHash>
#include <QList>

#include <algorithm>

namespace alcuin::ui::math {

namespace {

constexpr quint32 kOpaque = 0xFF000000;

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
    const bool letters = !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) { return c.isLetter(); });
    const QColor color = letters && text != QLatin1String("transparent") ? QColor(text) : QColor();
    return color.isValid() ? std::optional<quint32>(color.rgb()) : std::nullopt;
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
    return QColor::fromRgbF(float(red), float(green), float(blue)).rgb();
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
        const QColor first = QColor::fromRgb(*colour);
        const QColor second = QColor::fromRgb(*other);
        const auto mix = [share](float a, float b) { return share * double(a) + (1 - share) * double(b); };
        colour = rgbOf(mix(first.redF(), second.redF()), mix(first.greenF(), second.greenF()),
                       mix(first.blueF(), second.blueF()));
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
