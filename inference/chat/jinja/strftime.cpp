#include "chat/jinja/strftime.h"

#include <array>
#include <ctime>

#include <fmt/format.h>

namespace alcuin::inference::chat::jinja {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

struct Moment {
    std::tm parts{};
    std::chrono::system_clock::time_point time;
};

std::tm localParts(std::chrono::system_clock::time_point time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
#ifdef _WIN32
    localtime_s(&parts, &seconds);
#else
    localtime_r(&seconds, &parts);
#endif
    return parts;
}

/// ISO 8601 week number and its year.
std::pair<int, int> isoWeek(const std::tm& parts) {
    const auto weeksIn = [](int year) {
        const auto dayOfYearEnd = [](int y) { return (y + y / 4 - y / 100 + y / 400) % 7; };
        return dayOfYearEnd(year) == 4 || dayOfYearEnd(year - 1) == 3 ? 53 : 52;
    };
    const int year = parts.tm_year + 1900;
    const int weekday = parts.tm_wday == 0 ? 7 : parts.tm_wday;
    const int week = (parts.tm_yday + 1 - weekday + 10) / 7;
    if (week < 1) {
        return {weeksIn(year - 1), year - 1};
    }
    if (week > weeksIn(year)) {
        return {1, year + 1};
    }
    return {week, year};
}

std::string number(int value, int width, char fill, char flag) {
    if (flag == '-') {
        return fmt::format("{}", value);
    }
    if (flag == '_' || (fill == ' ' && flag != '0')) {
        return fmt::format("{:>{}}", value, width);
    }
    return fmt::format("{:0{}}", value, width);
}

std::string directive(const Moment& moment, char letter, char flag);

std::string composed(const Moment& moment, std::string_view letters) {
    std::string result;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (letters[i] == '%') {
            result += directive(moment, letters[++i], 0);
        } else {
            result += letters[i];
        }
    }
    return result;
}

/// What one directive writes; raises if there is none of this letter.
std::string directive(const Moment& moment, char letter, char flag) {
    const std::tm& t = moment.parts;
    const int year = t.tm_year + 1900;
    const int hour12 = t.tm_hour % 12 == 0 ? 12 : t.tm_hour % 12;
    const auto day = kDays[static_cast<std::size_t>(t.tm_wday)];
    const auto month = kMonths[static_cast<std::size_t>(t.tm_mon)];
    switch (letter) {
    case 'a':
        return std::string(day.substr(0, 3));
    case 'A':
        return std::string(day);
    case 'b':
    case 'h':
        return std::string(month.substr(0, 3));
    case 'B':
        return std::string(month);
    case 'c':
        return composed(moment, "%a %b %e %H:%M:%S %Y");
    case 'C':
        return number(year / 100, 2, '0', flag);
    case 'd':
        return number(t.tm_mday, 2, '0', flag);
    case 'D':
    case 'x':
        return composed(moment, "%m/%d/%y");
    case 'e':
        return number(t.tm_mday, 2, ' ', flag);
    case 'f':
        return fmt::format("{:06}", std::chrono::duration_cast<std::chrono::microseconds>(
                                        moment.time - std::chrono::floor<std::chrono::seconds>(moment.time))
                                        .count());
    case 'F':
        return composed(moment, "%Y-%m-%d");
    case 'G':
        return fmt::format("{}", isoWeek(t).second);
    case 'g':
        return number(isoWeek(t).second % 100, 2, '0', flag);
    case 'H':
        return number(t.tm_hour, 2, '0', flag);
    case 'I':
        return number(hour12, 2, '0', flag);
    case 'j':
        return number(t.tm_yday + 1, 3, '0', flag);
    case 'k':
        return number(t.tm_hour, 2, ' ', flag);
    case 'l':
        return number(hour12, 2, ' ', flag);
    case 'm':
        return number(t.tm_mon + 1, 2, '0', flag);
    case 'M':
        return number(t.tm_min, 2, '0', flag);
    case 'n':
        return "\n";
    case 'p':
        return t.tm_hour < 12 ? "AM" : "PM";
    case 'P':
        return t.tm_hour < 12 ? "am" : "pm";
    case 'r':
        return composed(moment, "%I:%M:%S %p");
    case 'R':
        return composed(moment, "%H:%M");
    case 's':
        return fmt::format("{}", std::chrono::system_clock::to_time_t(moment.time));
    case 'S':
        return number(t.tm_sec, 2, '0', flag);
    case 't':
        return "\t";
    case 'T':
    case 'X':
        return composed(moment, "%H:%M:%S");
    case 'u':
        return fmt::format("{}", t.tm_wday == 0 ? 7 : t.tm_wday);
    case 'U':
        return number((t.tm_yday + 7 - t.tm_wday) / 7, 2, '0', flag);
    case 'V':
        return number(isoWeek(t).first, 2, '0', flag);
    case 'w':
        return fmt::format("{}", t.tm_wday);
    case 'W':
        return number((t.tm_yday + 7 - (t.tm_wday + 6) % 7) / 7, 2, '0', flag);
    case 'y':
        return number(year % 100, 2, '0', flag);
    case 'Y':
        return fmt::format("{}", year);
    case 'z':
    case 'Z':
        return {};
    case '%':
        return "%";
    default:
        raise(fmt::format("strftime_now doesn't know the directive %{}", letter));
    }
}

} // namespace

std::string strftime(Budget& budget, std::string_view format, std::chrono::system_clock::time_point time) {
    const Moment moment{localParts(time), time};
    std::string result;
    for (std::size_t i = 0; i < format.size(); ++i) {
        budget.checkText(result.size());
        if (format[i] != '%' || i + 1 == format.size()) {
            result += format[i];
            continue;
        }
        ++i;
        char flag = 0;
        if (std::string_view("-_0^").find(format[i]) != std::string_view::npos && i + 1 < format.size()) {
            flag = format[i++];
        }
        std::string part = directive(moment, format[i], flag);
        if (flag == '^') {
            for (char& c : part) {
                c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            }
        }
        result += part;
    }
    return result;
}

} // namespace alcuin::inference::chat::jinja
