/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tile_ops.h"

#ifdef __AVX2__
#include <immintrin.h>

#define WIDE __m256i
#define WIDE_UNPACK(side, bits) _mm256_unpack##side##_epi##bits

static inline WIDE wide_load(const char *from)
{
	return _mm256_loadu_si256((const __m256i *)from);
}

static inline void wide_store(char *to, WIDE v)
{
	_mm256_storeu_si256((__m256i *)to, v);
}

static inline void wide_stream(char *to, WIDE v)
{
	_mm256_stream_si256((__m256i *)to, v);
}

static inline WIDE wide_gather(const char *from, size_t stride)
{
	return _mm256_loadu2_m128i((const __m128i *)(from + stride), (const __m128i *)from);
}

static void fence(void)
{
	_mm_sfence();
}

#include "measure/tile_kernels.h"

const struct barista_tile_ops barista_tile_avx2 = TILE_OPS;
#else
const struct barista_tile_ops barista_tile_avx2 = {0};
#endif
