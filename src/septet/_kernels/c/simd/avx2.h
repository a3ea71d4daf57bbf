/* avx2.h: vector code for x86-64, 32 octets at a time: texts of one and two octets a character. Characters
 * are looked up as nibbles.h describes.
 */
#ifndef SEPTET_AVX2_H
#define SEPTET_AVX2_H

#if !((defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__))
#error "avx2.h needs GCC or Clang for x86-64; include dispatch.h, which chooses"
#endif

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../scan_classify.h"
#include "nibbles.h"

#define SEPTET_AVX2 __attribute__((target("avx2,bmi2,popcnt")))
#define SEPTET_AVX2_INLINE SEPTET_AVX2 __attribute__((always_inline)) static inline

static int septet_has_vector(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")
        && __builtin_cpu_supports("popcnt");
}

/* For each of 32 characters, the bits of the tables that have it, or 0. */
SEPTET_AVX2_INLINE __m256i septet_table_bits(__m256i chars)
{
    const __m256i low_half = _mm256_broadcastsi128_si256(*(const __m128i *)septet_low_half);
    const __m256i high_half = _mm256_broadcastsi128_si256(*(const __m128i *)septet_high_half);
    const __m256i rows = _mm256_broadcastsi128_si256(*(const __m128i *)septet_rows);
    /* A shuffle gives 0 where bit 7 of its index is set, so each half matches only its own characters. */
    const __m256i column = _mm256_and_si256(chars, _mm256_set1_epi8((char)0x8F));
    const __m256i other = _mm256_xor_si256(column, _mm256_set1_epi8((char)0x80));
    const __m256i row = _mm256_and_si256(_mm256_srli_epi16(chars, 4), _mm256_set1_epi8(0x0F));
    return _mm256_and_si256(
        _mm256_or_si256(_mm256_shuffle_epi8(low_half, column), _mm256_shuffle_epi8(high_half, other)),
        _mm256_shuffle_epi8(rows, row));
}

SEPTET_AVX2_INLINE uint32_t septet_zero_mask(__m256i octets)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(octets, _mm256_setzero_si256()));
}

/* Load 32 characters from `at` on, or fewer at the end of a text of at least 16: the loads then overlap,
 * and `*again` marks the characters that another load or lane has as well.
 */
SEPTET_AVX2_INLINE __m256i
septet_load_chars(const uint8_t *text, ptrdiff_t length, ptrdiff_t at, uint32_t *again)
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

    /* In most texts every character takes one septet: check that first. */
    for (at = 0; at < length; at += 32)
        plain = _mm256_min_epu8(plain, _mm256_andnot_si256(
            doubled_bits, septet_table_bits(septet_load_chars(text, length, at, &again))));
    if (septet_zero_mask(plain) == 0)
        return 0;
    for (at = 0; at < length; at += 32) {
        const __m256i bits = septet_table_bits(septet_load_chars(text, length, at, &again));
        if (septet_zero_mask(bits))
            return -1;
        doubled += _mm_popcnt_u32(~septet_zero_mask(_mm256_and_si256(bits, doubled_bits)) & ~again);
    }
    return doubled;
}

/* Characters beyond Latin-1 are replaced by a plain one, and looked up one by one. */
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
        bits = septet_table_bits(_mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xD8));
        if (septet_zero_mask(bits))
            return -1;
        doubled += _mm_popcnt_u32(~septet_zero_mask(_mm256_and_si256(bits, doubled_bits)) & ~again);
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
