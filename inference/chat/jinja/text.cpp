#include "chat/jinja/text.h"

#include <algorithm>
#include <utility>

#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

Object::~Object() {
    if (budget_ != nullptr) {
        budget_->release(charged_);
    }
}

void Object::charge(Budget& budget, std::size_t bytes) {
    budget.hold(bytes);
    budget_ = &budget;
    charged_ = bytes;
}

Text::Text(std::string bytes, std::uint32_t origin)
    : bytes_(std::move(bytes)), origin_(origin), length_(unicode::count(bytes_)) {}

Text::Text(std::string bytes, std::vector<Run> runs)
    : bytes_(std::move(bytes)), runs_(std::move(runs)), length_(unicode::count(bytes_)) {}

std::size_t Text::byteOf(std::size_t index) const {
    if (isAscii()) {
        return index;
    }
    std::size_t position = 0;
    for (; index > 0 && position < bytes_.size(); --index) {
        unicode::next(bytes_, position);
    }
    return position;
}

std::size_t Text::characterAt(std::size_t byte) const {
    return isAscii() ? byte : unicode::count(view().substr(0, byte));
}

std::uint32_t Text::originAt(std::size_t byte) const {
    if (runs_.empty()) {
        return origin_;
    }
    const auto run =
        std::upper_bound(runs_.begin(), runs_.end(), byte, [](std::size_t b, const Run& r) { return b < r.end; });
    return run == runs_.end() ? runs_.back().origin : run->origin;
}

TextBuilder::~TextBuilder() {
    budget_->release(held_);
}

void TextBuilder::grow(std::size_t bytes) {
    budget_->checkText(bytes_.size() + bytes);
    budget_->work(bytes);
    if (bytes_.size() + bytes > bytes_.capacity()) {
        const std::size_t wanted = std::max(bytes_.capacity() * 2, bytes_.size() + bytes);
        budget_->hold(wanted - std::min(wanted, bytes_.capacity()));
        held_ += wanted - std::min(wanted, bytes_.capacity());
        bytes_.reserve(wanted);
    }
}

void TextBuilder::mark(std::uint32_t origin) {
    const auto end = static_cast<std::uint32_t>(bytes_.size());
    if (!runs_.empty() && runs_.back().origin == origin) {
        runs_.back().end = end;
        return;
    }
    budget_->hold(sizeof(Text::Run));
    held_ += sizeof(Text::Run);
    runs_.push_back({end, origin});
}

void TextBuilder::add(std::string_view bytes, std::uint32_t origin) {
    if (!bytes.empty()) {
        grow(bytes.size());
        bytes_.append(bytes);
        mark(origin);
    }
}

void TextBuilder::add(const Text& text) {
    add(text, 0, text.size());
}

void TextBuilder::add(const Text& text, std::size_t begin, std::size_t end) {
    if (begin >= end) {
        return;
    }
    if (text.runs().empty()) {
        add(text.view().substr(begin, end - begin), text.origin());
        return;
    }
    auto run = std::upper_bound(text.runs().begin(), text.runs().end(), begin,
                                [](std::size_t b, const Text::Run& r) { return b < r.end; });
    for (; begin < end; ++run) {
        const std::size_t stop = std::min<std::size_t>(end, run->end);
        budget_->step();
        add(text.view().substr(begin, stop - begin), run->origin);
        begin = stop;
    }
}

void TextBuilder::add(char32_t character, std::uint32_t origin) {
    std::string bytes;
    unicode::append(bytes, character);
    add(bytes, origin);
}

void TextBuilder::add(const std::u32string& characters, std::uint32_t origin) {
    for (const char32_t character : characters) {
        add(character, origin);
    }
}

void TextBuilder::fill(char character, std::size_t times, std::uint32_t origin) {
    if (times > 0) {
        budget_->checkText(times);
        grow(times);
        bytes_.append(times, character);
        mark(origin);
    }
}

TextPtr TextBuilder::finish(std::uint32_t emptyOrigin) {
    std::shared_ptr<Text> text;
    if (runs_.size() <= 1) {
        text = std::make_shared<Text>(std::move(bytes_), runs_.empty() ? emptyOrigin : runs_.front().origin);
    } else {
        text = std::make_shared<Text>(std::move(bytes_), std::move(runs_));
    }
    bytes_.clear();
    runs_.clear();
    const std::size_t held = std::exchange(held_, 0);
    budget_->release(held);
    text->charge(*budget_, sizeof(Text) + std::max(held, text->size()));
    return text;
}

ProvenText TextBuilder::finishProven() {
    ProvenText result;
    result.runs.reserve(runs_.size());
    std::size_t begin = 0;
    for (const auto& run : runs_) {
        result.runs.push_back({begin, run.end, run.origin});
        begin = run.end;
    }
    result.text = std::move(bytes_);
    bytes_.clear();
    runs_.clear();
    return result;
}

TextPtr makeText(Budget& budget, std::string bytes, std::uint32_t origin) {
    budget.work(bytes.size());
    auto text = std::make_shared<Text>(std::move(bytes), origin);
    text->charge(budget, sizeof(Text) + text->size());
    return text;
}

TextPtr slice(Budget& budget, const TextPtr& text, std::size_t begin, std::size_t end) {
    if (begin == 0 && end >= text->size()) {
        return text;
    }
    TextBuilder builder(budget);
    builder.add(*text, begin, end);
    return builder.finish(text->origin());
}

std::uint32_t worstOrigin(const Text& text) {
    for (const auto& run : text.runs()) {
        if (run.origin != TextRun::kTrusted) {
            return run.origin;
        }
    }
    return text.origin();
}

std::size_t find(std::string_view text, std::string_view needle, std::size_t from) {
    // Below this length string_view's search costs at most that many comparisons a byte.
    constexpr std::size_t kShortNeedle = 16;
    if (needle.size() <= kShortNeedle || from > text.size()) {
        return text.find(needle, from);
    }
    std::vector<std::size_t> border(needle.size(), 0); // Knuth, Morris, Pratt 1977
    for (std::size_t i = 1, k = 0; i < needle.size(); ++i) {
        while (k > 0 && needle[i] != needle[k]) {
            k = border[k - 1];
        }
        k += needle[i] == needle[k] ? 1U : 0U;
        border[i] = k;
    }
    for (std::size_t i = from, k = 0; i < text.size(); ++i) {
        while (k > 0 && text[i] != needle[k]) {
            k = border[k - 1];
        }
        k += text[i] == needle[k] ? 1U : 0U;
        if (k == needle.size()) {
            return i + 1 - k;
        }
    }
    return std::string_view::npos;
}

std::size_t findLast(std::string_view text, std::string_view needle) {
    if (needle.empty()) {
        return text.size();
    }
    const std::string backText(text.rbegin(), text.rend());
    const std::string backNeedle(needle.rbegin(), needle.rend());
    const std::size_t at = find(backText, backNeedle);
    return at == std::string_view::npos ? at : text.size() - at - needle.size();
}

} // namespace alcuin::inference::chat::jinja
