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
#include <stdlib.h>

#include "scan_choice.h"
#include "scan_rows.h"
#include "scan_utf8.h"
#include "simd/dispatch.h"

/* The longest row whose units, at most two for each octet, fit into 32 bits. */
#define SEPTET_MAX_ROW_OCTETS (INT32_MAX / 2)

/* Memory for the code points of one row, reused for all rows. */
typedef struct {
    uint32_t *chars;
    ptrdiff_t capacity;
} septet_scratch;

/* Decode a row to a text of code points, and say whether it is valid UTF-8; return 0 without memory. */
static int septet_decode_row(const uint8_t *octets, ptrdiff_t length, septet_scratch *scratch,
                             septet_text *text, int *is_valid)
{
    static const uint8_t noncharacter[] = {0xEF, 0xBF, 0xBF}; /* SEPTET_INVALID, but valid */
    ptrdiff_t at = 0;
    *is_valid = 1;
    /* Also for an empty row: the address of the characters is never NULL. */
    if (length >= scratch->capacity) {
        const ptrdiff_t capacity = length * 2 + 1;
        uint32_t *chars = realloc(scratch->chars, (size_t)capacity * sizeof *chars);
        if (chars == NULL)
            return 0;
        scratch->chars = chars;
        scratch->capacity = capacity;
    }
    text->data = scratch->chars;
    text->width = 4;
    for (text->length = 0; at < length; text->length++) {
        const ptrdiff_t start = at;
        const uint32_t c = septet_decode_char(octets, length, &at);
        scratch->chars[text->length] = c;
        if (c == SEPTET_INVALID_ASTRAL
            || (c == SEPTET_INVALID && (at - start != 3 || memcmp(octets + start, noncharacter, 3) != 0)))
            *is_valid = 0;
    }
    return 1;
}

/* Count a row under any rules, as a text of code points; ASCII need not be decoded. */
static septet_outcome septet_count_decoded_row(const uint8_t *octets, ptrdiff_t length, int is_ascii,
                                               const septet_rules *rules, septet_scratch *scratch,
                                               const septet_facts *facts, ptrdiff_t row)
{
    septet_text text = {octets, length, 1};
    septet_choice choice;
    int is_valid = 1;
    if (!is_ascii && !septet_decode_row(octets, length, scratch, &text, &is_valid))
        return SEPTET_NO_MEMORY;
    if (!septet_choose(&text, rules, &choice))
        return SEPTET_NO_ENCODING;
    septet_write_facts(facts, row,
                       septet_count_segments(&text, choice.coding, choice.units, choice.capacity,
                                             is_valid ? rules->clusters : NULL),
                       choice.units, choice.pair < 0);
    return SEPTET_FINE;
}

/* Does the row have a character that is excluded or in no table? Then no language can avoid UCS-2. */
static int septet_row_needs_ucs2(const uint8_t *octets, ptrdiff_t length, const septet_rules *rules)
{
    ptrdiff_t at = 0;
    while (at < length) {
        const uint32_t c = septet_decode_char(octets, length, &at);
        if (septet_tables_of(c) == 0 || septet_is_excluded(rules, c))
            return 1;
    }
    return 0;
}

/* Return the segments of a measured row, or 0 if its boundaries or languages must be examined. */
static inline ptrdiff_t septet_count_by_arithmetic(const septet_row *measured, const uint8_t *octets,
                                                   ptrdiff_t length, const septet_rules *rules)
{
    const septet_capacity capacity = measured->is_gsm7 ? rules->pairs[0].capacity : rules->code_units;
    ptrdiff_t segments;
    if (!measured->is_gsm7
        && !(rules->allows_ucs2 && (rules->pair_count == 1 || septet_row_needs_ucs2(octets, length, rules))))
        return 0;
    segments = septet_fewest_segments(measured->units, capacity);
    if (segments > 1 && rules->clusters != NULL)
        return 0;
    if (segments > 1 && measured->doubled > 0 && measured->units > segments * (capacity.concatenated - 1) + 1)
        return 0;
    if (measured->is_gsm7
        && !septet_default_suffices(rules, measured->units - measured->doubled, measured->units, segments))
        return 0;
    return segments;
}

static septet_outcome septet_count_row(const uint8_t *octets, ptrdiff_t length, ptrdiff_t plain,
                                       const uint8_t *end, const septet_rules *rules, septet_scratch *scratch,
                                       const septet_facts *facts, ptrdiff_t row)
{
    int is_ascii = 0;
    if (length > SEPTET_MAX_ROW_OCTETS)
        return SEPTET_TOO_LONG;
    if (rules->pair_count > 0) {
        septet_row measured = septet_measure_row(octets, length, plain, end);
        ptrdiff_t segments;
        if (rules->excluded != NULL && measured.is_gsm7 && septet_row_needs_ucs2(octets, length, rules)) {
            /* No character of the default tables takes two code units. */
            measured.is_gsm7 = 0;
            measured.units -= measured.doubled;
            measured.doubled = 0;
        }
        segments = septet_count_by_arithmetic(&measured, octets, length, rules);
        if (segments > 0) {
            septet_write_facts(facts, row, segments, measured.units, !measured.is_gsm7);
            return SEPTET_FINE;
        }
        is_ascii = measured.is_gsm7 && measured.units - measured.doubled == length;
    }
    return septet_count_decoded_row(octets, length, is_ascii, rules, scratch, facts, row);
}

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

