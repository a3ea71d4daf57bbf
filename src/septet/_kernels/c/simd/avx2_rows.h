/* avx2_rows.h: vector code for x86-64, 32 octets at a time: rows of UTF-8, one by one and in batches, which
 * batch.h describes. Characters are looked up as nibbles.h describes.
 */
#ifndef SEPTET_AVX2_ROWS_H
#define SEPTET_AVX2_ROWS_H

#if !((defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__))
#error "avx2_rows.h needs GCC or Clang for x86-64; include dispatch.h, which chooses"
#endif

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../scan_rows.h"
#include "../scan_utf8.h"
#include "avx2.h"
#include "batch.h"
#include "nibbles.h"

/* Prefetch a cache line at the distance that hides the latency of memory. The hardware prefetcher starts too
 * late, and again at each page.
 */
static inline void septet_prefetch_ahead(const uint8_t *octets)
{
    enum { AHEAD = 4096 };
    const uintptr_t ahead = (uintptr_t)octets + AHEAD; /* may be outside the column */
    __builtin_prefetch((const void *)ahead);
}

/* Tables that a loop loads once: stores to memory might change them otherwise. */
typedef struct {
    __m256i columns, rows;
} septet_plain_tables;

SEPTET_AVX2_INLINE __m256i septet_load_table(const uint8_t *table)
{
    return _mm256_broadcastsi128_si256(*(const __m128i *)table);
}

SEPTET_AVX2_INLINE septet_plain_tables septet_load_plain_tables(void)
{
    const septet_plain_tables tables = {
        septet_load_table(septet_low_half),
        _mm256_andnot_si256(_mm256_set1_epi8((char)septet_doubled_bits), septet_load_table(septet_rows)),
    };
    return tables;
}

/* For each octet, the bits that an ASCII character has in both tables, and 0 for others. */
SEPTET_AVX2_INLINE __m256i septet_look_up_ascii(__m256i columns, __m256i rows, __m256i octets)
{
    const __m256i row = _mm256_and_si256(_mm256_srli_epi16(octets, 4), _mm256_set1_epi8(0x0F));
    return _mm256_and_si256(_mm256_shuffle_epi8(columns, octets), _mm256_shuffle_epi8(rows, row));
}

/* Not 0 for each octet that is a plain character. */
SEPTET_AVX2_INLINE __m256i septet_plain_of(septet_plain_tables tables, __m256i octets)
{
    return septet_look_up_ascii(tables.columns, tables.rows, octets);
}

SEPTET_AVX2_INLINE __m256i septet_plain_at(septet_plain_tables tables, const uint8_t *octets)
{
    return septet_plain_of(tables, _mm256_loadu_si256((const __m256i *)octets));
}

SEPTET_AVX2 static ptrdiff_t septet_plain_prefix_vector(const uint8_t *octets, ptrdiff_t length)
{
    const septet_plain_tables tables = septet_load_plain_tables();
    ptrdiff_t i = 0;
    for (; i + 128 <= length; i += 128) {
        const __m256i a = septet_plain_at(tables, octets + i), b = septet_plain_at(tables, octets + i + 32);
        const __m256i c = septet_plain_at(tables, octets + i + 64), d = septet_plain_at(tables, octets + i + 96);
        septet_prefetch_ahead(octets + i);
        septet_prefetch_ahead(octets + i + 64);
        if (septet_zero_mask(_mm256_min_epu8(_mm256_min_epu8(a, b), _mm256_min_epu8(c, d)))) {
            const uint64_t first = septet_zero_mask(a) | (uint64_t)septet_zero_mask(b) << 32;
            const uint64_t second = septet_zero_mask(c) | (uint64_t)septet_zero_mask(d) << 32;
            return i + (first ? __builtin_ctzll(first) : 64 + __builtin_ctzll(second));
        }
    }
    for (; i + 32 <= length; i += 32) {
        const uint32_t others = septet_zero_mask(septet_plain_at(tables, octets + i));
        if (others)
            return i + __builtin_ctz(others);
    }
    if (i > 0 && i < length) {
        /* The last 32 octets: those of them before `i` are plain. */
        const uint32_t others = septet_zero_mask(septet_plain_at(tables, octets + length - 32));
        return others ? length - 32 + __builtin_ctz(others) : length;
    }
    return i + septet_plain_prefix_portable(octets + i, length - i);
}

