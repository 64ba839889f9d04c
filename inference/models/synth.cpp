#include "models/synth.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/gguf.h"
#include "models/model_draft.h"
#include "models/synth_model.h"
#include "models/synth_random.h"
#include "models/synth_weights.h"

namespace alcuin::inference {

namespace {

using synth::RandomTensor;

Result<ModelDraft> plan(const SynthOptions& options) {
    const bool preset = std::ranges::find(synthPresets(), options.like) != synthPresets().end();
    Result<ModelDraft> model;
    if (std::error_code ignored; preset || !std::filesystem::exists(options.like, ignored)) {
        model = synth::presetModel(options.like);
    } else {
        model = GgufFile::openHeader(options.like).map(draftOf);
    }
    if (!model) {
        return model;
    }
    if (!options.type && preset) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("The shape {} needs a type: one of {}.", options.like, fmt::join(fileTypes(), ", ")));
    }
    if (options.type) {
        if (const auto set = setTypes(*model, *options.type, options.pure); !set) {
            return tl::unexpected(set.error());
        }
    }
    if (options.vocabulary) {
        const auto set = GgufFile::openHeader(*options.vocabulary).and_then([&](const GgufFile& file) {
            return synth::setVocabulary(*model, file);
        });
        if (!set) {
            return tl::unexpected(set.error());
        }
    }
    auto& name = model->entries["general.name"];
    const auto* given = std::get_if<std::string>(&name);
    name = fmt::format("{} (random weights)", given == nullptr || given->empty() ? "A model" : *given);
    return model;
}

} // namespace

Result<WrittenModel> synthesise(const SynthOptions& options, ThreadPool& pool,
                                const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                const std::stop_token& cancel) {
    auto model = plan(options);
    if (!model) {
        return tl::unexpected(model.error());
    }
    std::vector<RandomTensor> sources;
    for (const DraftTensor& tensor : model->tensors) {
        sources.emplace_back(tensor, model->entries, synth::RandomStream::keyOf(options.seed, sources.size()));
    }
    const auto rows = [&](std::size_t tensor, std::uint64_t row, std::span<std::byte> bytes) -> Result<void> {
        sources[tensor].fill(row, bytes);
        return {};
    };
    return writeDraft(std::move(*model), rows, {options.output, options.overwrite, options.like}, pool, progress,
                      cancel);
}

} // namespace alcuin::inference
