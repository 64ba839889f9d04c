#include "models/decoder_step.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/thread_pool.h"
#include "models/decoder.h"
#include "ops/fused_rows.h"
#include "ops/gated_matmul.h"
#include "ops/row_ops.h"
#include "state/paged_state.h"

namespace alcuin::inference {

namespace {

/// Multiply-adds of a piece: a few milliseconds for AVX2 on two cores, well under 100 for the reference kernels.
constexpr std::size_t kPieceCost = std::size_t{1} << 27U;

/// Neighbouring rows of one class become one span.
void append(std::vector<ops::RowSpan>& spans, std::size_t row, RowClass rowClass) {
    if (!spans.empty() && spans.back().rowClass == rowClass && spans.back().end == row) {
        ++spans.back().end;
    } else {
        spans.push_back({row, row + 1, rowClass});
    }
}

std::vector<ops::RowSpan> spansOf(std::span<const RowClass> classes) {
    std::vector<ops::RowSpan> spans;
    for (std::size_t row = 0; row < classes.size(); ++row) {
        append(spans, row, classes[row]);
    }
    return spans;
}

std::vector<PagedState*> statesOf(const StepInput& input) {
    std::vector<PagedState*> states;
    for (SequenceState* state : input.state) {
        states.push_back(dynamic_cast<PagedState*>(state));
    }
    return states;
}

std::vector<ops::SequenceRows> sequencesOf(const StepInput& input, const std::vector<PagedState*>& states) {
    std::vector<ops::SequenceRows> sequences;
    for (std::size_t s = 0; s < states.size(); ++s) {
        sequences.push_back({states[s]->pages(), states[s]->length(), input.rowStart[s], input.rowStart[s + 1],
                             input.rowClass[input.rowStart[s]]});
    }
    return sequences;
}

std::size_t leastKvHeads(const DecoderDescription& description) {
    return std::ranges::min(description.layers, {}, &LayerDescription::kvHeads).kvHeads;
}

tl::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::kInvalidArgument, std::move(message));
}

Result<void> checkShapes(const StepInput& input, std::size_t maxRows) {
    const std::size_t rows = input.tokens.size();
    const std::size_t sequences = input.state.size();
    if (rows == 0 || rows > maxRows) {
        return invalid(fmt::format("A step of {} rows was asked for; it may have 1 to {}.", rows, maxRows));
    }
    if (input.positions.size() != rows || input.rowClass.size() != rows || input.rowStart.size() != sequences + 1 ||
        input.rowStart.front() != 0 || input.rowStart.back() != rows) {
        return invalid("A step's rows, positions, classes and sequences don't match.");
    }
    for (std::size_t s = 0; s < sequences; ++s) {
        if (input.rowStart[s] >= input.rowStart[s + 1] || input.rowStart[s + 1] > rows) {
            return invalid("A sequence in a step has no rows.");
        }
        const auto classes = input.rowClass.subspan(input.rowStart[s], input.rowStart[s + 1] - input.rowStart[s]);
        if (std::ranges::any_of(classes, [&](RowClass each) { return each != classes.front(); })) {
            return invalid("A sequence's rows in a step have different classes.");
        }
    }
    for (std::size_t i = 0; i < input.logitRows.size(); ++i) {
        if (input.logitRows[i] >= rows || (i > 0 && input.logitRows[i] <= input.logitRows[i - 1])) {
            return invalid("The rows that want logits aren't ascending rows of the step.");
        }
    }
    if (std::ranges::any_of(input.adapter, [](AdapterId id) { return id != -1; })) {
        return fail(ErrorCode::kUnsupported, "This model has no adapters.");
    }
    return {};
}

} // namespace

