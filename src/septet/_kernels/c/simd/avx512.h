/* avx512.h: rows of UTF-8 under the default tables, many of them at a time, for x86-64.
 *
 * If many rows are not plain, mispredicted branches between the kinds of rows cost more than reading
 * them. So each step handles all rows of a batch in the same way: all are measured as ASCII, then the
 * others are measured in full, then the segments are counted. 64 octets are read at a time; memory after
 * the end of a row is masked out and never read.
 *
 * ASCII is looked up by the octet; a character of two octets by both octets, whose bits must have one in
 * common; the one of three octets, the euro sign, is compared. A row is GSM-7 if this explains each of its
 * octets. Every other row has the count that scan_utf8.h defines.
 */
#ifndef SEPTET_AVX512_H
#define SEPTET_AVX512_H

#if !((defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__))
#error "avx512.h needs GCC or Clang for x86-64; include dispatch.h, which chooses"
#endif

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#include "../scan_tables.h"
#include "../scan_types.h"
#include "../scan_utf8.h"
#include "avx2.h"
#include "batch.h"
#include "nibbles.h"

#define SEPTET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,bmi2,popcnt")))
#define SEPTET_AVX512_INLINE SEPTET_AVX512 __attribute__((always_inline)) static inline

enum { SEPTET_IS_DOUBLED = 1, SEPTET_IS_FOREIGN = 0x80 };

static uint8_t septet_ascii_kinds[128] SEPTET_ALIGNED(64);
/* By the lower six bits of an octet. */
static uint8_t septet_first_bits[64] SEPTET_ALIGNED(64);
static uint8_t septet_second_bits[64] SEPTET_ALIGNED(64);

/* Derive the look-up tables, after septet_derive_octets; return 0 if the processor or the tables do not
 * support batches.
 */
static int septet_derive_batches(void)
{
    uint32_t c;
    int used = 0;
    if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")
        || !__builtin_cpu_supports("avx512vbmi") || !__builtin_cpu_supports("bmi2"))
        return 0;
    for (c = 0; c < 0x80; c++) {
        const int cost = septet_default_cost(c);
        septet_ascii_kinds[c] = cost == 0 ? SEPTET_IS_FOREIGN : cost == 2 ? SEPTET_IS_DOUBLED : 0;
    }
    memset(septet_first_bits, 0, sizeof septet_first_bits);
    memset(septet_second_bits, 0, sizeof septet_second_bits);
    for (c = 0x80; c < 0x800; c++) {
        if (septet_default_cost(c) == 0)
            continue;
        if (septet_first_bits[c >> 6] == 0) {
            if (used == 8)
                return 0;
            septet_first_bits[c >> 6] = (uint8_t)(1 << used++);
        }
        septet_second_bits[c & 0x3F] |= septet_first_bits[c >> 6];
    }
    return 1;
}

/* A bit for each octet of a block that belongs to the row. */
SEPTET_AVX512_INLINE uint64_t septet_row_mask(int32_t length, int block)
{
    const int32_t left = length - block * SEPTET_BLOCK;
    return _bzhi_u64(~UINT64_C(0), (uint32_t)(left < 0 ? 0 : left));
}

SEPTET_AVX512_INLINE int septet_count_bits(__mmask64 mask) { return (int)_mm_popcnt_u64(mask); }

/* Measure a row as ASCII; return whether it is not ASCII in GSM-7. */
SEPTET_AVX512_INLINE int septet_measure_ascii(septet_batch *batch, int row)
{
    const __m512i low = _mm512_load_si512(septet_ascii_kinds);
    const __m512i high = _mm512_load_si512(septet_ascii_kinds + SEPTET_BLOCK);
    const __m512i plain = _mm512_set1_epi8((char)septet_plain_char);
    const __m512i is_doubled = _mm512_set1_epi8(SEPTET_IS_DOUBLED);
    __mmask64 others = 0;
    int doubled = 0, block;
    septet_prefetch_ahead(batch->octets[row]);
#pragma GCC unroll 3
    for (block = 0; block < SEPTET_BLOCKS; block++) {
        const uint64_t within = septet_row_mask(batch->lengths[row], block);
        const __m512i now = _mm512_mask_loadu_epi8(plain, within, batch->octets[row] + block * SEPTET_BLOCK);
        const __m512i kinds = _mm512_permutex2var_epi8(low, now, high);
        others = _kor_mask64(others, _mm512_movepi8_mask(_mm512_or_si512(now, kinds)));
        doubled += septet_count_bits(_mm512_test_epi8_mask(kinds, is_doubled));
    }
    batch->units[row] = batch->lengths[row] + doubled;
    batch->doubled[row] = doubled;
    batch->is_ucs2[row] = 0;
    return !_kortestz_mask64_u8(others, others);
}

