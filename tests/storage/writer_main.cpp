// storage_writer DIRECTORY [BYTES]: asks and answers without end, and says on standard output what is committed:
//   open                      the database is open
//   turn CONV QUESTION ANSWER the question and its answer's row are stored
//   part ANSWER WORDS         so many words of the answer are stored
//   done ANSWER WORDS         the answer is stored and complete
// Made to be killed at any moment by tst_kill. With BYTES no file can grow beyond so many, as on a disk that fills up;
// an error ends it with exit code 10 plus the error's code, its sentence on standard error.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <alcuin/storage/conversation_store.h>
#include <alcuin/storage/database.h>

using namespace alcuin::storage;

namespace {

std::vector<Part> words(int count) {
    Part part;
    for (int i = 0; i < count; ++i) {
        part.text += "word ";
    }
    return {part};
}

void say(const std::string& line) {
    std::fputs((line + '\n').c_str(), stdout);
    std::fflush(stdout);
}

int stopWith(const Error& error) {
    std::fputs((error.message + '\n').c_str(), stderr);
    return 10 + static_cast<int>(error.code);
}

void limitFiles(const char* bytes) {
    std::signal(SIGXFSZ, SIG_IGN); // the write fails instead
    const rlim_t limit = std::strtoull(bytes, nullptr, 10);
    const rlimit both{limit, limit};
    setrlimit(RLIMIT_FSIZE, &both);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 3) {
        return 2;
    }
    if (argc == 3) {
        limitFiles(argv[2]);
    }
    auto database = Database::open(argv[1]);
    if (!database) {
        return stopWith(database.error());
    }
    ConversationStore store(**database);
    if (auto marked = store.markInterrupted(); !marked) {
        return stopWith(marked.error());
    }
    say("open");
    for (int turnNumber = 0;; ++turnNumber) {
        Id conversation;
        std::optional<Id> parent;
        for (int depth = 0; depth < 5; ++depth) {
            auto turn = store.appendTurn(conversation, parent, words(20 + turnNumber % 7 * 100), {});
            if (!turn) {
                return stopWith(turn.error());
            }
            conversation = turn->conversation.id;
            parent = turn->answer.id;
            say("turn " + conversation + ' ' + turn->question.id + ' ' + turn->answer.id);
            int count = 0;
            for (int flush = 0; flush < 4; ++flush) {
                count += 50;
                if (auto flushed = store.flushAnswer(turn->answer.id, words(count), {}); !flushed) {
                    return stopWith(flushed.error());
                }
                say("part " + turn->answer.id + ' ' + std::to_string(count));
            }
            count += 10;
            if (auto done = store.finishAnswer(turn->answer.id, MessageState::kComplete, words(count), {}); !done) {
                return stopWith(done.error());
            }
            say("done " + turn->answer.id + ' ' + std::to_string(count));
        }
    }
}
