/* avx512.h: rows of UTF-8 under the default tables, many of them at a time, for x86-64.
 *
 * batch.h describes the steps. 64 octets are read at a time; memory after the end of a row is masked out
 * and never read.
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
#include "avx2_rows.h"
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
static int septet_derive_wide(void)
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

enum { SEPTET_BLOCK = 64 };

/* A bit for each octet of a block that belongs to a row with so many octets left. */
SEPTET_AVX512_INLINE __mmask64 septet_row_mask(int32_t left)
{
    return _bzhi_u64(~UINT64_C(0), (uint32_t)(left < SEPTET_BLOCK ? left : SEPTET_BLOCK));
}

SEPTET_AVX512_INLINE int septet_count_bits(__mmask64 mask) { return (int)_mm_popcnt_u64(mask); }

/* Tables that a loop loads once: stores to memory might change them otherwise. */
typedef struct {
    __m512i low, high;
} septet_kind_tables;

SEPTET_AVX512_INLINE septet_kind_tables septet_load_kind_tables(void)
{
    const septet_kind_tables tables = {
        _mm512_load_si512(septet_ascii_kinds), _mm512_load_si512(septet_ascii_kinds + SEPTET_BLOCK),
    };
    return tables;
}

SEPTET_AVX512_INLINE __m512i septet_kinds_of(septet_kind_tables tables, __m512i octets)
{
    return _mm512_permutex2var_epi8(tables.low, octets, tables.high);
}

/* Load the octets that a mask selects, and plain characters for the others. */
SEPTET_AVX512_INLINE __m512i septet_load_block(const uint8_t *octets, __mmask64 within)
{
    return _mm512_mask_loadu_epi8(_mm512_set1_epi8((char)septet_plain_char), within, octets);
}

/* Measure a row as GSM-7. */
SEPTET_AVX512_INLINE septet_row septet_measure_gsm7_wide(septet_kind_tables tables, const uint8_t *octets,
                                                         int32_t length)
{
    const __m512i first_bits = _mm512_load_si512(septet_first_bits);
    const __m512i second_bits = _mm512_load_si512(septet_second_bits);
    const __m512i from_0xC0 = _mm512_set1_epi8((char)0xC0);
    ptrdiff_t unexplained = 0, beyond = 0, doubled = 0;
    __mmask64 foreign = 0, before = 1, one_before = 3;
    septet_row row;
    int32_t at = 0;
    /* The next block can explain at most two octets of this one. */
    while (at < length && unexplained <= 2) {
        const int32_t stop = length - at < SEPTET_STEP ? length : at + SEPTET_STEP;
        for (; at < stop; at += SEPTET_BLOCK) {
            const __mmask64 within = septet_row_mask(length - at);
            const __m512i now = septet_load_block(octets + at, within);
            const __m512i previous = _mm512_maskz_loadu_epi8(within & ~before, octets + at - 1);
            const __m512i one_more = _mm512_maskz_loadu_epi8(within & ~one_before, octets + at - 2);
            const __mmask64 is_beyond = _mm512_movepi8_mask(now);
            const __m512i kinds = _mm512_maskz_mov_epi8(~is_beyond, septet_kinds_of(tables, now));
            const __mmask64 second = _mm512_mask_test_epi8_mask(
                _mm512_mask_cmpge_epu8_mask(_mm512_cmplt_epi8_mask(now, from_0xC0), previous, from_0xC0),
                _mm512_permutexvar_epi8(previous, first_bits), _mm512_permutexvar_epi8(now, second_bits));
            __mmask64 third = _mm512_cmpeq_epi8_mask(now, _mm512_set1_epi8((char)septet_three_octets[2]));
            ptrdiff_t of_two, of_three;
            third = _mm512_mask_cmpeq_epi8_mask(third, previous, _mm512_set1_epi8((char)septet_three_octets[1]));
            third = _mm512_mask_cmpeq_epi8_mask(third, one_more, _mm512_set1_epi8((char)septet_three_octets[0]));
            of_two = septet_count_bits(second);
            of_three = septet_count_bits(third);
            foreign = _kor_mask64(foreign, _mm512_movepi8_mask(kinds));
            unexplained += septet_count_bits(is_beyond) - 2 * of_two - 3 * of_three;
            beyond += of_two + 2 * of_three;
            doubled += of_three
                + septet_count_bits(_mm512_test_epi8_mask(kinds, _mm512_set1_epi8(SEPTET_IS_DOUBLED)));
            before = one_before = 0;
        }
    }
    row.is_gsm7 = (foreign == 0) & (unexplained == 0);
    row.units = length - beyond + doubled;
    row.doubled = doubled;
    return row;
}

