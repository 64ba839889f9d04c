#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// Parts what a model writes into its reasoning, between <think> and </think>, and its answer. The tags themselves and
/// the white space next to them belong to neither.
/// A tag is one of the model's own added tokens of that spelling (open(), close()), or the same characters: <think> at
/// the very start of the output only, </think> anywhere in the reasoning, however the text is cut into pieces.
class ReasoningSplitter {
public:
    struct Piece {
        Channel channel;
        std::string text;
    };

    static constexpr std::string_view kOpenTag = "<think>";
    static constexpr std::string_view kCloseTag = "</think>";

    /// `startsInside`: the prompt has opened the reasoning already.
    explicit ReasoningSplitter(bool startsInside);

    /// Each appends what can be shown now to `pieces`.
    void text(std::string_view text, std::vector<Piece>& pieces);
    void open(std::vector<Piece>& pieces);
    void close(std::vector<Piece>& pieces);
    void finish(std::vector<Piece>& pieces);

private:
    enum class Place : std::uint8_t { kStart, kReasoning, kAnswer };

    void atStart(std::vector<Piece>& pieces);
    void inReasoning(std::vector<Piece>& pieces);
    void inAnswer(std::vector<Piece>& pieces);
    void enter(Place place);
    void deliver(Channel channel, std::size_t length, std::vector<Piece>& pieces);

    Place place_;
    bool trimStart_;
    std::string pending_;
};

} // namespace alcuin::inference
