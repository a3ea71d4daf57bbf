/* scan_batch.h: count rows of an Arrow text column in batches, as simd/batch.h describes. */
#ifndef SEPTET_SCAN_BATCH_H
#define SEPTET_SCAN_BATCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_row.h"
#include "scan_rows.h"
#include "simd/dispatch.h"

/* Collect views that can be measured together, from `row` up to `stop`. */
static void septet_fill_with_views(const septet_column *column, ptrdiff_t row, ptrdiff_t stop, septet_batch *batch)
{
    const int max_rows = stop - row < SEPTET_BATCH ? (int)(stop - row) : SEPTET_BATCH;
    int i;
    for (i = 0; i < max_rows; i++) {
        const uint8_t *octets = column->rows, *end = octets;
        int64_t length = 0;
        /* The view of a null may be invalid. */
        if (!septet_is_null(column, row + i)
            && septet_read_view(column, row + i, &octets, &length, &end) != SEPTET_FINE)
            break;
        if (length > SEPTET_MAX_BATCH_OCTETS)
            break;
        batch->octets[i] = octets;
        batch->ends[i] = end;
        batch->lengths[i] = (int32_t)length;
    }
    batch->rows = i;
    septet_search_rows(batch);
}

/* The same for consecutive rows, which end before `last`. */
static void septet_fill_with_offsets(const septet_column *column, ptrdiff_t row, ptrdiff_t stop, int64_t last,
                                     septet_batch *batch)
{
    const int max_rows = stop - row < SEPTET_BATCH ? (int)(stop - row) : SEPTET_BATCH;
    const int64_t from = septet_offset(column, row), to = septet_offset(column, row + max_rows);
    septet_plain_map map;
    int64_t limit;
    batch->rows = batch->other_count = 0;
    if (from < 0 || from > last)
        return;
    limit = last - from < SEPTET_BATCH_OCTETS ? last : from + SEPTET_BATCH_OCTETS;
    if (to >= from && to < limit)
        limit = to;
    septet_map_plain(column->values + from, limit - from, &map);
    septet_fill_from_map(column, row, max_rows, limit, last, &map, batch);
}

/* Count rows in batches from `*row` on, until a row is too long for a batch; consecutive rows also until
 * all rows of a batch were plain.
 */
static septet_outcome septet_count_batches(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                           int64_t last, const septet_rules *rules, septet_scratch *scratch,
                                           const septet_facts *facts, ptrdiff_t *row)
{
    const int has_views = column->layout == SEPTET_UTF8_VIEW;
    septet_batch batch;
    do {
        int i, is_open;
        if (has_views)
            septet_fill_with_views(column, *row, stop, &batch);
        else
            septet_fill_with_offsets(column, *row, stop, last, &batch);
        septet_measure_batch(&batch);
        is_open = septet_count_batch(&batch, rules->pairs[0].capacity, rules->code_units);
        for (i = 0; i < batch.rows && rules->clusters != NULL; i++)
            if (batch.segments[i] > 1) {
                const septet_row measured = {!batch.is_ucs2[i], batch.units[i], batch.doubled[i]};
                const septet_capacity capacity = measured.is_gsm7 ? rules->pairs[0].capacity : rules->code_units;
                if (septet_ends_are_certain(batch.octets[i], &measured, batch.lengths[i], capacity, rules->clusters))
                    continue;
                batch.segments[i] = 0;
                is_open = 1;
            }
        memcpy(facts->segments + (*row - first), batch.segments, sizeof(int32_t) * (size_t)batch.rows);
        for (i = 0; i < batch.rows && facts->units != NULL; i++) {
            facts->units[*row - first + i] = batch.units[i];
            facts->encodings[*row - first + i] = (uint8_t)batch.is_ucs2[i];
        }
        for (i = 0; i < batch.rows && is_open; i++) {
            septet_outcome outcome;
            const int is_ascii = !batch.is_ucs2[i] && batch.units[i] - batch.doubled[i] == batch.lengths[i];
            if (batch.segments[i] > 0)
                continue;
            outcome = septet_count_decoded_row(batch.octets[i], batch.lengths[i], is_ascii, rules, scratch, facts,
                                               *row - first + i);
            if (outcome != SEPTET_FINE) {
                *row += i;
                return outcome;
            }
        }
        *row += batch.rows;
    } while (batch.rows > 0 && *row < stop && (has_views || batch.other_count > 0));
    return SEPTET_FINE;
}
static inline int septet_can_batch(const septet_rules *rules)
{
    return septet_use_batches() && rules->pair_count == 1 && rules->allows_ucs2
        && rules->excluded == NULL;
}

#endif