/* Load `left` octets, but at most 32, and fill up with plain characters. */
SEPTET_AVX2_INLINE __m256i
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

/* Counts for each of 32 lanes: octets that are not an ASCII character of a table; octets that are not the last
 * one of a character of two octets in a table; those of the euro sign; octets that are not an ASCII character of
 * two septets.
 */
typedef struct {
    __m256i before; /* the octets of the previous block */
    __m256i others, not_second, third, not_doubled;
} septet_lanes;

typedef struct {
    __m256i columns, rows, doubled_bits, first_octet, second_columns, second_rows, three_octets[3];
} septet_octet_tables;

SEPTET_AVX2_INLINE septet_octet_tables septet_load_octet_tables(void)
{
    const septet_octet_tables tables = {
        septet_load_table(septet_low_half),
        septet_load_table(septet_rows),
        _mm256_set1_epi8((char)septet_doubled_bits),
        septet_load_table(septet_first_octet),
        septet_load_table(septet_second_columns),
        septet_load_table(septet_second_rows),
        {_mm256_set1_epi8((char)septet_three_octets[0]), _mm256_set1_epi8((char)septet_three_octets[1]),
         _mm256_set1_epi8((char)septet_three_octets[2])},
    };
    return tables;
}

/* Subtracting a mask, which is -1 where it holds, counts. */
SEPTET_AVX2_INLINE septet_lanes septet_add_octets(septet_octet_tables tables, septet_lanes lanes, __m256i now)
{
    const __m256i zero = _mm256_setzero_si256(), nibble = _mm256_set1_epi8(0x0F);
    const __m256i joint = _mm256_permute2x128_si256(lanes.before, now, 0x21);
    const __m256i previous = _mm256_alignr_epi8(now, joint, 15);
    const __m256i row = _mm256_and_si256(_mm256_srli_epi16(now, 4), nibble);
    const __m256i ascii = septet_look_up_ascii(tables.columns, tables.rows, now);
    /* 0xC0 to 0xCF become 0 to 15, and all others an index for which a shuffle gives 0. */
    const __m256i first = _mm256_adds_epu8(_mm256_xor_si256(previous, _mm256_set1_epi8((char)0xC0)),
                                           _mm256_set1_epi8(0x70));
    const __m256i second = _mm256_and_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(tables.second_columns, _mm256_and_si256(now, nibble)),
                         _mm256_shuffle_epi8(tables.second_rows, row)),
        _mm256_shuffle_epi8(tables.first_octet, first));
    const __m256i third = _mm256_and_si256(
        _mm256_cmpeq_epi8(now, tables.three_octets[2]),
        _mm256_and_si256(_mm256_cmpeq_epi8(previous, tables.three_octets[1]),
                         _mm256_cmpeq_epi8(_mm256_alignr_epi8(now, joint, 14), tables.three_octets[0])));
    lanes.before = now;
    lanes.others = _mm256_sub_epi8(lanes.others, _mm256_cmpeq_epi8(ascii, zero));
    lanes.not_doubled = _mm256_sub_epi8(
        lanes.not_doubled, _mm256_cmpeq_epi8(_mm256_and_si256(ascii, tables.doubled_bits), zero));
    lanes.not_second = _mm256_sub_epi8(lanes.not_second, _mm256_cmpeq_epi8(second, zero));
    lanes.third = _mm256_sub_epi8(lanes.third, third);
    return lanes;
}