Result<void> DecoderStep::check(Decoder& decoder, const StepInput& input) {
    if (auto shapes = checkShapes(input, decoder.lane(input.lane).maxRows); !shapes) {
        return shapes;
    }
    for (const Token token : input.tokens) {
        if (token < 0 || static_cast<std::size_t>(token) >= decoder.description_.vocabulary) {
            return invalid(
                fmt::format("Token {} isn't one of the model's {}.", token, decoder.description_.vocabulary));
        }
    }
    for (const Position& position : input.positions) {
        if (position.t < 0 || static_cast<std::size_t>(position.t) >= decoder.contextLength_) {
            return invalid(
                fmt::format("Position {} is outside the context of {} tokens.", position.t, decoder.contextLength_));
        }
    }
    std::set<const SequenceState*> seen;
    for (SequenceState* state : input.state) {
        const auto* paged = dynamic_cast<const PagedState*>(state);
        if (paged == nullptr || !paged->belongsTo(*decoder.pages_)) {
            return invalid("A step was given the state of another model.");
        }
        if (!seen.insert(state).second) {
            return invalid("A step has the same sequence twice.");
        }
    }
    for (const Decoder::Lane& lane : decoder.lanes_) {
        const bool other = &lane != &decoder.lane(input.lane);
        if (other && lane.current != nullptr && lane.current->holdsAny(input.state)) {
            return invalid("A step was given a sequence whose step in the other lane isn't complete.");
        }
    }
    return {};
}

Result<std::unique_ptr<StepCursor>> DecoderStep::create(Decoder& decoder, const StepInput& input) {
    if (auto checked = check(decoder, input); !checked) {
        return tl::unexpected(std::move(checked).error());
    }
    for (std::size_t s = 0; s < input.state.size(); ++s) {
        // Also says so if the context would be exceeded.
        if (auto reserved = input.state[s]->reserve(input.rowStart[s + 1] - input.rowStart[s]); !reserved) {
            return tl::unexpected(std::move(reserved).error());
        }
    }
    std::unique_ptr<DecoderStep> step(new DecoderStep(decoder, input));
    if (auto reserved = step->reserve(input); !reserved) {
        return tl::unexpected(std::move(reserved).error());
    }
    decoder.lane(input.lane).current = step.get();
    return step;
}

DecoderStep::~DecoderStep() {
    if (lane_.current == this) {
        lane_.current = nullptr;
    }
}

bool DecoderStep::holdsAny(std::span<const StateRef> states) const {
    return phase_ != Phase::kDone && std::ranges::any_of(states, [this](const SequenceState* state) {
               return std::ranges::any_of(states_, [state](const PagedState* mine) { return mine == state; });
           });
}

DecoderStep::DecoderStep(Decoder& decoder, const StepInput& input)
    : d_(decoder)
    , lane_(decoder.lane(input.lane))
    , workspace_(lane_.workspace)
    , tokens_(input.tokens.begin(), input.tokens.end())
    , logitRows_(input.logitRows.begin(), input.logitRows.end())
    , spans_(spansOf(input.rowClass))
    , states_(statesOf(input))
    , sequences_(sequencesOf(input, states_))
    , rows_(input.tokens.size()) {
    const DecoderDescription& description = decoder.description_;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
        if (const auto& state = decoder.kernels_.state[i]) {
            plans_[i].emplace(sequences_, state->attention, description.maxHeads(), leastKvHeads(description),
                              description.maxGroup(), description.valueSize, decoder.stream_.pool().threads());
        }
    }
    for (const Position& position : input.positions) {
        positions_.push_back(position.t);
    }
    for (std::size_t i = 0; i < logitRows_.size(); ++i) {
        append(logitSpans_, i, input.rowClass[logitRows_[i]]);
    }
    prefill_ = std::ranges::any_of(spans_, [](const auto& span) { return span.rowClass == RowClass::kPrefill; });
    d_.profile_.beginStep(prefill_, rows_);
}

