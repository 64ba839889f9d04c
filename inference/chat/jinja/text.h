#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chat/jinja/budget.h"
#include "chat/value.h"

namespace alcuin::inference::chat::jinja {

/// Something on the heap that values share. What it holds is charged to a budget, unless it belongs to a program.
class Object {
public:
    Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    virtual ~Object();

    /// Charges `bytes` to `budget` until this object goes; at most once per object.
    void charge(Budget& budget, std::size_t bytes);

    /// How many containers lie inside one another here; bounds every recursion over values.
    std::size_t nesting = 0;

private:
    Budget* budget_ = nullptr;
    std::size_t charged_ = 0;
};

/// An immutable string whose bytes know their origin (TextRun).
class Text final : public Object {
public:
    struct Run {
        std::uint32_t end = 0;
        std::uint32_t origin = TextRun::kTrusted;
    };

    Text(std::string bytes, std::uint32_t origin);
    Text(std::string bytes, std::vector<Run> runs);

    std::string_view view() const {
        return bytes_;
    }
    std::size_t size() const {
        return bytes_.size();
    }
    /// In characters.
    std::size_t length() const {
        return length_;
    }
    bool isAscii() const {
        return length_ == bytes_.size();
    }
    /// The byte at which the character of this index begins; `index` <= length().
    std::size_t byteOf(std::size_t index) const;
    /// The character that begins at or contains this byte.
    std::size_t characterAt(std::size_t byte) const;
    std::uint32_t originAt(std::size_t byte) const;
    /// Of the first byte, or of the text if it is empty.
    std::uint32_t origin() const {
        return runs_.empty() ? origin_ : runs_.front().origin;
    }
    /// Empty when all of it has one origin.
    const std::vector<Run>& runs() const {
        return runs_;
    }

private:
    std::string bytes_;
    std::vector<Run> runs_;
    std::uint32_t origin_ = TextRun::kTrusted;
    std::size_t length_ = 0;
};

using TextPtr = std::shared_ptr<const Text>;

/// Builds a text piece by piece within a budget.
class TextBuilder {
public:
    explicit TextBuilder(Budget& budget) : budget_(&budget) {}
    TextBuilder(const TextBuilder&) = delete;
    TextBuilder& operator=(const TextBuilder&) = delete;
    ~TextBuilder();

    void add(std::string_view bytes, std::uint32_t origin);
    void add(const Text& text);
    /// Bytes [begin, end) of `text`.
    void add(const Text& text, std::size_t begin, std::size_t end);
    void add(char32_t character, std::uint32_t origin);
    void add(const std::u32string& characters, std::uint32_t origin);
    /// `character` (ASCII) so many times.
    void fill(char character, std::size_t times, std::uint32_t origin);
    std::size_t size() const {
        return bytes_.size();
    }
    std::string_view view() const {
        return bytes_;
    }

    /// The text so far; the builder is empty afterwards. `emptyOrigin` is the origin of an empty text.
    TextPtr finish(std::uint32_t emptyOrigin = TextRun::kTrusted);
    ProvenText finishProven();

private:
    void grow(std::size_t bytes);
    void mark(std::uint32_t origin);

    Budget* budget_;
    std::string bytes_;
    std::vector<Text::Run> runs_;
    std::size_t held_ = 0;
};

TextPtr makeText(Budget& budget, std::string bytes, std::uint32_t origin);
/// Bytes [begin, end) of `text`; `text` itself where that is all of it.
TextPtr slice(Budget& budget, const TextPtr& text, std::size_t begin, std::size_t end);

/// The origin of the first untrusted byte, trusted if there is none: of what is made out of the text as a whole.
std::uint32_t worstOrigin(const Text& text);

/// Where `needle` first begins at or after `from`, npos if nowhere; time linear in the lengths.
std::size_t find(std::string_view text, std::string_view needle, std::size_t from = 0);
std::size_t findLast(std::string_view text, std::string_view needle);

} // namespace alcuin::inference::chat::jinja
