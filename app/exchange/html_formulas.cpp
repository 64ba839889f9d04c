#include "html_formulas.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace alcuin::exchange {

namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::size_t kMostKinds = 64; ///< of texts that are looked for: each costs one way through

/// Where texts are found next, asked for places in order: each is looked for once on the way through.
class Ahead {
public:
    explicit Ahead(std::string_view text) : text_(text) {}

    std::size_t find(const std::string& wanted, std::size_t from) {
        const auto known = known_.find(wanted);
        if (known != known_.end() && (known->second == kNone || known->second >= from)) {
            return known->second;
        }
        if (known == known_.end() && known_.size() >= kMostKinds) {
            return kNone;
        }
        return known_[wanted] = text_.find(wanted, from);
    }

private:
    std::string_view text_;
    std::map<std::string, std::size_t> known_;
};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const auto first = text.find_first_not_of(kBlank);
    return first == kNone ? std::string_view() : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

class Formulas {
public:
    explicit Formulas(std::string_view text) : text_(text), ahead_(text) {}

    std::string rewritten() {
        while (at_ < text_.size()) {
            if (lineBegins() && fence()) {
                continue;
            }
            const char c = text_[at_];
            if (c == '`') {
                code();
            } else if (c == '$') {
                dollars();
            } else if (c != '\\' || !formula()) {
                take(c == '\\' ? 2 : 1);
            }
        }
        return std::move(out_);
    }

private:
    bool lineBegins() const {
        return at_ == 0 || text_[at_ - 1] == '\n';
    }
    void take(std::size_t count) {
        out_ += text_.substr(at_, count);
        at_ = std::min(text_.size(), at_ + count);
    }
    std::size_t runAt(std::size_t place) const {
        const auto end = text_.find_first_not_of(text_[place], place);
        return (end == kNone ? text_.size() : end) - place;
    }

    /// A line that begins or ends code, and lines within it, are taken whole.
    bool fence() {
        const auto end = std::min(text_.size(), text_.find('\n', at_));
        const auto sign = std::min(end, text_.find_first_not_of(" \t>-*+.)0123456789", at_));
        const bool marks = sign < end && (text_[sign] == '`' || text_[sign] == '~') && runAt(sign) >= 3;
        const bool within = fence_ > 0;
        if (within && marks && text_[sign] == fenceSign_ && runAt(sign) >= fence_) {
            fence_ = 0;
        } else if (!within && marks) {
            fence_ = runAt(sign);
            fenceSign_ = text_[sign];
        }
        if (within || marks) {
            take(end + 1 - at_);
        }
        return within || marks;
    }

    void code() {
        const auto run = runAt(at_);
        const auto paragraph = paragraphEnd();
        for (auto close = ahead_.find(std::string(run, '`'), at_ + run); close < paragraph;
             close = ahead_.find(std::string(run, '`'), close + runAt(close))) {
            if (runAt(close) == run) {
                take(close + run - at_);
                return;
            }
        }
        take(run);
    }

    /// The dollars in a formula come in pairs: \text{if $x$}.
    static bool pairs(std::string_view tex) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < tex.size(); i += tex[i] == '\\' ? 2 : 1) {
            count += tex[i] == '$' ? 1 : 0;
        }
        return count % 2 == 0;
    }

    /// A line of a formula that begins with a sign of Markdown's means nothing by it. Dollars within it, which would
    /// end it, become round brackets.
    void appendOneLine(std::string_view tex) {
        bool open = false;
        for (std::size_t i = 0; i < tex.size(); ++i) {
            const char c = tex[i];
            if (c == '\\' && i + 1 < tex.size()) {
                out_ += c;
                const char next = tex[++i];
                out_ += next == '\n' || next == '\r' ? ' ' : next;
            } else if (c == '$') {
                out_ += open ? "\\)" : "\\(";
                open = !open;
            } else {
                out_ += c == '\n' || c == '\r' ? ' ' : c;
            }
        }
    }

    /// A formula that stands between dollars already is taken whole. What only looks like one, such as prices, is
    /// escaped: a formula doesn't begin or end with a space, and no digit follows its end.
    void dollars() {
        const std::size_t run = std::min<std::size_t>(runAt(at_), 2);
        const auto begin = at_ + run;
        const std::string sign(run, '$');
        constexpr std::string_view kBlank = " \t\r\n";
        const auto blank = [&](std::size_t place) { return kBlank.find(text_[place]) != kNone; };
        auto close = ahead_.find(sign, begin);
        while (close < paragraphEnd() && text_[close - 1] == '\\') {
            close = ahead_.find(sign, close + 1);
        }
        const bool whole = close < paragraphEnd() && close > begin;
        const bool digit =
            whole && close + 1 < text_.size() && std::isdigit(static_cast<unsigned char>(text_[close + 1]));
        const auto inside = whole ? text_.substr(begin, close - begin) : std::string_view();
        if (whole && pairs(inside) &&
            (run == 2 || (!blank(begin) && !blank(close - 1) && !digit && inside.find('`') == kNone))) {
            out_ += sign;
            appendOneLine(inside);
            out_ += sign;
            at_ = close + run;
            return;
        }
        for (std::size_t i = 0; i < run; ++i) {
            out_ += "\\$";
        }
        at_ += run;
    }

    std::size_t paragraphEnd() {
        return std::min(text_.size(), ahead_.find("\n\n", at_));
    }

    bool formula() {
        const auto rest = text_.substr(at_);
        if (rest.starts_with("\\(")) {
            return between("\\)", 2, false, "$");
        }
        if (rest.starts_with("\\[")) {
            return between("\\]", 2, false, "$$");
        }
        constexpr std::string_view kBegin = "\\begin{";
        const auto brace = rest.starts_with(kBegin) ? rest.substr(0, 40).find('}') : kNone;
        return brace != kNone && between("\\end{" + std::string(rest.substr(kBegin.size(), brace + 1 - kBegin.size())),
                                         brace, true, "$$");
    }

    /// What stands up to `close`, on one line; false if that doesn't come in this paragraph, or if it is no formula.
    bool between(const std::string& close, std::size_t open, bool whole, std::string_view sign) {
        const auto end = ahead_.find(close, at_ + open);
        if (end >= paragraphEnd()) {
            return false;
        }
        const auto to = end + close.size();
        const auto inside = whole ? text_.substr(at_, to - at_) : text_.substr(at_ + open, end - at_ - open);
        const bool escaped = sign == "$$" && inside.find_first_of("\\=^_+<>") == kNone; // \[1\]
        if (trimmed(inside).empty() || !pairs(inside) || escaped) {
            return false;
        }
        out_ += sign;
        appendOneLine(trimmed(inside));
        out_ += sign;
        at_ = to;
        return true;
    }

    std::string_view text_;
    Ahead ahead_;
    std::string out_;
    std::size_t at_ = 0;
    std::size_t fence_ = 0; ///< length of the one that is open
    char fenceSign_ = 0;
};

} // namespace

std::string withDollars(std::string_view markdown) {
    const bool has = markdown.find_first_of("$") != kNone || markdown.find("\\(") != kNone ||
                     markdown.find("\\[") != kNone || markdown.find("\\begin{") != kNone;
    return has ? Formulas(markdown).rewritten() : std::string(markdown);
}

} // namespace alcuin::exchange