Result<void> DecoderStep::reserve(const StepInput& input) {
    Workspace& w = workspace_;
    if (auto grown = Workspace::grow(w.logits, input.logitRows.size() * d_.description_.vocabulary); !grown) {
        return grown;
    }
    for (const auto& plan : plans_) {
        if (!plan) {
            continue;
        }
        if (auto grown = Workspace::grow(w.partial, plan->partialFloats()); !grown) {
            return grown;
        }
    }
    for (PagedState* state : states_) {
        state->setWritten(0);
    }
    return {};
}

Result<bool> DecoderStep::advance() {
    if (phase_ == Phase::kDone) {
        return true;
    }
    if (lane_.current != this) {
        return invalid("A step can't go on: another has begun in its lane.");
    }
    d_.profile_.resumeStep(prefill_);
    const auto over = runPiece();
    if (!over) {
        return tl::unexpected(over.error());
    }
    if (*over) {
        phase_ = following();
        next_ = 0;
        if (phase_ == Phase::kDone) {
            finish();
        }
    }
    return phase_ == Phase::kDone;
}

std::span<const float> DecoderStep::logits() const {
    return Workspace::rows(workspace_.logits, logitRows_.size(), d_.description_.vocabulary);
}

DecoderStep::Phase DecoderStep::following() const {
    switch (phase_) {
    case Phase::kLayerEnd:
        if (layer_ < d_.description_.layers.size()) {
            return Phase::kAttentionNorm;
        }
        return logitRows_.empty() ? Phase::kDone : Phase::kOutputNorm;
    default:
        return static_cast<Phase>(static_cast<int>(phase_) + 1);
    }
}

Result<bool> DecoderStep::runPiece() {
    Workspace& w = workspace_;
    const DecoderDescription& description = d_.description_;
    const std::size_t last = description.layers.size() - 1;
    const LayerWeights& weights = d_.weights_.layers[std::min(layer_, last)];
    const LayerDescription& layer = description.layers[std::min(layer_, last)];
    const std::size_t e = description.embedding;
    const auto queryKeyValueOf = [&](const LayerWeights& of) {
        return std::array{ops::MatmulOutput{&of.query, w.query.as<float>().data()},
                          ops::MatmulOutput{&of.key, w.key.as<float>().data()},
                          ops::MatmulOutput{&of.value, w.value.as<float>().data()}};
    };
    const auto queryKeyValue = queryKeyValueOf(weights);
    const std::array attentionOutput{ops::MatmulOutput{&weights.attentionOutput, w.delta.as<float>().data()}};
    const std::array gateUp{ops::MatmulOutput{&weights.gate, nullptr}, ops::MatmulOutput{&weights.up, nullptr}};
    const std::array down{ops::MatmulOutput{&weights.down, w.delta.as<float>().data()}};
    const std::array head{ops::MatmulOutput{&d_.weights_.head, w.logits.as<float>().data()}};
    const int threads = d_.stream_.pool().threads();
    const auto attended = Workspace::rows(w.attention, rows_, layer.heads * description.valueSize);
    switch (phase_) {
    case Phase::kEmbed:
        embed();
        return true;
    case Phase::kAttentionNorm:
        normalise(weights.attentionNorm, layer_ > 0, queryKeyValue);
        return true;
    case Phase::kQueryKeyValue:
        return multiplyPiece(StepPart::kQueryKeyValue, inputOf(Workspace::rows(w.normed, rows_, e), spans_), spans_,
                             queryKeyValue, ops::Upcoming::products(attentionOutput, spans_, threads));
    case Phase::kStore:
        storeKeysAndValues();
        return true;
    case Phase::kAttend: {
        const bool over = attendPiece();
        if (over) {
            prepareFor(attended, spans_, attentionOutput);
        }
        return over;
    }
    case Phase::kAttentionOutput:
        return multiplyPiece(StepPart::kAttentionOutput, inputOf(attended, spans_), spans_, attentionOutput,
                             ops::upcomingGated(gateUp, spans_, threads));
    case Phase::kFeedForwardNorm:
        if (auto reduced = reduce(); !reduced) {
            return tl::unexpected(std::move(reduced).error());
        }
        normalise(weights.feedForwardNorm, true, gateUp);
        return true;
    case Phase::kGateUp: {
        auto over = gatedPiece(down);
        if (over && *over) {
            splitActivated(down);
        }
        return over;
    }
    case Phase::kDown: {
        const auto nextLayer = queryKeyValueOf(d_.weights_.layers[std::min(layer_ + 1, last)]);
        ops::Upcoming upcoming;
        if (layer_ < last) {
            upcoming = ops::Upcoming::products(nextLayer, spans_, threads);
        } else if (!logitRows_.empty()) {
            upcoming = ops::Upcoming::products(head, logitSpans_, threads);
        }
        return multiplyPiece(StepPart::kDown, activatedRows(), spans_, down, upcoming);
    }
    case Phase::kLayerEnd:
        if (auto reduced = reduce(); !reduced) {
            return tl::unexpected(std::move(reduced).error());
        }
        endLayer();
        return true;
    case Phase::kOutputNorm:
        normalise(d_.weights_.outputNorm, true, {});
        gatherLogitRows();
        prepareFor(Workspace::rows(w.normed, logitRows_.size(), e), logitSpans_, head);
        return true;
    case Phase::kHead:
        return multiplyPiece(StepPart::kHead, inputOf(Workspace::rows(w.normed, logitRows_.size(), e), logitSpans_),
                             logitSpans_, head, {});
    case Phase::kDone:
        break;
    }
    return true;
}

