/* scan_column.h: count the rows of an Arrow text column (utf8, large_utf8, utf8_view).
 *
 * The rows of utf8 are consecutive, and most characters take one septet. So the octets of all rows are
 * searched for the next one that does not. All rows before it need only their lengths; the row that
 * contains it is measured by itself, and the search continues after that row.
 *
 * Buffers come from outside: decreasing offsets and views outside their buffer end the count with an
 * error before anything is read there.
 */
#ifndef SEPTET_SCAN_COLUMN_H
#define SEPTET_SCAN_COLUMN_H

#include <stddef.h>
#include <stdint.h>

#include "cluster_borders.h"
#include "scan_batch.h"
#include "scan_row.h"
#include "scan_rows.h"
#include "simd/dispatch.h"

/* Count a run of rows of one septet a character; return the bitwise or of their lengths. */
static int32_t septet_count_plain_run(const void *offsets, ptrdiff_t count, septet_capacity capacity,
                                      int32_t *segments)
{
    /* Half a unit keeps the quotient away from integers, so single precision rounds it correctly. */
    const float reciprocal = 1.0f / (float)capacity.concatenated;
    const float rounding = (float)capacity.concatenated - 0.5f;
    const int32_t single = (int32_t)capacity.single;
    int32_t joined = 0;
    ptrdiff_t i;
    for (i = 0; i < count; i++) {
        /* Offsets are not trusted: their difference may overflow. */
        const int32_t length = (int32_t)((uint32_t)septet_offset_32(offsets, i + 1)
                                         - (uint32_t)septet_offset_32(offsets, i));
        const int32_t several = (int32_t)(((float)length + rounding) * reciprocal);
        segments[i] = length <= single ? 1 : several;
        joined |= length;
    }
    return joined;
}

#define SEPTET_RUN 16
#define SEPTET_MAX_RUN_OCTETS 0xFFFFF

/* Return how many of `count` rows of one septet a character come before one that must be cut. */
static inline ptrdiff_t septet_uncut_rows(const septet_column *column, ptrdiff_t row, ptrdiff_t count,
                                          septet_capacity capacity, const septet_clusters *clusters,
                                          const int32_t *segments)
{
    ptrdiff_t i;
    for (i = 0; i < count && clusters != NULL; i++) {
        const int64_t begin = septet_offset(column, row + i);
        const ptrdiff_t length = (ptrdiff_t)(septet_offset(column, row + i + 1) - begin);
        const septet_row measured = {1, length, 0};
        if (segments[i] > 1
            && !septet_ends_are_certain(column->values + begin, &measured, length, capacity, clusters))
            return i;
    }
    return count;
}

/* Count the rows from `row` up to `stop` that end by `plain_end`, up to which every character takes one
 * septet; return the next row, which also is one that must be cut.
 */
static inline ptrdiff_t septet_count_plain_rows(const septet_column *column, ptrdiff_t row, ptrdiff_t stop,
                                                int64_t plain_end, septet_capacity capacity,
                                                const septet_clusters *clusters, const septet_facts *facts,
                                                ptrdiff_t first)
{
    int64_t begin;
    if (column->layout == SEPTET_UTF8 && facts->units == NULL) {
        const uint8_t *const offsets = column->rows;
        while (row + SEPTET_RUN <= stop && septet_offset_32(offsets, row + SEPTET_RUN) <= plain_end) {
            int32_t *const segments = facts->segments + (row - first);
            const int32_t joined = septet_count_plain_run(
                offsets + row * (ptrdiff_t)sizeof(int32_t), SEPTET_RUN, capacity, segments);
            ptrdiff_t uncut;
            if (joined < 0 || joined > SEPTET_MAX_RUN_OCTETS)
                break;
            uncut = septet_uncut_rows(column, row, SEPTET_RUN, capacity, clusters, segments);
            row += uncut;
            if (uncut < SEPTET_RUN)
                return row;
        }
    }
    begin = septet_offset(column, row);
    while (row < stop) {
        const int64_t end = septet_offset(column, row + 1);
        int64_t length;
        if (end > plain_end || end < begin || end - begin > SEPTET_MAX_ROW_OCTETS)
            break;
        length = end - begin;
        septet_write_facts(facts, row - first,
                           length <= capacity.single ? 1
                           : (int64_t)((uint32_t)(length + capacity.concatenated - 1) / (uint32_t)capacity.concatenated),
                           length, 0);
        if (septet_uncut_rows(column, row, 1, capacity, clusters, facts->segments + (row - first)) == 0)
            break;
        begin = end;
        row++;
    }
    return row;
}

