#pragma once

/* Goes in front of the peer's sources on machines with AMX. LDTILECFG reads 64 bytes, but the operand that some
   versions of g++ (12.2 for one) declare for it is 8 bytes long, so they drop the stores to the other 56 as dead, the
   instruction faults, and the peer crashes on every file it puts into AMX buffers. With the whole operand it runs, and
   is measured, as its authors meant it. */
#if defined(__AMX_TILE__) && defined(__cplusplus)
#include <immintrin.h>
#undef _tile_loadconfig
#define _tile_loadconfig(config) __asm__ volatile("ldtilecfg %0" ::"m"(*(const char(*)[64])(config)))
#endif
