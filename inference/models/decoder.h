#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/cpu/kernel_policy.h"
#include "models/decoder_description.h"
#include "models/decoder_weights.h"
#include "models/model.h"
#include "models/step_profile.h"
#include "models/workspace.h"
#include "ops/attention.h"
#include "ops/matmul.h"
#include "state/page_pool.h"

namespace alcuin::inference {

/// Kernels that write and read one format of keys and values.
struct StateKernels {
    const cpu::KvStoreKernel* store = nullptr;
    ops::AttentionKernels attention;
};

/// Kernels of everything but the products, chosen when a model is loaded.
struct DecoderKernels {
    const cpu::EmbeddingKernel* embedding = nullptr;
    ops::InputKernels input;
    const cpu::RmsNormKernel* rmsNorm = nullptr;
    const cpu::RopeKernel* rope = nullptr;
    const cpu::SwigluKernel* swiglu = nullptr;
    std::array<std::optional<StateKernels>, kKvFormats> state{}; ///< by format; of those that layers have

    const StateKernels& of(KvFormat format) const {
        return *state[static_cast<std::size_t>(format)];
    }

    /// Errors: kUnsupported, kInvalidArgument (a forced kernel can't run).
    static Result<DecoderKernels> resolve(const DecoderDescription& description, WeightLayout embedding,
                                          std::span<const ops::AttentionGeometry> geometry,
                                          const cpu::KernelPolicy& policy);
};

/// Where each layer's keys and values lie in a page, and how. Where keys have biases, the first and the last layer's
/// (in Qwen2 hundreds of times their other numbers) leave nothing of the rest in int8: these layers stay in bf16.
std::vector<ops::AttentionGeometry> layOutPages(const DecoderDescription& description, KvFormat format);

/// Scratch memory of each worker, in bytes.
std::size_t decoderScratchBytes(const DecoderDescription& description, const DecoderKernels& kernels);

/// How keys and values are kept.
KvFormat stateFormat(ComputeMode compute, KvType kv);

class DecoderStep;

/// The one generic decoder, described by data.
class Decoder final : public Model {
public:
    /// Logs where the time of its steps went, if that was measured.
    ~Decoder() override;
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Called after each block of a step with its number and the residual stream [R, E]; for comparing layer by layer.
    using LayerObserver = std::function<void(std::size_t layer, std::span<const float> hidden)>;

    /// Errors: as loadModel.
    static Result<std::unique_ptr<Decoder>> load(const GgufFile& file, DecoderDescription description,
                                                 const ModelOptions& options, const cpu::KernelPolicy& policy,
                                                 ThreadPool& pool,
                                                 const std::function<void(const LoadProgress&)>& progress,
                                                 std::stop_token cancel);

    std::size_t vocabularySize() const override;
    std::size_t contextLength() const override;
    std::span<const StateGroup> stateGroups() const override;
    std::size_t weightBytes() const override;
    StepCost stepCost() const override;
    StepTraffic traffic() const override;
    cpu::MatrixUnit prefillUnit() const override;
    std::size_t maxRows() const override;
    Result<std::unique_ptr<SequenceState>> createState() override;
    const std::shared_ptr<PagePool>& pagePool() const override;
    Result<std::unique_ptr<StepCursor>> begin(const StepInput& input) override;
    const StateIdentity& stateIdentity() const override;
    std::string deviceDescription() const override;

    void observeLayers(LayerObserver observer);

private:
    friend class DecoderStep;

    Decoder(DecoderDescription description, const ModelOptions& options, ThreadPool& pool);
    void describeState();
    Result<void> allocateLanes();

    DecoderDescription description_;
    ComputeMode compute_;
    std::size_t maxRows_;
    std::size_t contextLength_ = 0;
    Placement placement_;
    Stream stream_;
    DecoderWeights weights_;
    DecoderKernels kernels_;
    std::vector<ops::AttentionGeometry> geometry_; ///< per layer
    std::vector<StateGroup> groups_;
    StateIdentity identity_;
    std::shared_ptr<PagePool> pages_;
    /// A step under way has its lane's memory to itself.
    struct Lane {
        std::size_t maxRows = 0;
        Workspace workspace;
        const DecoderStep* current = nullptr; ///< that began last, while it lives
    };
    Lane& lane(StepLane lane) {
        return lanes_[static_cast<std::size_t>(lane)];
    }
    std::array<Lane, kStepLanes> lanes_;
    LayerObserver observer_;
    StepProfile profile_ = StepProfile::fromEnvironment();
};

} // namespace alcuin::inference