/* Count the rows from `row` up to `stop` that end by `plain_end`, up to which every character takes one
 * septet; return the next row, which also is one of several segments if their ends must be looked at.
 */
static inline ptrdiff_t septet_count_plain_rows(const septet_column *column, ptrdiff_t row, ptrdiff_t stop,
                                                int64_t plain_end, septet_capacity capacity,
                                                int keeps_clusters, const septet_facts *facts,
                                                ptrdiff_t first)
{
    const int64_t max_octets = keeps_clusters ? capacity.single : SEPTET_MAX_ROW_OCTETS;
    int64_t begin;
    if (column->layout == SEPTET_UTF8 && facts->units == NULL && !keeps_clusters) {
        const uint8_t *const offsets = column->rows;
        while (row + SEPTET_RUN <= stop && septet_offset_32(offsets, row + SEPTET_RUN) <= plain_end) {
            const int32_t joined = septet_count_plain_run(
                offsets + row * (ptrdiff_t)sizeof(int32_t), SEPTET_RUN, capacity, facts->segments + (row - first));
            if (joined < 0 || joined > SEPTET_MAX_RUN_OCTETS)
                break;
            row += SEPTET_RUN;
        }
    }
    begin = septet_offset(column, row);
    while (row < stop) {
        const int64_t end = septet_offset(column, row + 1);
        int64_t length;
        if (end > plain_end || end < begin || end - begin > max_octets)
            break;
        length = end - begin;
        septet_write_facts(facts, row - first,
                           length <= capacity.single ? 1
                           : (int64_t)((uint32_t)(length + capacity.concatenated - 1) / (uint32_t)capacity.concatenated),
                           length, 0);
        begin = end;
        row++;
    }
    return row;
}

/* Collect rows that can be measured together, from `row` up to `stop`. */
static inline void septet_fill_batch(const septet_column *column, ptrdiff_t row, ptrdiff_t stop, int64_t last,
                                     septet_batch *batch)
{
    const int max_rows = stop - row < SEPTET_BATCH ? (int)(stop - row) : SEPTET_BATCH;
    int i;
    if (column->layout == SEPTET_UTF8_VIEW) {
        for (i = 0; i < max_rows; i++) {
            const uint8_t *end;
            int64_t length = 0;
            batch->octets[i] = column->rows;
            /* The view of a null may be invalid. */
            if (!septet_is_null(column, row + i)
                && septet_read_view(column, row + i, batch->octets + i, &length, &end) != SEPTET_FINE)
                break;
            if (length > SEPTET_MAX_BATCH_OCTETS)
                break;
            batch->lengths[i] = (int32_t)length;
        }
    } else {
        int64_t from = septet_offset(column, row);
        for (i = 0; i < max_rows; i++) {
            const int64_t to = septet_offset(column, row + i + 1);
            if (from < 0 || to < from || to > last || to - from > SEPTET_MAX_BATCH_OCTETS)
                break;
            batch->octets[i] = column->values + from;
            batch->lengths[i] = (int32_t)(to - from);
            from = to;
        }
    }
    batch->rows = i;
}

/* Count rows in batches from `*row` on, until a row is too long for a batch; consecutive rows also until
 * all rows of a batch were plain.
 */
static septet_outcome septet_count_batches(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                           int64_t last, const septet_rules *rules, septet_scratch *scratch,
                                           const septet_facts *facts, ptrdiff_t *row)
{
    septet_batch batch;
    int is_plain;
    do {
        int32_t *const segments = facts->segments + (*row - first);
        int i, is_open;
        septet_fill_batch(column, *row, stop, last, &batch);
        is_plain = septet_measure_batch(&batch);
        is_open = septet_count_batch(&batch, rules->pairs[0].capacity, rules->code_units, segments);
        for (i = 0; i < batch.rows && rules->clusters != NULL; i++)
            if (segments[i] > 1) {
                segments[i] = 0;
                is_open = 1;
            }
        for (i = 0; i < batch.rows && facts->units != NULL; i++) {
            facts->units[*row - first + i] = batch.units[i];
            facts->encodings[*row - first + i] = (uint8_t)batch.is_ucs2[i];
        }
        for (i = 0; i < batch.rows && is_open; i++) {
            septet_outcome outcome;
            if (segments[i] > 0)
                continue;
            outcome = septet_count_decoded_row(batch.octets[i], batch.lengths[i], 0, rules, scratch, facts,
                                               *row - first + i);
            if (outcome != SEPTET_FINE) {
                *row += i;
                return outcome;
            }
        }
        *row += batch.rows;
    } while (batch.rows == SEPTET_BATCH && !(is_plain && column->layout != SEPTET_UTF8_VIEW));
    return SEPTET_FINE;
}

static inline int septet_can_batch(const septet_rules *rules)
{
    return SEPTET_HAS_BATCHES && septet_use_batches && rules->pair_count == 1 && rules->allows_ucs2
        && rules->excluded == NULL;
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
                                           rules->clusters != NULL, facts, first);
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
