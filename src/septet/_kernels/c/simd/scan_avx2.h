/* scan_avx2.h: the classifiers for x86-64, 32 characters at a time, by scan_nibbles.h. */
#ifndef SEPTET_SCAN_AVX2_H
#define SEPTET_SCAN_AVX2_H

#include <immintrin.h>

#include "scan_nibbles.h"

#define SEPTET_VECTOR "avx2"
#define SEPTET_AVX2 __attribute__((target("avx2,popcnt")))

static int septet_has_vector(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
}

/* For each of 32 characters the bits of the tables that hold it; 0 when none does. */
SEPTET_AVX2 __attribute__((always_inline)) static inline __m256i septet_look_up(__m256i chars)
{
    const __m256i low_half = _mm256_broadcastsi128_si256(*(const __m128i *)septet_low_half);
    const __m256i high_half = _mm256_broadcastsi128_si256(*(const __m128i *)septet_high_half);
    const __m256i rows = _mm256_broadcastsi128_si256(*(const __m128i *)septet_rows);
    /* A shuffle gives 0 where bit 7 of its index is set: so each half answers only for its own. */
    const __m256i column = _mm256_and_si256(chars, _mm256_set1_epi8((char)0x8F));
    const __m256i other = _mm256_xor_si256(column, _mm256_set1_epi8((char)0x80));
    const __m256i row = _mm256_and_si256(_mm256_srli_epi16(chars, 4), _mm256_set1_epi8(0x0F));
    return _mm256_and_si256(
        _mm256_or_si256(_mm256_shuffle_epi8(low_half, column), _mm256_shuffle_epi8(high_half, other)),
        _mm256_shuffle_epi8(rows, row));
}

SEPTET_AVX2 __attribute__((always_inline)) static inline uint32_t septet_zeros(__m256i octets)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(octets, _mm256_setzero_si256()));
}

/* The same for a block of 32 from `text` on, or for fewer at the end of a text of at least 16: the
 * loads then overlap, and `*again` marks what was or will be seen elsewhere.
 */
SEPTET_AVX2 __attribute__((always_inline)) static inline __m256i
septet_load(const uint8_t *text, ptrdiff_t length, ptrdiff_t at, uint32_t *again)
{
    *again = 0;
    if (at + 32 <= length)
        return _mm256_loadu_si256((const __m256i *)(text + at));
    if (length >= 32) {
        *again = ~(uint32_t)(0xFFFFFFFFull << (32 - (length - at)));
        return _mm256_loadu_si256((const __m256i *)(text + length - 32));
    }
    *again = ~(0xFFFFu | (uint32_t)(0xFFFFFFFFull << (48 - length)));
    return _mm256_set_m128i(_mm_loadu_si128((const __m128i *)(text + length - 16)),
                            _mm_loadu_si128((const __m128i *)text));
}

SEPTET_AVX2 static ptrdiff_t septet_classify_1_vector(const uint8_t *text, ptrdiff_t length)
{
    const __m256i doubled_bits = _mm256_set1_epi8((char)septet_doubled_bits);
    __m256i plain = _mm256_set1_epi8((char)0xFF);
    ptrdiff_t at, doubled = 0;
    uint32_t again;
    if (length < 16)
        return septet_classify_1_portable(text, length);

    /* Most texts take one septet a character: ask for that first, once for the whole text. */
    for (at = 0; at < length; at += 32)
        plain = _mm256_min_epu8(plain, _mm256_andnot_si256(
            doubled_bits, septet_look_up(septet_load(text, length, at, &again))));
    if (septet_zeros(plain) == 0)
        return 0;
    for (at = 0; at < length; at += 32) {
        const __m256i bits = septet_look_up(septet_load(text, length, at, &again));
        if (septet_zeros(bits))
            return -1;
        doubled += _mm_popcnt_u32(~septet_zeros(_mm256_and_si256(bits, doubled_bits)) & ~again);
    }
    return doubled;
}

/* Beyond Latin-1 the tables are asked for each character; a plain one stands in for it meanwhile. */
SEPTET_AVX2 static ptrdiff_t septet_classify_2_vector(const uint16_t *text, ptrdiff_t length)
{
    const __m256i latin1 = _mm256_set1_epi16(0xFF);
    const __m256i plain = _mm256_set1_epi16(septet_plain_char);
    const __m256i doubled_bits = _mm256_set1_epi8((char)septet_doubled_bits);
    ptrdiff_t i = 0, doubled = 0;
    if (length < 32)
        return septet_classify_2_portable(text, length);
    while (i < length) {
        const ptrdiff_t at = i + 32 <= length ? i : length - 32;
        const uint32_t again = (uint32_t)((1ull << (i - at)) - 1);
        __m256i a = _mm256_loadu_si256((const __m256i *)(text + at));
        __m256i b = _mm256_loadu_si256((const __m256i *)(text + at + 16));
        const __m256i a_in = _mm256_cmpeq_epi16(_mm256_min_epu16(a, latin1), a);
        const __m256i b_in = _mm256_cmpeq_epi16(_mm256_min_epu16(b, latin1), b);
        uint32_t beyond = ~(uint32_t)_mm256_movemask_epi8(
            _mm256_permute4x64_epi64(_mm256_packs_epi16(a_in, b_in), 0xD8));
        __m256i bits;
        a = _mm256_blendv_epi8(plain, a, a_in);
        b = _mm256_blendv_epi8(plain, b, b_in);
        bits = septet_look_up(_mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xD8));
        if (septet_zeros(bits))
            return -1;
        doubled += _mm_popcnt_u32(~septet_zeros(_mm256_and_si256(bits, doubled_bits)) & ~again);
        for (beyond &= ~again; beyond; beyond &= beyond - 1) {
            const int cost = septet_default_cost(text[at + __builtin_ctz(beyond)]);
            if (cost == 0)
                return -1;
            doubled += cost >> 1;
        }
        i = at + 32;
    }
    return doubled;
}

#endif
