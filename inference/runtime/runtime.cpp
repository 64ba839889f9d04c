#include <alcuin/inference/runtime.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "chat/chat_template.h"
#include "formats/gguf.h"
#include "models/model.h"
#include "runtime/engine_core.h"
#include "runtime/local_engine.h"
#include "tokenizer/gguf_tokenizer.h"

namespace alcuin::inference {

namespace {

constexpr int kMaxThreads = 1024;
constexpr double kMaxTokenMs = 60'000;
constexpr const char* kTemplateKey = "tokenizer.chat_template";

Result<chat::ChatTemplate> compileTemplate(const GgufFile& file) {
    const auto source = file.metadata().string(kTemplateKey);
    if (source) {
        return chat::ChatTemplate::compile(*source);
    }
    if (source.error().code == ErrorCode::kNotFound) {
        return fail(ErrorCode::kTemplate,
                    fmt::format("{} brings no chat template, so it isn't known how a conversation is put to it. "
                                "Choose a model that was made for chat (its name often ends in Instruct or Chat).",
                                file.path().filename().string()));
    }
    return tl::unexpected(source.error());
}

/// Errors are none: a model whose states can't be kept has no cache.
std::unique_ptr<PrefixCache> makeCache(const LoadedModel& loaded, std::optional<std::uint64_t> bytes) {
    constexpr std::size_t kUsualPart = 4; // of all pages
    const auto& pages = loaded.model->pagePool();
    if (!pages) {
        return nullptr;
    }
    const std::size_t most =
        bytes ? static_cast<std::size_t>(*bytes / pages->pageBytes()) : pages->maxPages() / kUsualPart;
    return std::make_unique<PrefixCache>(pages, loaded.stateRoot, std::min(most, pages->maxPages()));
}

class LocalRuntime final : public Runtime {
public:
    LocalRuntime(int threads, ExecutorOptions options)
        : core_(std::make_shared<EngineCore>(std::make_shared<ThreadPool>(threads), std::move(options))) {}

    Result<std::shared_ptr<TextEngine>> load(const LoadSpec& spec, std::function<void(const LoadProgress&)> progress,
                                             std::stop_token cancel) override {
        try {
            return loadGuarded(spec, progress, std::move(cancel));
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::kOutOfMemory,
                        fmt::format("There isn't enough memory to load {}. Close other programs, or choose a smaller "
                                    "model.",
                                    spec.path.string()));
        } catch (const std::exception& error) {
            return fail(ErrorCode::kInternal,
                        fmt::format("{} couldn't be loaded: {}.", spec.path.string(), error.what()));
        }
    }

    Result<void> purgeSnapshots(std::string_view owner) override {
        return core_->executor.forget(std::string(owner));
    }

    Result<void> purgeSnapshotsExcept(std::span<const std::string> owners) override {
        return core_->executor.forgetExcept({owners.begin(), owners.end()});
    }

private:
    Result<std::shared_ptr<TextEngine>> loadGuarded(const LoadSpec& spec,
                                                    const std::function<void(const LoadProgress&)>& progress,
                                                    std::stop_token cancel) {
        const auto begin = std::chrono::steady_clock::now();
        auto info = readModelInfo(spec.path);
        if (!info) {
            return tl::unexpected(info.error());
        }
        const auto file = GgufFile::open(spec.path);
        if (!file) {
            return tl::unexpected(file.error());
        }
        auto tokenizer = tokenizerFromMetadata(file->metadata());
        if (!tokenizer) {
            return tl::unexpected(tokenizer.error());
        }
        ModelOptions options;
        options.compute = spec.compute;
        options.contextLength = spec.contextLength;
        options.kv = spec.kv;
        auto model = loadModel(*file, options, *core_->pool, progress, std::move(cancel));
        if (!model) {
            return tl::unexpected(model.error());
        }
        auto loaded = std::make_shared<LoadedModel>();
        loaded->pool = core_->pool;
        loaded->model = std::move(*model);
        loaded->tokenizer = std::move(*tokenizer);
        loaded->stateRoot = chainRoot(loaded->model->stateIdentity());
        loaded->cache = makeCache(*loaded, spec.cacheBytes);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        logInfo(fmt::format("loaded {} ({}, {}): {} MB in {:.2f} s on {}", info->path.filename().string(),
                            info->architecture, info->quantization, info->fileBytes / 1'000'000, seconds.count(),
                            loaded->model->deviceDescription()));
        return std::make_shared<LocalEngine>(LocalEngine::Parts{
            .core = core_,
            .model = std::move(loaded),
            .chatTemplate = std::make_shared<const Result<chat::ChatTemplate>>(compileTemplate(*file)),
            .info = std::move(*info)});
    }

    std::shared_ptr<EngineCore> core_;
};

} // namespace

Result<std::shared_ptr<Runtime>> Runtime::create(const RuntimeOptions& options) {
    if (!(options.targetTokenMs > 0 && options.targetTokenMs <= kMaxTokenMs)) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} ms between the tokens of an answer were asked for; it must be more than 0 and at "
                                "most {}.",
                                options.targetTokenMs, kMaxTokenMs));
    }
    if (options.threads < 0 || options.threads > kMaxThreads) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} threads were asked for; it must be 0 (one for each core) to {}.", options.threads,
                                kMaxThreads));
    }
    try {
        ExecutorOptions executor{.targetTokenMs = options.targetTokenMs};
        if (!options.snapshotDirectory.empty()) {
            auto store = SnapshotStore::open(options.snapshotDirectory, options.snapshotBytes);
            if (!store) {
                return tl::unexpected(std::move(store.error()));
            }
            executor.snapshots = std::move(*store);
        }
        return std::make_shared<LocalRuntime>(options.threads, std::move(executor));
    } catch (const std::exception& error) {
        return fail(ErrorCode::kInternal,
                    fmt::format("The threads for computing couldn't be started: {}.", error.what()));
    }
}

} // namespace alcuin::inference
