#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"
#include "backends/cpu/avx512/math.h"

namespace alcuin::inference::cpu::avx512 {

void swiglu(const SwigluArgs& args) noexcept {
    for (size_t i = args.begin; i < args.end; i += 16) {
        const __m512 z = _mm512_loadu_ps(args.gate + i);
        const __m512 e = exponential(_mm512_sub_ps(_mm512_setzero_ps(), z));
        const __m512 silu = _mm512_div_ps(z, _mm512_add_ps(_mm512_set1_ps(1.0F), e));
        _mm512_storeu_ps(args.gate + i, _mm512_mul_ps(silu, _mm512_loadu_ps(args.up + i)));
    }
}

} // namespace alcuin::inference::cpu::avx512