void DecoderStep::embed() {
    const auto measured = d_.profile_.measure(StepPart::kEmbedding);
    Workspace& w = workspace_;
    const std::size_t pairs = d_.description_.rope.dimensions / 2;
    ops::embedding(d_.stream_, *d_.kernels_.embedding, *d_.weights_.embedding, tokens_,
                   Workspace::rows(w.residual, rows_, d_.description_.embedding));
    ops::ropeAngles(d_.stream_, positions_, d_.weights_.frequencies,
                    {Workspace::rows(w.cosine, rows_, pairs), Workspace::rows(w.sine, rows_, pairs), pairs});
}

void DecoderStep::normalise(std::span<const float> gamma, bool afterProduct, std::span<const ops::MatmulOutput> next) {
    const auto measured = d_.profile_.measure(StepPart::kNorm);
    Workspace& w = workspace_;
    const std::size_t e = d_.description_.embedding;
    const auto delta = afterProduct ? Workspace::rows(w.delta, rows_, e) : std::span<float>{};
    const auto normed = Workspace::rows(w.normed, rows_, e);
    ops::normalise(d_.stream_, *d_.kernels_.rmsNorm, d_.kernels_.input, Workspace::rows(w.residual, rows_, e), delta,
                   gamma, d_.description_.normEpsilon, normed, inputOf(normed, spans_), next, spans_);
}

ops::MatmulInput DecoderStep::inputOf(std::span<const float> x, std::span<const ops::RowSpan> spans) {
    const std::size_t rows = spans.back().end;
    return {x.data(),       workspace_.inputs.quantised(), workspace_.inputs.split(), workspace_.inputs.tiles(), rows,
            x.size() / rows};
}

void DecoderStep::prepareFor(std::span<const float> x, std::span<const ops::RowSpan> spans,
                             std::span<const ops::MatmulOutput> products) {
    const auto measured = d_.profile_.measure(StepPart::kPrepare);
    ops::prepareInput(d_.stream_, d_.kernels_.input, inputOf(x, spans), products, spans);
}