/* Measure a row that is not GSM-7: every octet that is not a continuation begins a character. */
SEPTET_AVX512_INLINE septet_row septet_measure_ucs2_wide(const uint8_t *octets, int32_t length)
{
    const __m512i from_0xC0 = _mm512_set1_epi8((char)0xC0), from_0xF0 = _mm512_set1_epi8((char)0xF0);
    septet_row row = {0, length, 0};
    int32_t at;
    for (at = 0; at < length; at += SEPTET_BLOCK) {
        const __m512i now = septet_load_block(octets + at, septet_row_mask(length - at));
        row.units -= septet_count_bits(_mm512_cmplt_epi8_mask(now, from_0xC0));
        row.doubled += septet_count_bits(_mm512_cmpge_epu8_mask(now, from_0xF0));
    }
    row.units += row.doubled + (length > 0 && septet_is_continuation(octets[0]));
    return row;
}

SEPTET_AVX512_INLINE __mmask64 septet_others_in(septet_kind_tables tables, __m512i octets)
{
    const __m512i beyond = _mm512_and_si512(octets, _mm512_set1_epi8((char)0x80));
    const __m512i others = _mm512_or_si512(beyond, septet_kinds_of(tables, octets));
    return _mm512_test_epi8_mask(others, others);
}

/* Write the map of up to SEPTET_BATCH_OCTETS octets. */
SEPTET_AVX512 static void septet_map_plain_wide(const uint8_t *octets, ptrdiff_t length, septet_plain_map *map)
{
    const septet_kind_tables tables = septet_load_kind_tables();
    const uint8_t *const end = octets + length;
    uint64_t *others = map->others;
    uint32_t *before = map->before, count = 0;
    for (; end - octets >= SEPTET_BLOCK; octets += SEPTET_BLOCK) {
        septet_prefetch_ahead(octets);
        *others = septet_others_in(tables, _mm512_loadu_si512(octets));
        *before++ = count;
        count += (uint32_t)_mm_popcnt_u64(*others++);
    }
    *others = septet_others_in(tables, septet_load_block(octets, septet_row_mask((int32_t)(end - octets))));
    before[0] = count;
    before[1] = count + (uint32_t)_mm_popcnt_u64(others[0]);
    others[1] = 0;
}

/* Find the rows of a batch that are not plain, one by one. */
SEPTET_AVX512 static void septet_search_rows_wide(septet_batch *batch)
{
    const septet_kind_tables tables = septet_load_kind_tables();
    int row, count = 0;
    for (row = 0; row < batch->rows; row++) {
        const uint8_t *const octets = batch->octets[row];
        const int32_t length = batch->lengths[row];
        const __mmask64 within = septet_row_mask(length);
        const int32_t last = length < SEPTET_BLOCK ? 0 : length - SEPTET_BLOCK;
        const int32_t second = last < SEPTET_BLOCK ? last : SEPTET_BLOCK;
        /* Three blocks of any row, which may overlap, without a branch. */
        __mmask64 others = septet_others_in(tables, septet_load_block(octets, within))
            | septet_others_in(tables, septet_load_block(octets + second, within))
            | septet_others_in(tables, septet_load_block(octets + last, within));
        int32_t at;
        septet_prefetch_ahead(octets);
        septet_prefetch_ahead(octets + SEPTET_BLOCK);
        for (at = 2 * SEPTET_BLOCK; at < last; at += SEPTET_BLOCK)
            others |= septet_others_in(tables, _mm512_loadu_si512(octets + at));
        batch->others[count] = row;
        count += others != 0;
    }
    batch->other_count = count;
}

SEPTET_AVX512 static void septet_measure_others_wide(septet_batch *batch)
{
    const septet_kind_tables tables = septet_load_kind_tables();
    int i, ucs2_count = 0;
    for (i = 0; i < batch->other_count; i++) {
        const int row = batch->others[i];
        const septet_row measured = septet_measure_gsm7_wide(tables, batch->octets[row], batch->lengths[row]);
        septet_note_row(batch, row, measured);
        batch->others[ucs2_count] = row;
        ucs2_count += !measured.is_gsm7;
    }
    for (i = 0; i < ucs2_count; i++) {
        const int row = batch->others[i];
        septet_note_row(batch, row, septet_measure_ucs2_wide(batch->octets[row], batch->lengths[row]));
    }
}

#endif
