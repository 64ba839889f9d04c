// answer MODEL QUESTION: the C++ interface, linked statically.
#include <condition_variable>
#include <iostream>
#include <mutex>

#include <alcuin/inference/runtime.h>
#include <spdlog/spdlog.h>

using namespace alcuin::inference;

namespace {

/// Prints what there is; true after the last event.
bool print(RequestHandle& request) {
    for (const auto& event : request.drain()) {
        if (const auto* delta = std::get_if<TextDelta>(&event)) {
            std::cout << delta->text;
        } else if (const auto* error = std::get_if<Error>(&event)) {
            std::cerr << error->message << '\n';
            return true;
        } else if (std::holds_alternative<Finished>(event)) {
            return true;
        }
    }
    return false;
}

Result<void> answer(const char* path, const char* question) {
    auto runtime = Runtime::create({});
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    LoadSpec spec;
    spec.path = path;
    auto engine = (*runtime)->load(spec, nullptr, {});
    if (!engine) {
        return tl::unexpected(engine.error());
    }
    Message message;
    message.role = "user";
    message.content = question;
    GenerationRequest request;
    request.messages.push_back(message);
    request.sampling.temperature = 0;
    request.maxTokens = 24;
    auto handle = (*engine)->submit(std::move(request));
    if (!handle) {
        return tl::unexpected(handle.error());
    }
    std::mutex mutex;
    std::condition_variable condition;
    bool ready = false;
    handle->onReady([&] {
        const std::lock_guard lock(mutex);
        ready = true;
        condition.notify_one();
    });
    for (bool ended = false; !ended; ended = print(*handle)) {
        std::unique_lock lock(mutex);
        condition.wait(lock, [&] { return ready; });
        ready = false;
    }
    handle->onReady(nullptr);
    return {};
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "answer MODEL QUESTION\n";
        return 2;
    }
    spdlog::set_level(spdlog::level::warn); // the engine logs with spdlog, which prints where nobody set it up
    if (const auto answered = answer(argv[1], argv[2]); !answered) {
        std::cerr << answered.error().message << '\n';
        return 1;
    }
    return 0;
}
