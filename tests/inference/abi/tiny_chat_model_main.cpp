/// tiny_chat_model FILE: writes a chat model of random weights that loads in a moment, for the programs that test the
/// C interface and may link nothing but it. No token of it ends an answer: each goes on until it is told to stop or its
/// context is full, which takes long enough to do something meanwhile.
#include <cstdint>
#include <cstdio>
#include <string>

#include "../models/small_llama.h"
#include "models/synth_vocabulary.h"

using namespace alcuin::inference;

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("tiny_chat_model FILE\n", stderr);
        return 2;
    }
    constexpr synth::NamedToken kNamed[] = {{0, "<|unused|>"}, {1, "<|turn|>"}, {2, "<|over|>"}};
    constexpr std::size_t kTokens = 384;
    const synth::VocabularyShape shape{
        kTokens,
        3,
        kTokens - 3,
        "smollm",
        kNamed,
        1,
        2,
        2,
        false,
        "{% for message in messages %}<|turn|>{{ message.role }}\n{{ message.content }}<|over|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|turn|>assistant\n{% endif %}"};
    alcuin::tests::SmallLlama model;
    model.vocabulary = kTokens;
    model.context = 32768;
    auto writer = model.write();
    writer.set("general.name", std::string("Tiny"));
    for (const auto& [key, value] : synth::madeUpVocabulary(shape)) {
        if (key != "tokenizer.ggml.eos_token_id") {
            writer.set(key, value);
        }
    }
    if (const auto written = writer.write(argv[1]); !written) {
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
        return 1;
    }
    return 0;
}
