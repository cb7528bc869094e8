/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tile_ops.h"

#if defined __AVX512F__ && defined __AVX512BW__
#include <immintrin.h>

#define WIDE __m512i
#define WIDE_UNPACK(side, bits) _mm512_unpack##side##_epi##bits

static inline WIDE wide_load(const char *from)
{
	return _mm512_loadu_si512(from);
}

static inline void wide_store(char *to, WIDE v)
{
	_mm512_storeu_si512(to, v);
}

static inline void wide_stream(char *to, WIDE v)
{
	_mm512_stream_si512((__m512i *)to, v);
}

static inline __m128i load_lane(const char *from)
{
	return _mm_loadu_si128((const __m128i *)from);
}

static inline WIDE wide_gather(const char *from, size_t stride)
{
	WIDE v = _mm512_castsi128_si512(load_lane(from));

	v = _mm512_inserti32x4(v, load_lane(from + stride), 1);
	v = _mm512_inserti32x4(v, load_lane(from + 2 * stride), 2);
	return _mm512_inserti32x4(v, load_lane(from + 3 * stride), 3);
}

static void fence(void)
{
	_mm_sfence();
}

#include "measure/tile_kernels.h"

const struct barista_tile_ops barista_tile_avx512 = TILE_OPS;
#else
const struct barista_tile_ops barista_tile_avx512 = {0};
#endif
