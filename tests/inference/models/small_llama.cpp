#include "small_llama.h"

#include <cmath>
#include <random>
#include <stdexcept>

#include "tensor/dequantize.h"
#include "tensor/quantize.h"

namespace alcuin::tests {

using namespace inference;

namespace {

std::string block(std::size_t layer, const char* name) {
    return "blk." + std::to_string(layer) + "." + name + ".weight";
}

void check(const Result<void>& result) {
    if (!result) {
        throw std::runtime_error(result.error().message);
    }
}

std::vector<std::uint32_t> narrow(const std::vector<std::size_t>& values) {
    return {values.begin(), values.end()};
}

/// Adds random tensors to a writer and notes what their stored bytes mean.
class Maker {
public:
    Maker(GgufWriter& writer, std::map<std::string, std::vector<float>>& tensors)
        : writer_(writer), tensors_(tensors) {}

    void matrix(const std::string& name, DType dtype, std::size_t outputs, std::size_t depth, double gain) {
        const auto spread = static_cast<float>(gain / std::sqrt(static_cast<double>(depth)));
        std::vector<float> numbers(outputs * depth);
        for (float& number : numbers) {
            number = normal_(engine_) * spread;
        }
        add(name, dtype, numbers, depth, {depth, outputs});
    }

    void vector(const std::string& name, std::size_t size, float least, float most) {
        std::uniform_real_distribution<float> uniform(least, most);
        std::vector<float> numbers(size);
        for (float& number : numbers) {
            number = uniform(engine_);
        }
        add(name, DType::kF32, numbers, size, {size});
    }

private:
    void add(const std::string& name, DType dtype, const std::vector<float>& numbers, std::size_t rowSize,
             const std::vector<std::uint64_t>& dimensions) {
        const DTypeInfo& info = infoOf(dtype);
        const std::size_t rowBytes = rowSize / info.blockElements * info.blockBytes;
        std::vector<std::byte> bytes(numbers.size() / rowSize * rowBytes);
        std::vector<float>& kept = tensors_[name];
        kept.resize(numbers.size());
        for (std::size_t r = 0; r < numbers.size() / rowSize; ++r) {
            const auto row = std::span(bytes).subspan(r * rowBytes, rowBytes);
            check(quantizeRow(dtype, std::span(numbers).subspan(r * rowSize, rowSize), row));
            check(dequantizeRow(dtype, row, std::span(kept).subspan(r * rowSize, rowSize)));
        }
        check(writer_.addTensor(name, dtype, dimensions, bytes));
    }