/* Add up the lanes of each of four counts; each sum has 16 bits of the result. */
SEPTET_AVX2_INLINE uint64_t septet_add_lanes(__m256i a, __m256i b, __m256i c, __m256i d)
{
    const __m256i zero = _mm256_setzero_si256();
    const __m256i four = _mm256_or_si256(
        _mm256_or_si256(_mm256_sad_epu8(a, zero), _mm256_slli_epi64(_mm256_sad_epu8(b, zero), 16)),
        _mm256_or_si256(_mm256_slli_epi64(_mm256_sad_epu8(c, zero), 32),
                        _mm256_slli_epi64(_mm256_sad_epu8(d, zero), 48)));
    const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    return (uint64_t)_mm_cvtsi128_si64(two) + (uint64_t)_mm_extract_epi64(two, 1);
}

SEPTET_AVX2_INLINE ptrdiff_t septet_sum_of(uint64_t sums, int number)
{
    return (ptrdiff_t)(sums >> 16 * number & 0xFFFF);
}

enum { SEPTET_LANE_MAX = 255 };

/* Octets of a row that are measured between checks whether it can still be GSM-7. */
enum { SEPTET_STEP = 256 };

/* Measure a row as GSM-7, from `plain` on. */
SEPTET_AVX2_INLINE septet_row septet_measure_gsm7(septet_octet_tables tables, const uint8_t *octets,
                                                  ptrdiff_t length, ptrdiff_t plain, const uint8_t *end)
{
    const __m256i zero = _mm256_setzero_si256();
    ptrdiff_t unexplained = 0, beyond = 0, doubled = 0, at = plain;
    septet_lanes lanes = {zero, zero, zero, zero, zero};
    septet_row row;
    /* The next block can explain at most two octets of this one. */
    while (at < length && unexplained <= 2) {
        const ptrdiff_t from = at, stop = length - at < SEPTET_STEP ? length : at + SEPTET_STEP;
        ptrdiff_t of_two, of_three;
        uint64_t sums;
        lanes.others = lanes.not_second = lanes.third = lanes.not_doubled = zero;
        for (; at < stop; at += 32)
            lanes = septet_add_octets(tables, lanes, septet_load_octets(octets + at, length - at, end));
        sums = septet_add_lanes(lanes.others, lanes.not_second, lanes.third, lanes.not_doubled);
        of_two = at - from - septet_sum_of(sums, 1);
        of_three = septet_sum_of(sums, 2);
        unexplained += septet_sum_of(sums, 0) - 2 * of_two - 3 * of_three;
        beyond += of_two + 2 * of_three;
        doubled += at - from - septet_sum_of(sums, 3) + of_three;
    }
    row.is_gsm7 = unexplained == 0;
    row.units = length - beyond + doubled;
    row.doubled = doubled;
    return row;
}

/* Measure a row that is not GSM-7: every octet that is not a continuation begins a character. */
SEPTET_AVX2_INLINE septet_row septet_measure_ucs2(const uint8_t *octets, ptrdiff_t length, ptrdiff_t plain,
                                                  const uint8_t *end)
{
    const __m256i from_0xC0 = _mm256_set1_epi8((char)0xC0), from_0xF0 = _mm256_set1_epi8((char)0xF0);
    const __m256i zero = _mm256_setzero_si256();
    septet_row row = {0, length, 0};
    ptrdiff_t at = plain;
    while (at < length) {
        const ptrdiff_t stop = length - at < SEPTET_LANE_MAX * 32 ? length : at + SEPTET_LANE_MAX * 32;
        __m256i continued = zero, astral = zero;
        uint64_t sums;
        for (; at < stop; at += 32) {
            const __m256i now = septet_load_octets(octets + at, length - at, end);
            continued = _mm256_sub_epi8(continued, _mm256_cmpgt_epi8(from_0xC0, now));
            astral = _mm256_sub_epi8(astral, _mm256_cmpeq_epi8(_mm256_max_epu8(now, from_0xF0), now));
        }
        sums = septet_add_lanes(continued, astral, zero, zero);
        row.units -= septet_sum_of(sums, 0);
        row.doubled += septet_sum_of(sums, 1);
    }
    row.units += row.doubled + (length > 0 && septet_is_continuation(octets[0]));
    return row;
}