/* Octets of one search for the next octet that is not plain. */
#define SEPTET_SEARCH_OCTETS 0x1000

static septet_outcome septet_count_offsets(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                           const septet_rules *rules, septet_scratch *scratch,
                                           const septet_facts *facts, ptrdiff_t *row)
{
    const int64_t last = septet_offset(column, stop);
    int64_t searched = septet_offset(column, first);
    *row = first;
    if (searched < 0 || searched > last)
        return SEPTET_OFFSETS_GO_BACK;
    while (*row < stop) {
        septet_outcome outcome = SEPTET_FINE;
        int64_t from, to;
        if (rules->pair_count > 0 && !rules->excludes_plain) {
            const int64_t left = last - searched;
            const int64_t limit = left < SEPTET_SEARCH_OCTETS ? left : SEPTET_SEARCH_OCTETS;
            const int64_t plain = septet_plain_prefix(column->values + searched, limit);
            searched += plain;
            *row = septet_count_plain_rows(column, *row, stop, searched, rules->pairs[0].capacity,
                                           rules->clusters, facts, first);
            if (*row == stop || (plain == limit && searched < last && septet_offset(column, *row + 1) > searched))
                continue;
        }
        from = septet_offset(column, *row);
        to = septet_offset(column, *row + 1);
        if (to < from || to > last)
            return SEPTET_OFFSETS_GO_BACK;
        if (septet_is_null(column, *row))
            septet_write_facts(facts, *row - first, 0, 0, 0);
        else
            outcome = septet_count_row(column->values + from, to - from,
                                       searched > from ? (searched < to ? searched : to) - from : 0,
                                       column->values + last, rules, scratch, facts, *row - first);
        if (outcome != SEPTET_FINE)
            return outcome;
        ++*row;
        if (septet_can_batch(rules)) {
            outcome = septet_count_batches(column, first, stop, last, rules, scratch, facts, row);
            if (outcome != SEPTET_FINE)
                return outcome;
        }
        if (searched < septet_offset(column, *row))
            searched = septet_offset(column, *row);
    }
    return SEPTET_FINE;
}

static septet_outcome septet_count_views(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                         const septet_rules *rules, septet_scratch *scratch,
                                         const septet_facts *facts, ptrdiff_t *row)
{
    for (*row = first; *row < stop; ++*row) {
        const uint8_t *octets, *end;
        int64_t length;
        septet_outcome outcome = SEPTET_FINE;
        if (septet_can_batch(rules))
            outcome = septet_count_batches(column, first, stop, 0, rules, scratch, facts, row);
        if (outcome != SEPTET_FINE || *row == stop)
            return outcome;
        if (septet_is_null(column, *row)) {
            septet_write_facts(facts, *row - first, 0, 0, 0);
            continue;
        }
        outcome = septet_read_view(column, *row, &octets, &length, &end);
        if (outcome == SEPTET_FINE)
            outcome = septet_count_row(octets, (ptrdiff_t)length, 0, end, rules, scratch, facts, *row - first);
        if (outcome != SEPTET_FINE)
            return outcome;
    }
    return SEPTET_FINE;
}

/* Count the rows from `first` up to `stop`; `*row` receives the row of an error, or `stop`. */
static septet_outcome septet_count_column(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                          const septet_rules *rules, const septet_facts *facts,
                                          ptrdiff_t *row)
{
    septet_scratch scratch = {NULL, 0};
    const septet_outcome outcome = column->layout == SEPTET_UTF8_VIEW
        ? septet_count_views(column, first, stop, rules, &scratch, facts, row)
        : septet_count_offsets(column, first, stop, rules, &scratch, facts, row);
    ptrdiff_t null;
    free(scratch.chars);
    /* A null may have octets, which were counted like those of other rows. */
    for (null = first; column->validity != NULL && null < *row; null++)
        if (septet_is_null(column, null))
            septet_write_facts(facts, null - first, 0, 0, 0);
    return outcome;
}

#endif
