// answer MODEL QUESTION: the C interface in C++, requests answered while this thread waits.
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include <alcuin.h>

namespace {

struct Destroy {
    void operator()(alcuin_runtime* runtime) const {
        alcuin_runtime_destroy(runtime);
    }
    void operator()(alcuin_model* model) const {
        alcuin_model_destroy(model);
    }
    void operator()(alcuin_request* request) const {
        alcuin_request_destroy(request);
    }
};
template <typename T>
using Handle = std::unique_ptr<T, Destroy>;

/// A struct of the interface, zero but for its size.
template <typename Struct>
Struct make() {
    Struct made{};
    made.struct_size = sizeof made;
    return made;
}

void check(alcuin_status status, const alcuin_error& error) {
    if (status != ALCUIN_OK) {
        throw std::runtime_error(error.message);
    }
}

alcuin_flow append(const alcuin_event* event, void* text) {
    if (event->type == ALCUIN_EVENT_TEXT) {
        static_cast<std::string*>(text)->append(event->text, event->text_size);
    }
    return ALCUIN_CONTINUE;
}

std::string answer(const char* path, const char* question) {
    auto error = make<alcuin_error>();
    alcuin_runtime* runtime = nullptr;
    check(alcuin_runtime_create(nullptr, &runtime, &error), error);
    const Handle<alcuin_runtime> ownRuntime(runtime);

    auto options = make<alcuin_model_options>();
    options.path = path;
    alcuin_model* model = nullptr;
    check(alcuin_model_load(runtime, &options, nullptr, nullptr, &model, &error), error);
    const Handle<alcuin_model> ownModel(model);

    auto message = make<alcuin_message>();
    message.role = "user";
    message.content = question;
    auto sampling = make<alcuin_sampling>();
    alcuin_sampling_init(&sampling);
    sampling.temperature = 0;
    auto generation = make<alcuin_generation>();
    generation.messages = &message;
    generation.message_count = 1;
    generation.sampling = &sampling;
    generation.max_tokens = 24;

    std::string text;
    alcuin_request* request = nullptr;
    check(alcuin_submit(model, &generation, append, &text, &request, &error), error);
    const Handle<alcuin_request> ownRequest(request);
    check(alcuin_request_wait(request, -1, nullptr, &error), error);
    return text;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "answer MODEL QUESTION\n";
        return 2;
    }
    try {
        std::cout << answer(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