void DecoderStep::storeKeysAndValues() {
    const auto measured = d_.profile_.measure(StepPart::kStore);
    Workspace& w = workspace_;
    const DecoderDescription& description = d_.description_;
    const LayerDescription& layer = description.layers[layer_];
    const std::size_t pairs = description.rope.dimensions / 2;
    const ops::RopeAngles angles{Workspace::rows(w.cosine, rows_, pairs), Workspace::rows(w.sine, rows_, pairs), pairs};
    const bool halfSplit = description.rope.pairing == RopePairing::kHalfSplit;
    const LayerWeights& weights = d_.weights_.layers[layer_];
    const ops::QueryKeyValue rows{Workspace::rows(w.query, rows_, layer.heads * description.headSize),
                                  Workspace::rows(w.key, rows_, layer.kvHeads * description.headSize),
                                  Workspace::rows(w.value, rows_, layer.kvHeads * description.valueSize),
                                  weights.queryBias,
                                  weights.keyBias,
                                  weights.valueBias};
    ops::rotateAndStore(d_.stream_, *d_.kernels_.rope, *d_.kernels_.of(d_.geometry_[layer_].format).store,
                        d_.geometry_[layer_], sequences_, rows, angles, halfSplit);
}

bool DecoderStep::attendPiece() {
    Workspace& w = workspace_;
    const ops::AttentionGeometry& geometry = d_.geometry_[layer_];
    const ops::AttentionKernels& kernels = d_.kernels_.of(geometry.format).attention;
    const ops::AttentionPlan& plan = *plans_[static_cast<std::size_t>(geometry.format)];
    const auto query = Workspace::rows(w.query, rows_, geometry.heads * geometry.headSize);
    const auto out = Workspace::rows(w.attention, rows_, geometry.heads * geometry.valueSize);
    const std::size_t begin = next_;
    std::size_t cost = 0;
    std::size_t multiplyAdds = 0;
    while (next_ < plan.items() && cost < kPieceCost) {
        const RowClass rowClass = plan.tiles()[plan.item(next_).tile].sequence->rowClass;
        const std::size_t added = plan.cost(next_) * geometry.heads * geometry.headSize;
        if (cost > 0 && cost + added / kernels.of(rowClass).speed > kPieceCost) {
            break;
        }
        multiplyAdds += added;
        cost += added / kernels.of(rowClass).speed;
        ++next_;
    }
    const auto measured = d_.profile_.measure(StepPart::kAttention, multiplyAdds);
    ops::attention(d_.stream_, kernels, plan, geometry, query, out, w.partial.as<float>(), begin, next_);
    if (next_ < plan.items()) {
        return false;
    }
    ops::mergeAttention(d_.stream_, kernels, plan, geometry, w.partial.as<float>(), out);
    return true;
}

ops::MatmulInput DecoderStep::activatedRows() {
    Workspace& w = workspace_;
    return {w.activated.as<float>().data(),
            w.activatedInputs.quantised(),
            w.activatedInputs.split(),
            w.activatedInputs.tiles(),
            rows_,
            d_.description_.layers[layer_].feedForward};
}

void DecoderStep::splitActivated(std::span<const ops::MatmulOutput> down) {
    std::vector<ops::RowSpan> whole;
    std::ranges::copy_if(spans_, std::back_inserter(whole),
                         [&](const ops::RowSpan& span) { return ops::formatsOf(down, span.rowClass).split; });
    if (!whole.empty()) {
        const auto measured = d_.profile_.measure(StepPart::kPrepare);
        ops::prepareInput(d_.stream_, d_.kernels_.input, activatedRows(), down, whole);
    }
}

