#include "text.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

namespace alcuin::exchange {

namespace {

/// How many bytes the character that begins here has; 0: none of UTF-8 begins here (RFC 3629, section 4).
std::size_t characterLength(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) -> unsigned {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned lead = byte(0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return follows(1) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = lead == 0xED ? 0x9F : 0xBF;
        return byte(1) >= low && byte(1) <= high && follows(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
        return byte(1) >= low && byte(1) <= high && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

struct CivilTime {
    int year;
    unsigned month, day;
    int hour, minute, second;
};

CivilTime civil(storage::TimeMs time) {
    using namespace std::chrono;
    // Beyond what a calendar of four digits shows, the nearest end of it.
    constexpr storage::TimeMs kLast = 253402300799999;
    const sys_time<milliseconds> moment{milliseconds(std::clamp<storage::TimeMs>(time, 0, kLast))};
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(moment - day)};
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count())};
}

} // namespace

bool isUtf8(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto length = characterLength(bytes, at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

std::string cleanText(std::string_view bytes) {
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    std::string clean;
    clean.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const auto length = characterLength(bytes, at);
        if (length == 0) {
            clean += kReplacement;
        } else if (bytes[at] != '\0') {
            clean += bytes.substr(at, length);
        }
        at += std::max<std::size_t>(length, 1);
    }
    return clean;
}

std::string cleanName(std::string_view bytes, std::size_t longest) {
    std::string name;
    const std::string clean = cleanText(bytes.substr(0, std::min(bytes.size(), longest * 4)));
    for (std::size_t at = 0; at < clean.size();) {
        const auto length = characterLength(clean, at);
        const auto lead = static_cast<unsigned char>(clean[at]);
        const bool blank = lead <= 0x20 || lead == 0x7F;
        if (name.size() + length > longest) {
            break;
        }
        if (!blank) {
            name.append(clean, at, length);
        } else if (!name.empty() && name.back() != ' ') {
            name.push_back(' ');
        }
        at += length;
    }
    if (!name.empty() && name.back() == ' ') {
        name.pop_back();
    }
    return name;
}

void appendUtf8(std::string& text, std::uint32_t c) {
    const auto tail = [&](unsigned shift) { text.push_back(static_cast<char>(0x80U | (c >> shift & 0x3FU))); };
    if (c < 0x80) {
        text.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        text.push_back(static_cast<char>(0xC0U | c >> 6U));
        tail(0);
    } else if (c < 0x10000) {
        text.push_back(static_cast<char>(0xE0U | c >> 12U));
        tail(6);
        tail(0);
    } else {
        text.push_back(static_cast<char>(0xF0U | c >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string_view stripped(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\v\f";
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string isoTime(storage::TimeMs time) {
    const auto t = civil(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.year, t.month, t.day, t.hour, t.minute, t.second);
}

std::string readableTime(storage::TimeMs time) {
    const auto t = civil(time);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", t.year, t.month, t.day, t.hour, t.minute);
}

std::string readableDuration(std::int64_t durationMs) {
    constexpr std::int64_t kSecond = 1000;
    constexpr std::int64_t kMinute = 60;
    if (durationMs < kSecond / 2) {
        return {};
    }
    const std::int64_t seconds = durationMs / kSecond + (durationMs % kSecond >= kSecond / 2 ? 1 : 0);
    return seconds < kMinute ? fmt::format("{} s", seconds)
                             : fmt::format("{} min {} s", seconds / kMinute, seconds % kMinute);
}

std::string readableSize(std::size_t bytes) {
    constexpr double kStep = 1000.0;
    if (bytes < 1000) {
        return bytes == 1 ? std::string("1 byte") : fmt::format("{} bytes", bytes);
    }
    const double kilo = static_cast<double>(bytes) / kStep;
    return kilo < kStep ? fmt::format("{:.1f} kB", kilo) : fmt::format("{:.1f} MB", kilo / kStep);
}

std::string fenceFor(std::string_view code) {
    std::size_t longest = 2;
    std::size_t run = 0;
    for (const char c : code) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return std::string(longest + 1, '`');
}

std::string fenced(std::string_view code, std::string_view language) {
    const auto fence = fenceFor(code);
    const bool ends = !code.empty() && code.back() == '\n';
    return fmt::format("{}{}\n{}{}{}\n", fence, language, code, ends || code.empty() ? "" : "\n", fence);
}

std::uint64_t fingerprint(std::string_view bytes, std::uint64_t seed) {
    constexpr std::uint64_t kPrime = 1099511628211ULL;
    for (const char c : bytes) {
        seed = (seed ^ static_cast<unsigned char>(c)) * kPrime;
    }
    return seed;
}

} // namespace alcuin::exchange
