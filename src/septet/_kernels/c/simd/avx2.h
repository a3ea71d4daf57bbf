/* avx2.h: vector code for x86-64, 32 octets at a time: texts of one and two octets a character, and
 * one row of UTF-8. Characters are looked up as nibbles.h describes.
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
#include "../scan_utf8.h"
#include "nibbles.h"

#define SEPTET_AVX2 __attribute__((target("avx2,popcnt")))

static int septet_has_vector(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
}

/* For each of 32 characters, the bits of the tables that have it, or 0. */
SEPTET_AVX2 __attribute__((always_inline)) static inline __m256i septet_table_bits(__m256i chars)
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

SEPTET_AVX2 __attribute__((always_inline)) static inline uint32_t septet_zero_mask(__m256i octets)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(octets, _mm256_setzero_si256()));
}

/* Load 32 characters from `at` on, or fewer at the end of a text of at least 16: the loads then overlap,
 * and `*again` marks the characters that another load or lane has as well.
 */
SEPTET_AVX2 __attribute__((always_inline)) static inline __m256i
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

/* Prefetch two cache lines at the distance that hides the latency of memory. The hardware prefetcher
 * starts too late, and again at each page.
 */
static inline void septet_prefetch_ahead(const uint8_t *octets)
{
    enum { AHEAD = 4096, LINE = 64 };
    const uintptr_t ahead = (uintptr_t)octets + AHEAD; /* may be outside the column */
    __builtin_prefetch((const void *)ahead);
    __builtin_prefetch((const void *)(ahead + LINE));
}

/* For each octet, the bits of the tables if it is ASCII, or 0. */
SEPTET_AVX2 __attribute__((always_inline)) static inline __m256i septet_look_up_ascii(__m256i octets)
{
    const __m256i low_half = _mm256_broadcastsi128_si256(*(const __m128i *)septet_low_half);
    const __m256i rows = _mm256_broadcastsi128_si256(*(const __m128i *)septet_rows);
    const __m256i row = _mm256_and_si256(_mm256_srli_epi16(octets, 4), _mm256_set1_epi8(0x0F));
    return _mm256_and_si256(_mm256_shuffle_epi8(low_half, octets), _mm256_shuffle_epi8(rows, row));
}

SEPTET_AVX2 __attribute__((always_inline)) static inline __m256i septet_plain_at(const uint8_t *octets)
{
    return _mm256_andnot_si256(_mm256_set1_epi8((char)septet_doubled_bits),
                               septet_look_up_ascii(_mm256_loadu_si256((const __m256i *)octets)));
}

SEPTET_AVX2 static ptrdiff_t septet_plain_prefix_vector(const uint8_t *octets, ptrdiff_t length)
{
    ptrdiff_t i = 0;
    for (; i + 128 <= length; i += 128) {
        const __m256i a = septet_plain_at(octets + i), b = septet_plain_at(octets + i + 32);
        const __m256i c = septet_plain_at(octets + i + 64), d = septet_plain_at(octets + i + 96);
        septet_prefetch_ahead(octets + i);
        if (septet_zero_mask(_mm256_min_epu8(_mm256_min_epu8(a, b), _mm256_min_epu8(c, d)))) {
            const uint64_t first = septet_zero_mask(a) | (uint64_t)septet_zero_mask(b) << 32;
            const uint64_t second = septet_zero_mask(c) | (uint64_t)septet_zero_mask(d) << 32;
            return i + (first ? __builtin_ctzll(first) : 64 + __builtin_ctzll(second));
        }
    }
    for (; i + 32 <= length; i += 32) {
        const uint32_t others = septet_zero_mask(septet_plain_at(octets + i));
        if (others)
            return i + __builtin_ctz(others);
    }
    return i + septet_plain_prefix_portable(octets + i, length - i);
}

/* Load `left` octets, but at most 32, and fill up with plain characters. */
SEPTET_AVX2 __attribute__((always_inline)) static inline __m256i
septet_load_octets(const uint8_t *octets, ptrdiff_t left, const uint8_t *end)
{
    static const uint8_t window[64] __attribute__((aligned(32))) = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    };
    uint8_t last[32];
    if (left >= 32)
        return _mm256_loadu_si256((const __m256i *)octets);
    if (end - octets < 32)
        octets = memcpy(last, octets, (size_t)left);
    return _mm256_blendv_epi8(_mm256_set1_epi8((char)septet_plain_char),
                              _mm256_loadu_si256((const __m256i *)octets),
                              _mm256_loadu_si256((const __m256i *)(window + 32 - left)));
}

