#include "conversation_array.h"

#include <utility>

#include <fmt/format.h>

#include "text.h"

namespace alcuin::exchange {

namespace {

/// Of what was said: the same at every export of a conversation that hasn't gone on.
std::uint64_t fingerprintOf(const storage::ConversationTree& tree) {
    std::uint64_t number = fingerprint({});
    for (const auto& message : tree.messages) {
        number = fingerprint(message.role == storage::Role::kUser ? "user" : "answer", number);
        for (const auto& part : message.parts) {
            number = fingerprint(part.text, number);
            number = fingerprint(part.name, number);
        }
    }
    return number;
}

} // namespace

bool handOver(Result<Imported> imported, const std::string& what, const Listener& listener) {
    if (!imported) {
        listener.refuse(fmt::format("{} wasn't imported: {}.", what, imported.error().message));
        return true;
    }
    if (imported->tree.messages.empty()) {
        listener.leftOut->add("conversations without messages");
        return true;
    }
    imported->origin.fingerprint = fingerprintOf(imported->tree);
    if (imported->origin.id.empty()) {
        imported->origin.id = fmt::format("{:016x}", imported->origin.fingerprint);
    }
    return listener.take(std::move(*imported));
}

Result<void> readEach(const Source& source, const Limits& limits, const Listener& listener, const ReadOne& readOne) {
    const auto take = [&](std::string_view text, const std::string& what) {
        auto json = parseJson(text, "it", limits);
        if (!json) {
            auto why = json.error().message;
            why.pop_back(); // its full stop: the sentence goes on around it
            return handOver(fail(std::move(why)), what, listener);
        }
        return handOver(readOne(*json), what, listener);
    };
    const auto whole = stripped(source.bytes);
    if (whole.empty() || whole.front() != '[') {
        (void)take(whole, source.name);
        return {};
    }
    Elements elements(whole, limits);
    std::size_t number = 0;
    while (const auto text = elements.next()) {
        if (++number > limits.conversations) {
            return fail(fmt::format("{} has more than {} conversations; the rest wasn't read.", source.name,
                                    limits.conversations));
        }
        if (!take(*text, fmt::format("Conversation {} of {}", number, source.name))) {
            return {};
        }
    }
    if (!elements.endedWell()) {
        return fail(fmt::format("{} ends in the middle, behind conversation {}, or is nested too deeply. It may have "
                                "been cut off; export it again.",
                                source.name, number));
    }
    return {};
}

} // namespace alcuin::exchange