SEPTET_AVX2 static septet_row
septet_measure_row_vector(const uint8_t *octets, ptrdiff_t length, ptrdiff_t plain, const uint8_t *end)
{
    const septet_row row = septet_measure_gsm7(septet_load_octet_tables(), octets, length, plain, end);
    return row.is_gsm7 ? row : septet_measure_ucs2(octets, length, plain, end);
}

/* A bit for each of 64 octets that is not plain. */
SEPTET_AVX2_INLINE uint64_t septet_others_of(septet_plain_tables tables, __m256i first, __m256i second)
{
    return septet_zero_mask(septet_plain_of(tables, first))
        | (uint64_t)septet_zero_mask(septet_plain_of(tables, second)) << 32;
}

/* Write the map of up to SEPTET_BATCH_OCTETS octets. */
SEPTET_AVX2 static void septet_map_plain_vector(const uint8_t *octets, ptrdiff_t length, septet_plain_map *map)
{
    const septet_plain_tables tables = septet_load_plain_tables();
    const uint8_t *const end = octets + length;
    uint64_t *others = map->others;
    uint32_t *before = map->before, count = 0;
    for (; end - octets >= 64; octets += 64) {
        septet_prefetch_ahead(octets);
        *others = septet_others_of(tables, _mm256_loadu_si256((const __m256i *)octets),
                                   _mm256_loadu_si256((const __m256i *)(octets + 32)));
        *before++ = count;
        count += (uint32_t)_mm_popcnt_u64(*others++);
    }
    {
        const ptrdiff_t left = end - octets, more = left > 32 ? left - 32 : 0;
        *others = septet_others_of(tables, septet_load_octets(octets, left, end),
                                   septet_load_octets(end - more, more, end));
        before[0] = count;
        before[1] = count + (uint32_t)_mm_popcnt_u64(others[0]);
        others[1] = 0;
    }
}

/* Find the rows of a batch that are not plain, one by one. */
SEPTET_AVX2 static void septet_search_rows_vector(septet_batch *batch)
{
    const septet_plain_tables tables = septet_load_plain_tables();
    int row, count = 0;
    for (row = 0; row < batch->rows; row++) {
        const uint8_t *const octets = batch->octets[row];
        const ptrdiff_t length = batch->lengths[row], last = length - 32;
        __m256i plain;
        septet_prefetch_ahead(octets);
        septet_prefetch_ahead(octets + 64);
        if (last < 0) {
            plain = septet_plain_of(tables, septet_load_octets(octets, length, batch->ends[row]));
        } else {
            ptrdiff_t at;
            plain = septet_plain_at(tables, octets + last);
            /* Five blocks of any row, which may overlap, without a branch. */
#pragma GCC unroll 5
            for (at = 0; at < 5 * 32; at += 32)
                plain = _mm256_min_epu8(plain, septet_plain_at(tables, octets + (at < last ? at : last)));
            for (; at < last; at += 32)
                plain = _mm256_min_epu8(plain, septet_plain_at(tables, octets + at));
        }
        batch->others[count] = row;
        count += septet_zero_mask(plain) != 0;
    }
    batch->other_count = count;
}

SEPTET_AVX2 static void septet_measure_others_vector(septet_batch *batch)
{
    const septet_octet_tables tables = septet_load_octet_tables();
    int i, ucs2_count = 0;
    for (i = 0; i < batch->other_count; i++) {
        const int row = batch->others[i];
        const septet_row measured = septet_measure_gsm7(
            tables, batch->octets[row], batch->lengths[row], 0, batch->ends[row]);
        septet_note_row(batch, row, measured);
        batch->others[ucs2_count] = row;
        ucs2_count += !measured.is_gsm7;
    }
    for (i = 0; i < ucs2_count; i++) {
        const int row = batch->others[i];
        septet_note_row(batch, row, septet_measure_ucs2(
            batch->octets[row], batch->lengths[row], 0, batch->ends[row]));
    }
}