SEPTET_AVX2 __attribute__((always_inline)) static inline ptrdiff_t septet_count_lanes(__m256i octets)
{
    return _mm_popcnt_u32((uint32_t)_mm256_movemask_epi8(octets));
}

/* Measure a row that is not GSM-7: every octet that is not a continuation begins a character. */
SEPTET_AVX2 static septet_row
septet_measure_ucs2(const uint8_t *octets, ptrdiff_t length, ptrdiff_t plain, const uint8_t *end)
{
    const __m256i from_0xC0 = _mm256_set1_epi8((char)0xC0), from_0xF0 = _mm256_set1_epi8((char)0xF0);
    septet_row row = {0, length, 0};
    ptrdiff_t at;
    for (at = plain; at < length; at += 32) {
        const __m256i now = septet_load_octets(octets + at, length - at, end);
        row.units -= septet_count_lanes(_mm256_cmpgt_epi8(from_0xC0, now));
        row.doubled += septet_count_lanes(_mm256_cmpeq_epi8(_mm256_max_epu8(now, from_0xF0), now));
    }
    row.units += row.doubled + (length > 0 && septet_is_continuation(octets[0]));
    return row;
}

SEPTET_AVX2 static septet_row
septet_measure_row_vector(const uint8_t *octets, ptrdiff_t length, ptrdiff_t plain, const uint8_t *end)
{
    const __m256i first_octet = _mm256_broadcastsi128_si256(*(const __m128i *)septet_first_octet);
    const __m256i second_rows = _mm256_broadcastsi128_si256(*(const __m128i *)septet_second_rows);
    const __m256i second_columns = _mm256_broadcastsi128_si256(*(const __m128i *)septet_second_columns);
    const __m256i doubled_bits = _mm256_set1_epi8((char)septet_doubled_bits);
    const __m256i nibble = _mm256_set1_epi8(0x0F), from_0xC0 = _mm256_set1_epi8((char)0xC0);
    __m256i before = _mm256_setzero_si256();
    ptrdiff_t at, unexplained = 0, of_two = 0, of_three = 0, escaped = 0;
    septet_row row = {1, 0, 0};
    for (at = plain; at < length; at += 32) {
        const __m256i now = septet_load_octets(octets + at, length - at, end);
        const __m256i ascii = septet_look_up_ascii(now);
        const uint32_t beyond_ascii = (uint32_t)_mm256_movemask_epi8(now);
        escaped += _mm_popcnt_u32(~septet_zero_mask(_mm256_and_si256(ascii, doubled_bits)));
        if (beyond_ascii) {
            const __m256i joint = _mm256_permute2x128_si256(before, now, 0x21);
            const __m256i previous = _mm256_alignr_epi8(now, joint, 15);
            /* 0xC0 to 0xCF become 0 to 15, and all others an index for which a shuffle gives 0. */
            const __m256i first = _mm256_adds_epu8(_mm256_xor_si256(previous, from_0xC0), _mm256_set1_epi8(0x70));
            const __m256i second = _mm256_and_si256(
                _mm256_and_si256(
                    _mm256_shuffle_epi8(second_columns, _mm256_and_si256(now, nibble)),
                    _mm256_shuffle_epi8(second_rows, _mm256_and_si256(_mm256_srli_epi16(now, 4), nibble))),
                _mm256_shuffle_epi8(first_octet, first));
            const __m256i third = _mm256_and_si256(
                _mm256_cmpeq_epi8(now, _mm256_set1_epi8((char)septet_three_octets[2])),
                _mm256_and_si256(
                    _mm256_cmpeq_epi8(previous, _mm256_set1_epi8((char)septet_three_octets[1])),
                    _mm256_cmpeq_epi8(_mm256_alignr_epi8(now, joint, 14),
                                      _mm256_set1_epi8((char)septet_three_octets[0]))));
            const ptrdiff_t seconds = _mm_popcnt_u32(~septet_zero_mask(second)), thirds = septet_count_lanes(third);
            unexplained += _mm_popcnt_u32(beyond_ascii) - 2 * seconds - 3 * thirds;
            of_two += seconds;
            of_three += thirds;
        }
        before = now;
        /* The next block can explain at most two octets of this one. */
        if ((septet_zero_mask(ascii) & ~beyond_ascii) || unexplained > 2)
            return septet_measure_ucs2(octets, length, plain, end);
    }
    if (unexplained)
        return septet_measure_ucs2(octets, length, plain, end);
    row.doubled = escaped + of_three;
    row.units = length - of_two - 2 * of_three + row.doubled;
    return row;
}

#endif