Result<bool> DecoderStep::gatedPiece(std::span<const ops::MatmulOutput> down) {
    const LayerWeights& weights = d_.weights_.layers[layer_];
    const std::array products{ops::MatmulOutput{&weights.gate, nullptr}, ops::MatmulOutput{&weights.up, nullptr}};
    Workspace& w = workspace_;
    const auto x = Workspace::rows(w.normed, rows_, d_.description_.embedding);
    const std::size_t panels = weights.gate.panels();
    const std::size_t begin = next_;
    next_ = std::min(panels, begin + panelsOfPiece(products, spans_, 2));
    const auto measured = d_.profile_.measure(StepPart::kGateUp, 2 * (next_ - begin) * cpu::kPanelColumns * x.size());
    const ops::GatedResult result{d_.kernels_.swiglu, d_.kernels_.input, w.activated.as<float>().data(),
                                  activatedRows(), down};
    const ops::Upcoming upcoming =
        next_ == panels ? ops::Upcoming::products(down, spans_, d_.stream_.pool().threads()) : ops::Upcoming{};
    if (auto done = ops::gatedMatmul(d_.stream_, inputOf(x, spans_), {&weights.gate, &weights.up}, result, spans_,
                                     begin, next_, upcoming);
        !done) {
        return tl::unexpected(std::move(done).error());
    }
    return next_ == panels;
}

void DecoderStep::endLayer() {
    if (d_.observer_) {
        Workspace& w = workspace_;
        const std::size_t e = d_.description_.embedding;
        const auto residual = Workspace::rows(w.residual, rows_, e);
        const auto delta = Workspace::rows(w.delta, rows_, e);
        std::vector<float> hidden(residual.begin(), residual.end());
        std::ranges::transform(hidden, delta, hidden.begin(), std::plus<>());
        d_.observer_(layer_, hidden);
    }
    ++layer_;
}

void DecoderStep::gatherLogitRows() {
    // In place: the rows are ascending, so none is overwritten before it was moved.
    const std::size_t e = d_.description_.embedding;
    float* normed = workspace_.normed.as<float>().data();
    for (std::size_t i = 0; i < logitRows_.size(); ++i) {
        std::copy_n(normed + logitRows_[i] * e, e, normed + i * e);
    }
}

std::size_t DecoderStep::panelsOfPiece(std::span<const ops::MatmulOutput> products, std::span<const ops::RowSpan> spans,
                                       std::size_t matrices) const {
    const auto threads = static_cast<std::size_t>(d_.stream_.pool().threads());
    const std::size_t atOnce = threads * std::max<std::size_t>(2, ops::panelsTogether(products, spans));
    const std::size_t cost = ops::panelCost(products, spans) * matrices;
    if (cost * atOnce > 2 * kPieceCost) {
        // Many rows of a great depth: fewer panels than the kernel would like to have together.
        return std::max<std::size_t>(1, 2 * kPieceCost / (cost * 2 * threads)) * 2 * threads;
    }
    const std::size_t turns = kPieceCost / (cost * atOnce);
    return std::max<std::size_t>(1, turns) * atOnce;
}

Result<bool> DecoderStep::multiplyPiece(StepPart part, const ops::MatmulInput& input,
                                        std::span<const ops::RowSpan> spans,
                                        std::span<const ops::MatmulOutput> products, const ops::Upcoming& upcoming) {
    const std::size_t panels = ops::panelCount(products);
    const std::size_t begin = next_;
    next_ = std::min(panels, begin + panelsOfPiece(products, spans, 1));
    const std::size_t multiplyAdds = (next_ - begin) * cpu::kPanelColumns * input.rows * input.depth;
    const auto measured = d_.profile_.measure(part, multiplyAdds);
    const ops::Upcoming follows = next_ == panels ? upcoming : ops::Upcoming{};
    if (auto done = ops::matmul(d_.stream_, input, products, spans, begin, next_, follows); !done) {
        return tl::unexpected(std::move(done).error());
    }
    return next_ == panels;
}

Result<void> DecoderStep::reduce() {
    Stream* const streams[] = {&d_.stream_};
    float* const parts[] = {workspace_.delta.as<float>().data()};
    return allReduce(streams, parts, rows_ * d_.description_.embedding);
}

void DecoderStep::finish() {
    for (std::size_t s = 0; s < states_.size(); ++s) {
        states_[s]->setWritten(sequences_[s].rowEnd - sequences_[s].rowBegin);
    }
}

} // namespace alcuin::inference
