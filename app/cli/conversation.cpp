#include "cli/conversation.h"

#include <cstdio>
#include <iostream>
#include <utility>

#include <unistd.h>

namespace alcuin::cli {

using inference::Message;

Conversation::Conversation(inference::TextEngine& engine, const ChatOptions& options) : engine_(engine) {
    request_.sampling = options.sampling.over(engine.modelInfo().sampling);
    request_.maxTokens = options.maxTokens;
    request_.stop = options.stop;
    request_.snapshotOwner = options.keep;
    if (!options.system.empty()) {
        Message message;
        message.role = "system";
        message.content = options.system;
        request_.messages.push_back(std::move(message));
    }
}

Outcome<Answer> Conversation::ask(std::string question, const AnswerStyle& style) {
    Message message;
    message.role = "user";
    message.content = std::move(question);
    request_.messages.push_back(std::move(message));

    auto handle = engine_.submit(request_);
    auto answer = handle ? receiveAnswer(std::move(*handle), style) : Outcome<Answer>(failure(handle.error()));
    if (!answer) {
        request_.messages.pop_back();
        return answer;
    }
    Message reply;
    reply.role = "assistant";
    reply.content = answer->text;
    reply.reasoning = answer->reasoning;
    reply.tokens = answer->tokens;
    reply.vocabularyHash = answer->finished.usage.vocabularyHash;
    request_.messages.push_back(std::move(reply));
    return answer;
}

Outcome<void> converse(inference::TextEngine& engine, const ChatOptions& options) {
    const bool prompting = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
    if (prompting) {
        fmt::print(stderr, "{}. Ctrl+C stops an answer, Ctrl+D ends.\n", engine.modelInfo().name);
    }
    Conversation conversation(engine, options);
    bool failed = false;
    std::string line;
    while (true) {
        if (prompting) {
            std::fputs("> ", stderr);
        }
        if (!std::getline(std::cin, line)) {
            break;
        }
        if (line.find_first_not_of(" \t\r") == std::string::npos) {
            continue;
        }
        const auto answer = conversation.ask(line, {.stream = true, .showReasoning = options.showReasoning});
        if (answer) {
            fmt::print(stderr, "{}\n", speedLine(answer->finished));
        } else if (answer.error().message.empty()) {
            return tl::unexpected(answer.error());
        } else {
            fmt::print(stderr, "alcuin: {}\n", answer.error().message);
            failed = true;
        }
    }
    if (prompting) {
        std::fputc('\n', stderr);
    }
    return failed && !prompting ? Outcome<void>(silentFailure()) : Outcome<void>();
}

} // namespace alcuin::cli