    GgufWriter& writer_;
    std::map<std::string, std::vector<float>>& tensors_;
    std::mt19937 engine_{2024};
    std::normal_distribution<float> normal_;
};

} // namespace

GgufWriter SmallLlama::write() {
    GgufWriter writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("llama.block_count", static_cast<std::uint32_t>(heads.size()));
    writer.set("llama.context_length", static_cast<std::uint32_t>(context));
    writer.set("llama.embedding_length", static_cast<std::uint32_t>(embedding));
    writer.set("llama.attention.head_count", narrow(heads));
    writer.set("llama.attention.head_count_kv", narrow(kvHeads));
    writer.set("llama.attention.key_length", static_cast<std::uint32_t>(headSize));
    writer.set("llama.attention.value_length", static_cast<std::uint32_t>(headSize));
    writer.set("llama.feed_forward_length", narrow(feedForward));
    writer.set("llama.attention.layer_norm_rms_epsilon", 1e-5F);
    writer.set("llama.rope.freq_base", static_cast<float>(ropeBase));
    writer.set("llama.rope.dimension_count", static_cast<std::uint32_t>(ropeDimensions));
    if (ropeStretch != 1) {
        writer.set("llama.rope.scaling.type", std::string("linear"));
        writer.set("llama.rope.scaling.factor", static_cast<float>(ropeStretch));
    }
    Maker make(writer, tensors);
    std::size_t next = 0;
    const auto type = [&] { return mixture.empty() ? matrices : mixture[next++ % mixture.size()]; };
    make.matrix("token_embd.weight", type(), vocabulary, embedding, 8);
    for (std::size_t i = 0; i < heads.size(); ++i) {
        make.vector(block(i, "attn_norm"), embedding, 0.5F, 1.5F);
        make.matrix(block(i, "attn_q"), type(), heads[i] * headSize, embedding, 1.6);
        make.matrix(block(i, "attn_k"), type(), kvHeads[i] * headSize, embedding, 1.6);
        make.matrix(block(i, "attn_v"), type(), kvHeads[i] * headSize, embedding, 1.6);
        make.matrix(block(i, "attn_output"), type(), embedding, heads[i] * headSize, 1.6);
        make.vector(block(i, "ffn_norm"), embedding, 0.5F, 1.5F);
        make.matrix(block(i, "ffn_gate"), type(), feedForward[i], embedding, 1.6);
        make.matrix(block(i, "ffn_up"), type(), feedForward[i], embedding, 1.6);
        make.matrix(block(i, "ffn_down"), type(), embedding, feedForward[i], 1.6);
    }
    make.vector("output_norm.weight", embedding, 0.5F, 1.5F);
    if (ownHead) {
        make.matrix("output.weight", type(), vocabulary, embedding, 2);
    }
    if (frequencyFactors) {
        make.vector("rope_freqs.weight", ropeDimensions / 2, 1, 8);
    }
    return writer;
}

namespace {

using Rows = std::vector<double>;

Rows multiply(const Rows& x, const std::vector<float>& w, std::size_t depth) {
    const std::size_t outputs = w.size() / depth;
    Rows y(x.size() / depth * outputs);
    for (std::size_t r = 0; r < x.size() / depth; ++r) {
        for (std::size_t n = 0; n < outputs; ++n) {
            double sum = 0;
            for (std::size_t k = 0; k < depth; ++k) {
                sum += x[r * depth + k] * static_cast<double>(w[n * depth + k]);
            }
            y[r * outputs + n] = sum;
        }
    }
    return y;
}

Rows normalise(const Rows& x, const std::vector<float>& gamma, bool off) {
    Rows y = x;
    const std::size_t e = gamma.size();
    for (std::size_t r = 0; r < x.size() / e && !off; ++r) {
        double squares = 0;
        for (std::size_t i = 0; i < e; ++i) {
            squares += x[r * e + i] * x[r * e + i];
        }
        const double root = std::sqrt(squares / static_cast<double>(e) + static_cast<double>(1e-5F));
        for (std::size_t i = 0; i < e; ++i) {
            y[r * e + i] = x[r * e + i] / root * static_cast<double>(gamma[i]);
        }
    }
    return y;
}

void turn(const SmallLlama& m, Rows& x, std::size_t heads, const Without& without) {
    const std::size_t width = heads * m.headSize;
    for (std::size_t t = 0; t < x.size() / width && !without.rope; ++t) {
        for (std::size_t h = 0; h < heads; ++h) {
            for (std::size_t i = 0; i < m.ropeDimensions / 2; ++i) {
                double frequency = std::pow(static_cast<double>(static_cast<float>(m.ropeBase)),
                                            -2.0 * static_cast<double>(i) / static_cast<double>(m.ropeDimensions)) /
                                   m.ropeStretch;
                if (m.frequencyFactors && !without.frequencyFactors) {
                    frequency /= static_cast<double>(m.tensors.at("rope_freqs.weight")[i]);
                }
                const double angle = static_cast<double>(t) * frequency;
                double& a = x[t * width + h * m.headSize + 2 * i];
                double& b = x[t * width + h * m.headSize + 2 * i + 1];
                const double turnedA = a * std::cos(angle) - b * std::sin(angle);
                b = a * std::sin(angle) + b * std::cos(angle);
                a = turnedA;
            }
        }
    }
}

Rows attend(const SmallLlama& m, std::size_t layer, const Rows& q, const Rows& k, const Rows& v,
            const Without& without) {
    const std::size_t heads = m.heads[layer];
    const std::size_t kvHeads = m.kvHeads[layer];
    const std::size_t d = m.headSize;
    const std::size_t tokens = q.size() / (heads * d);
    Rows out(q.size());
    for (std::size_t t = 0; t < tokens; ++t) {
        for (std::size_t h = 0; h < heads; ++h) {
            const std::size_t kv = without.grouping ? h % kvHeads : h / (heads / kvHeads);
            const std::size_t visible = without.causality ? tokens : t + 1;
            Rows weight(visible);
            double max = -1e300;
            for (std::size_t j = 0; j < visible; ++j) {
                for (std::size_t i = 0; i < d; ++i) {
                    weight[j] += q[(t * heads + h) * d + i] * k[(j * kvHeads + kv) * d + i];
                }
                weight[j] /= without.scaling ? 1 : std::sqrt(static_cast<double>(d));
                max = std::max(max, weight[j]);
            }
            double sum = 0;
            for (double& w : weight) {
                w = std::exp(w - max);
                sum += w;
            }
            for (std::size_t j = 0; j < visible; ++j) {
                for (std::size_t i = 0; i < d; ++i) {
                    out[(t * heads + h) * d + i] += weight[j] / sum * v[(j * kvHeads + kv) * d + i];
                }
            }
        }
    }
    return out;
}

void add(Rows& x, const Rows& y) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] += y[i];
    }
}

} // namespace

ReferenceRun runReference(const SmallLlama& m, const std::vector<std::int32_t>& tokens, const Without& without) {
    const std::size_t e = m.embedding;
    const auto& embedding = m.tensors.at("token_embd.weight");
    ReferenceRun run;
    Rows x;
    for (const std::int32_t token : tokens) {
        const auto row = embedding.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(token) * e);
        x.insert(x.end(), row, row + static_cast<std::ptrdiff_t>(e));
    }
    for (std::size_t i = 0; i < m.heads.size(); ++i) {
        const auto weight = [&](const char* name) -> const std::vector<float>& { return m.tensors.at(block(i, name)); };
        const Rows normed = normalise(x, weight("attn_norm"), without.norms);
        Rows q = multiply(normed, weight("attn_q"), e);
        Rows k = multiply(normed, weight("attn_k"), e);
        const Rows v = multiply(normed, weight("attn_v"), e);
        turn(m, q, m.heads[i], without);
        turn(m, k, m.kvHeads[i], without);
        const Rows attended = attend(m, i, q, k, v, without);
        add(x, multiply(attended, weight("attn_output"), m.heads[i] * m.headSize));
        const Rows second = normalise(x, weight("ffn_norm"), without.norms);
        Rows gate = multiply(second, weight("ffn_gate"), e);
        const Rows up = multiply(second, weight("ffn_up"), e);
        for (std::size_t j = 0; j < gate.size(); ++j) {
            gate[j] = (without.gate ? 1 : gate[j] / (1 + std::exp(-gate[j]))) * up[j];
        }
        add(x, multiply(gate, weight("ffn_down"), m.feedForward[i]));
        run.hidden.push_back(x);
    }
    const Rows last = normalise(x, m.tensors.at("output_norm.weight"), without.norms);
    run.logits = multiply(last, m.ownHead ? m.tensors.at("output.weight") : embedding, e);
    return run;
}

} // namespace alcuin::tests
