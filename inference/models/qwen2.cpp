#include "models/architectures.h"

namespace alcuin::inference {

Result<DecoderDescription> describeQwen2(const Metadata& metadata) {
    auto d = describeLlama(metadata);
    if (d) {
        d->rope.pairing = RopePairing::kHalfSplit;
        d->bias = Bias::kQueryKeyValue;
    }
    return d;
}

} // namespace alcuin::inference
