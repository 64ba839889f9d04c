#include "cli/kv_option.h"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace alcuin::cli {

void declareKvOption(CLI::App& command, inference::KvType& kv) {
    using inference::KvType;
    const std::map<std::string, KvType> types{{"bf16", KvType::kBF16}, {"int8", KvType::kInt8}, {"f32", KvType::kF32}};
    command.add_option("--kv", kv, "What keys and values are kept in; int8 takes half of bf16's memory")
        ->transform(CLI::Transformer(types))
        ->option_text("bf16|int8|f32");
}

} // namespace alcuin::cli