SEPTET_AVX2_INLINE __m256i septet_load_8(const int32_t *values)
{
    return _mm256_loadu_si256((const __m256i *)values);
}

/* Count the segments of all rows; return whether there are rows whose exact boundaries matter. */
SEPTET_AVX2 static int septet_count_batch(septet_batch *batch, septet_capacity septets, septet_capacity code_units)
{
    const __m256i one = _mm256_set1_epi32(1), zero = _mm256_setzero_si256();
    __m256i open = zero;
    int row;
    for (row = 0; row < batch->rows; row += SEPTET_BATCH_LANES) {
        const __m256i units = septet_load_8(batch->units + row);
        const __m256i is_ucs2 = _mm256_cmpeq_epi32(septet_load_8(batch->is_ucs2 + row), one);
        const __m256i is_single = _mm256_cmpgt_epi32(one, _mm256_sub_epi32(units, _mm256_blendv_epi8(
            _mm256_set1_epi32((int)septets.single), _mm256_set1_epi32((int)code_units.single), is_ucs2)));
        const __m256i full = _mm256_blendv_epi8(_mm256_set1_epi32((int)septets.concatenated),
                                                _mm256_set1_epi32((int)code_units.concatenated), is_ucs2);
        /* As in septet_count_plain_run: half a unit keeps the quotient away from integers. */
        const __m256 rounded_up = _mm256_sub_ps(_mm256_cvtepi32_ps(_mm256_add_epi32(units, full)),
                                                _mm256_set1_ps(0.5f));
        const __m256i several = _mm256_cvttps_epi32(_mm256_div_ps(rounded_up, _mm256_cvtepi32_ps(full)));
        /* As in septet_count_segments: so many units fit wherever the boundaries are. */
        const __m256i safe = _mm256_add_epi32(_mm256_mullo_epi32(several, _mm256_sub_epi32(full, one)), one);
        const __m256i is_unsure = _mm256_andnot_si256(is_single, _mm256_and_si256(
            _mm256_cmpgt_epi32(septet_load_8(batch->doubled + row), zero), _mm256_cmpgt_epi32(units, safe)));
        const __m256i segments = _mm256_andnot_si256(is_unsure, _mm256_blendv_epi8(several, one, is_single));
        _mm256_storeu_si256((__m256i *)(batch->segments + row), segments);
        open = _mm256_or_si256(open, is_unsure);
    }
    return _mm256_movemask_epi8(open) != 0;
}

/* Fill a batch with consecutive rows from `row` on, and find those that are not plain. `map` is that of the
 * octets from the row up to `limit`; the batch ends with the last row that is before it.
 */
SEPTET_AVX2 static void septet_fill_from_map(const septet_column *column, ptrdiff_t row, int max_rows,
                                             int64_t limit, int64_t last, const septet_plain_map *map,
                                             septet_batch *batch)
{
    const int64_t start = septet_offset(column, row);
    int64_t from = start;
    uint32_t before = 0;
    int i, count = 0;
    for (i = 0; i < max_rows; i++) {
        const int64_t to = septet_offset(column, row + i + 1);
        const uint64_t at = (uint64_t)(to - start);
        uint32_t so_far;
        if (to < from || to > limit)
            break;
        so_far = map->before[at >> 6] + (uint32_t)_mm_popcnt_u64(_bzhi_u64(map->others[at >> 6], at & 63));
        batch->octets[i] = column->values + from;
        batch->ends[i] = column->values + last;
        batch->lengths[i] = (int32_t)(to - from);
        batch->others[count] = i;
        count += so_far != before;
        before = so_far;
        from = to;
    }
    batch->rows = i;
    batch->other_count = count;
}

#endif
