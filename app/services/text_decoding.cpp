#include "services/text_decoding.h"

#include <QStringDecoder>

#include <algorithm>

namespace alcuin::app {

namespace {

/// Windows-1252 at 0x80..0x9F, where Latin-1 has control characters; 0 where it has nothing.
/// Source: the table CP1252.TXT of the Unicode Consortium.
constexpr char16_t kUpper[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                 0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/// Text has tabs, line ends, form feeds, and escapes of a terminal's colours.
bool isTextual(uchar byte) {
    return byte >= 0x20 ? byte != 0x7F : (byte >= 0x08 && byte <= 0x0D) || byte == 0x1B;
}

std::optional<QString> decodeWith(QStringConverter::Encoding encoding, const QByteArray& bytes) {
    QStringDecoder decoder(encoding, QStringConverter::Flag::Stateless); // a torn last character is an error
    QString text = decoder.decode(bytes);
    if (decoder.hasError()) {
        return std::nullopt;
    }
    return text;
}

std::optional<QString> decodeWindows1252(const QByteArray& bytes) {
    QString text;
    text.reserve(bytes.size());
    for (const char character : bytes) {
        const auto byte = static_cast<uchar>(character);
        if (byte >= 0x80 && byte < 0xA0) {
            if (kUpper[byte - 0x80] == 0) {
                return std::nullopt;
            }
            text += QChar(kUpper[byte - 0x80]);
        } else {
            text += QChar(byte);
        }
    }
    return text;
}

bool hasControls(QStringView text) {
    return std::any_of(text.begin(), text.end(), [](QChar character) {
        return character.unicode() < 0x80 && !isTextual(static_cast<uchar>(character.unicode()));
    });
}

} // namespace

std::optional<QString> decodeText(const QByteArray& bytes) {
    const auto marked = QStringConverter::encodingForData(bytes);
    auto text = decodeWith(marked.value_or(QStringConverter::Utf8), bytes);
    if (!text && !marked) {
        text = decodeWindows1252(bytes);
    }
    if (!text || hasControls(*text)) {
        return std::nullopt;
    }
    if (text->startsWith(QChar(QChar::ByteOrderMark))) {
        text->remove(0, 1);
    }
    text->replace(QLatin1String("\r\n"), QLatin1String("\n"));
    text->replace(QLatin1Char('\r'), QLatin1Char('\n'));
    return text;
}

} // namespace alcuin::app