/* Measure any row. */
SEPTET_AVX512_INLINE void septet_measure_any(septet_batch *batch, int row)
{
    const __m512i low = _mm512_load_si512(septet_ascii_kinds);
    const __m512i high = _mm512_load_si512(septet_ascii_kinds + SEPTET_BLOCK);
    const __m512i first_bits = _mm512_load_si512(septet_first_bits);
    const __m512i second_bits = _mm512_load_si512(septet_second_bits);
    const __m512i plain = _mm512_set1_epi8((char)septet_plain_char);
    const __m512i from_0xC0 = _mm512_set1_epi8((char)0xC0), from_0xF0 = _mm512_set1_epi8((char)0xF0);
    const int32_t length = batch->lengths[row];
    int beyond_ascii = 0, continuations = 0, astral = 0, doubled = 0, of_two = 0, of_three = 0, block;
    __mmask64 foreign = 0;
#pragma GCC unroll 3
    for (block = 0; block < SEPTET_BLOCKS; block++) {
        const uint64_t within = septet_row_mask(length, block);
        const uint8_t *const octets = batch->octets[row] + block * SEPTET_BLOCK;
        const __m512i now = _mm512_mask_loadu_epi8(plain, within, octets);
        const __m512i previous = _mm512_maskz_loadu_epi8(within & ~(uint64_t)(block == 0 ? 1 : 0), octets - 1);
        const __m512i one_more = _mm512_maskz_loadu_epi8(within & ~(uint64_t)(block == 0 ? 3 : 0), octets - 2);
        const __mmask64 is_beyond = _mm512_movepi8_mask(now);
        const __m512i kinds = _mm512_maskz_permutex2var_epi8(~is_beyond, low, now, high);
        const __mmask64 continues = _mm512_cmplt_epi8_mask(now, from_0xC0);
        const __mmask64 second = _mm512_mask_test_epi8_mask(
            _mm512_mask_cmpge_epu8_mask(continues, previous, from_0xC0),
            _mm512_permutexvar_epi8(previous, first_bits), _mm512_permutexvar_epi8(now, second_bits));
        __mmask64 third = _mm512_cmpeq_epi8_mask(now, _mm512_set1_epi8((char)septet_three_octets[2]));
        third = _mm512_mask_cmpeq_epi8_mask(third, previous, _mm512_set1_epi8((char)septet_three_octets[1]));
        third = _mm512_mask_cmpeq_epi8_mask(third, one_more, _mm512_set1_epi8((char)septet_three_octets[0]));
        foreign = _kor_mask64(foreign, _mm512_movepi8_mask(kinds));
        beyond_ascii += septet_count_bits(is_beyond);
        continuations += septet_count_bits(continues);
        astral += septet_count_bits(_mm512_cmpge_epu8_mask(now, from_0xF0));
        doubled += septet_count_bits(_mm512_test_epi8_mask(kinds, _mm512_set1_epi8(SEPTET_IS_DOUBLED)));
        of_two += septet_count_bits(second);
        of_three += septet_count_bits(third);
    }
    doubled += of_three;
    {
        const int septets = length - of_two - 2 * of_three + doubled;
        const int code_units = length - continuations + astral + (length && septet_is_continuation(*batch->octets[row]));
        const int is_ucs2 = !_kortestz_mask64_u8(foreign, foreign) | (beyond_ascii != 2 * of_two + 3 * of_three);
        /* Without a branch, because both encodings are likely. */
        batch->units[row] = septets + ((code_units - septets) & -is_ucs2);
        batch->doubled[row] = doubled + ((astral - doubled) & -is_ucs2);
        batch->is_ucs2[row] = is_ucs2;
    }
}

/* Measure all rows of a batch; return whether every character of every row takes one septet. */
SEPTET_AVX512 static int septet_measure_batch(septet_batch *batch)
{
    int others[SEPTET_BATCH], other_count = 0, doubled = 0, row, other;
    for (row = 0; row < batch->rows; row++) {
        others[other_count] = row;
        other_count += septet_measure_ascii(batch, row);
        doubled |= batch->doubled[row];
    }
    for (other = 0; other < other_count; other++)
        septet_measure_any(batch, others[other]);
    return other_count == 0 && doubled == 0;
}

/* Count the segments of all rows, with 0 for those whose exact boundaries matter; return whether there are
 * such rows.
 */
SEPTET_AVX512 static int septet_count_batch(const septet_batch *batch, septet_capacity septets,
                                            septet_capacity code_units, int32_t *segments)
{
    const __m512i one = _mm512_set1_epi32(1);
    int open = 0, row;
    for (row = 0; row < batch->rows; row += 16) {
        const __mmask16 wanted = (__mmask16)_bzhi_u32(0xFFFF, (uint32_t)(batch->rows - row));
        const __m512i units = _mm512_maskz_load_epi32(wanted, batch->units + row);
        const __m512i doubled = _mm512_maskz_load_epi32(wanted, batch->doubled + row);
        const __mmask16 is_ucs2 = _mm512_test_epi32_mask(one, _mm512_maskz_load_epi32(wanted, batch->is_ucs2 + row));
        const __m512i single = _mm512_mask_set1_epi32(
            _mm512_set1_epi32((int)septets.single), is_ucs2, (int)code_units.single);
        const __m512i concatenated = _mm512_mask_set1_epi32(
            _mm512_set1_epi32((int)septets.concatenated), is_ucs2, (int)code_units.concatenated);
        /* As in septet_count_plain_run: half a unit keeps the quotient away from integers. */
        const __m512 rounded_up = _mm512_sub_ps(
            _mm512_cvtepi32_ps(_mm512_add_epi32(units, concatenated)), _mm512_set1_ps(0.5f));
        const __m512i several = _mm512_cvttps_epi32(_mm512_div_ps(rounded_up, _mm512_cvtepi32_ps(concatenated)));
        const __m512i fewest = _mm512_mask_mov_epi32(several, _mm512_cmple_epi32_mask(units, single), one);
        /* As in septet_count_segments: so many units fit wherever the boundaries are. */
        const __m512i safe = _mm512_add_epi32(
            _mm512_mullo_epi32(fewest, _mm512_sub_epi32(concatenated, one)), one);
        const __mmask16 unsure = _mm512_cmpgt_epi32_mask(fewest, one)
            & _mm512_test_epi32_mask(doubled, doubled) & _mm512_cmpgt_epi32_mask(units, safe);
        _mm512_mask_storeu_epi32(segments + row, wanted, _mm512_maskz_mov_epi32((__mmask16)~unsure, fewest));
        open |= unsure;
    }
    return open;
}

#endif
