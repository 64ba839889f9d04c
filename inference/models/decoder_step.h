#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/decoder.h"
#include "models/model.h"
#include "models/step_profile.h"
#include "ops/attention.h"
#include "ops/matmul.h"
#include "ops/row_ops.h"

namespace alcuin::inference {

class PagedState;

/// A step of the decoder: operation after operation, layer after layer, each cut into pieces of some milliseconds.
class DecoderStep final : public StepCursor {
public:
    /// Errors: kInvalidArgument, kOutOfMemory; nothing has changed then. May throw std::bad_alloc.
    static Result<std::unique_ptr<StepCursor>> create(Decoder& decoder, const StepInput& input);

    ~DecoderStep() override;
    DecoderStep(const DecoderStep&) = delete;
    DecoderStep& operator=(const DecoderStep&) = delete;

    Result<bool> advance() override;
    std::span<const float> logits() const override;
    /// Whether it isn't complete and has rows of any of these.
    bool holdsAny(std::span<const StateRef> states) const;

private:
    enum class Phase : std::uint8_t {
        kEmbed,
        kAttentionNorm,
        kQueryKeyValue,
        kStore,
        kAttend,
        kAttentionOutput,
        kFeedForwardNorm,
        kGateUp,
        kDown,
        kLayerEnd,
        kOutputNorm,
        kHead,
        kDone,
    };

    DecoderStep(Decoder& decoder, const StepInput& input);
    static Result<void> check(Decoder& decoder, const StepInput& input);
    Result<void> reserve(const StepInput& input);

    /// Runs one piece of the current phase; true: the phase is over.
    Result<bool> runPiece();
    Phase following() const;

    void embed();
    void normalise(std::span<const float> gamma, bool afterProduct, std::span<const ops::MatmulOutput> next);
    void storeKeysAndValues();
    bool attendPiece();
    Result<bool> gatedPiece(std::span<const ops::MatmulOutput> down);
    ops::MatmulInput activatedRows();
    /// Splits the rows that are wanted so: unlike the other formats that takes whole rows.
    void splitActivated(std::span<const ops::MatmulOutput> down);
    void endLayer();
    void gatherLogitRows();
    ops::MatmulInput inputOf(std::span<const float> x, std::span<const ops::RowSpan> spans);
    /// Brings the rows that the coming products read into the formats that they want.
    void prepareFor(std::span<const float> x, std::span<const ops::RowSpan> spans,
                    std::span<const ops::MatmulOutput> products);
    /// Panels of each of so many matrices that a piece takes: even, a few milliseconds' work.
    std::size_t panelsOfPiece(std::span<const ops::MatmulOutput> products, std::span<const ops::RowSpan> spans,
                              std::size_t matrices) const;
    /// `upcoming`: what comes behind the last piece.
    Result<bool> multiplyPiece(StepPart part, const ops::MatmulInput& input, std::span<const ops::RowSpan> spans,
                               std::span<const ops::MatmulOutput> products, const ops::Upcoming& upcoming);
    Result<void> reduce();
    void finish();

    Decoder& d_;
    Decoder::Lane& lane_;
    Workspace& workspace_; ///< the lane's
    bool prefill_ = false; ///< whether any row is read as a prompt
    std::vector<Token> tokens_;
    std::vector<std::int32_t> positions_;
    std::vector<std::uint32_t> logitRows_;
    std::vector<ops::RowSpan> spans_;      ///< of the step's rows
    std::vector<ops::RowSpan> logitSpans_; ///< of the rows that want logits, counted among themselves
    std::vector<PagedState*> states_;
    std::vector<ops::SequenceRows> sequences_;
    std::array<std::optional<ops::AttentionPlan>, kKvFormats> plans_; ///< by format; of those that layers have
    std::size_t rows_;
    Phase phase_ = Phase::kEmbed;
    std::size_t layer_ = 0;
    std::size_t next_ = 0; ///< next panel or item of the phase
};

} // namespace alcuin::inference
