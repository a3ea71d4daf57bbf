/* rewrite_column.h: replace characters in the rows of an Arrow text column.
 *
 * Most rows need no replacement. So the rows are counted first, a slice at a time that stays in the
 * processor's cache; only those in UCS-2 are decoded, and the octets between the rows that change are copied
 * as one block. Rows that are not UTF-8 end the work with an error.
 */
#ifndef SEPTET_REWRITE_COLUMN_H
#define SEPTET_REWRITE_COLUMN_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "counting.h"
#include "replacement_table.h"
#include "scan_rows.h"
#include "scan_types.h"
#include "valid_utf8.h"

enum { SEPTET_REWRITE_SLICE = 2048, SEPTET_ASCII_BLOCK = 8 };

typedef enum { SEPTET_HELPS, SEPTET_CHEAPER, SEPTET_ALWAYS } septet_when;

/* How rewriting a row ended. */
typedef enum {
    SEPTET_ROW_STAYS,
    SEPTET_ROW_CHANGES,
    SEPTET_ROW_NOT_UTF8,
    SEPTET_ROW_NO_MEMORY,
    SEPTET_ROW_FAILED /* the caller knows why */
} septet_row_end;

typedef struct {
    uint32_t *chars;
    ptrdiff_t length, capacity;
} septet_chars;

/* How the rows of a column are rewritten; also memory that is used again for each row. */
typedef struct septet_rewriter {
    /* What replaces characters, and the same without Greek capitals, for texts that need one which is not
     * available. Without the first, `rewrite` rewrites each text. Without the second, none is needed.
     */
    septet_replacement_table *table;
    septet_replacement_table *without_greek;
    /* Put the decoded text into `rewritten`, with replacements; STAYS, CHANGES or FAILED. */
    septet_row_end (*rewrite)(struct septet_rewriter *rewriter, septet_when when);
    void *owner;
    const septet_rules *rules;
    const septet_rules *tables_only; /* to find the rows with characters to replace */
    septet_counting counting;
    septet_when when;
    int allows_surrogates; /* lone ones, encoded in three octets */
    septet_chars text, result;
    septet_rewritten rewritten;
    septet_facts facts; /* of SEPTET_REWRITE_SLICE rows */
} septet_rewriter;

/* Where rewritten rows go. `reserve` makes room for so many octets in all, and returns 0 without memory. */
typedef struct septet_row_output {
    uint8_t *octets;
    int64_t length, capacity;
    int64_t *offsets;  /* after each row */
    uint8_t *replaced; /* 1 for each row that changes; zeros before */
    int (*reserve)(struct septet_row_output *output, int64_t capacity);
    void *owner;
} septet_row_output;

/* Is a row UTF-8, or would it be without lone surrogates if these are allowed? */
static int septet_is_row_valid(const septet_rewriter *rewriter, const uint8_t *octets, ptrdiff_t length)
{
    ptrdiff_t at = 0, size;
    if (rewriter->counting.is_utf8(octets, length))
        return 1;
    for (; at < length; at += size) {
        size = septet_valid_length(octets + at, length - at);
        if (size == 0 && rewriter->allows_surrogates && length - at >= 3 && octets[at] == 0xED
            && (octets[at + 1] & 0xE0) == 0xA0 && (octets[at + 2] & 0xC0) == 0x80)
            size = 3;
        if (size == 0)
            return 0;
    }
    return 1;
}

/* Decode the character at `*octets`, which is valid, and move `*octets` after it. */
static inline uint32_t septet_decode_valid(const uint8_t **octets)
{
    const uint8_t *const at = *octets;
    if (at[0] < 0x80) {
        *octets += 1;
        return at[0];
    }
    if (at[0] < 0xE0) {
        *octets += 2;
        return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
    }
    if (at[0] < 0xF0) {
        *octets += 3;
        return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    }
    *octets += 4;
    return (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
}

/* Are the next SEPTET_ASCII_BLOCK octets ASCII? */
static inline int septet_is_ascii_block(const uint8_t *octets)
{
    uint64_t eight;
    memcpy(&eight, octets, sizeof eight);
    return (eight & UINT64_C(0x8080808080808080)) == 0;
}

/* Decode valid octets; return 0 without memory. */
static int septet_decode_octets(const uint8_t *octets, ptrdiff_t length, septet_chars *text)
{
    const uint8_t *const stop = octets + length;
    uint32_t *next;
    if (length >= text->capacity) {
        const ptrdiff_t capacity = length + length / 8 + SEPTET_ASCII_BLOCK;
        uint32_t *const chars = realloc(text->chars, (size_t)capacity * sizeof *chars);
        if (chars == NULL)
            return 0;
        text->chars = chars;
        text->capacity = capacity;
    }
    next = text->chars;
    while (octets < stop) {
        *next++ = septet_decode_valid(&octets);
        while (stop - octets >= SEPTET_ASCII_BLOCK && septet_is_ascii_block(octets)) {
            int i;
            for (i = 0; i < SEPTET_ASCII_BLOCK; i++)
                next[i] = octets[i];
            next += SEPTET_ASCII_BLOCK;
            octets += SEPTET_ASCII_BLOCK;
        }
    }
    text->length = next - text->chars;
    return 1;
}

/* Has a valid row a character that no table replaces, whatever is beside it, before the first one that is
 * replaced? 1 or 0; -1 after an error. Most rows that stay as they are have one soon.
 */
static int septet_surely_stays(septet_replacement_table *table, const uint8_t *octets, ptrdiff_t length)
{
    const uint8_t *const stop = octets + length;
    while (octets < stop) {
        const septet_replacement *found;
        if (stop - octets >= SEPTET_ASCII_BLOCK && septet_is_ascii_block(octets)) {
            octets += SEPTET_ASCII_BLOCK;
            continue;
        }
        found = septet_replacement_of(table, septet_decode_valid(&octets));
        if (found == NULL)
            return -1;
        if (found->flags & SEPTET_IS_AVAILABLE)
            continue;
        if (found->flags & (SEPTET_IS_CHANGED | SEPTET_IS_ATTACHED | SEPTET_CONTEXT))
            return 0;
        if (octets == stop)
            return 1;
        found = septet_replacement_of(table, septet_decode_valid(&octets));
        return found == NULL ? -1 : !(found->flags & SEPTET_IS_ATTACHED);
    }
    return 0;
}

static inline septet_text_facts septet_count_chars(const septet_rewriter *rewriter, const septet_chars *chars)
{
    const septet_text text = {chars->chars, chars->length, 4};
    return rewriter->counting.count_text(&text, rewriter->rules);
}

/* Count the rewritten text; return 0 without memory. */
static int septet_count_rewritten(septet_rewriter *rewriter, septet_text_facts *facts)
{
    const septet_rewritten *const rewritten = &rewriter->rewritten;
    const septet_rules *const rules = rewriter->rules;
    if (rewriter->table != NULL) {
        facts->is_ucs2 = (rewritten->flags & SEPTET_IS_LACKING) != 0;
        facts->units = facts->is_ucs2 ? rewritten->code_units : rewritten->septets;
        facts->segments = facts->is_ucs2 && !rules->allows_ucs2 ? 0 : septet_segments_by_units(
            facts->units, facts->is_ucs2 ? rules->code_units : rules->pairs[0].capacity, rules->clusters != NULL);
        if (facts->segments > 0)
            return 1;
    }
    if (!septet_decode_octets(rewritten->octets.octets, (ptrdiff_t)rewritten->octets.length, &rewriter->result))
        return 0;
    *facts = septet_count_chars(rewriter, &rewriter->result);
    return 1;
}

/* Does the text need a Greek capital that is not available? 1 or 0; -1 after an error. */
static int septet_needs_missing_capital(septet_replacement_table *table, const septet_chars *text)
{
    uint32_t any = 0;
    ptrdiff_t i;
    for (i = 0; i < text->length; i++) {
        const septet_replacement *const found = septet_replacement_of(table, text->chars[i]);
        if (found == NULL)
            return -1;
        any |= found->flags;
    }
    return (any & (any & SEPTET_IS_ATTACHED ? SEPTET_IS_MISSING_COMPOSED : SEPTET_IS_MISSING)) != 0;
}

/* Rewrite the decoded text by a table. */
static septet_row_end septet_rewrite_by_table(septet_rewriter *rewriter, int wants_available)
{
    septet_replacement_table *table = rewriter->table;
    if (rewriter->without_greek != NULL) {
        const int is_missing = septet_needs_missing_capital(table, &rewriter->text);
        if (is_missing < 0)
            return SEPTET_ROW_FAILED;
        if (is_missing)
            table = rewriter->without_greek;
    }
    if (!septet_rewrite_text(table, rewriter->text.chars, rewriter->text.length, wants_available,
                             &rewriter->rewritten))
        return SEPTET_ROW_FAILED;
    return rewriter->rewritten.flags & SEPTET_IS_CHANGED ? SEPTET_ROW_CHANGES : SEPTET_ROW_STAYS;
}

/* Rewrite a row, if that is better. */
static septet_row_end septet_rewrite_row(septet_rewriter *rewriter, const uint8_t *octets, ptrdiff_t length)
{
    const int helps = rewriter->when == SEPTET_HELPS;
    septet_text_facts before, after;
    septet_row_end end;
    if (!septet_is_row_valid(rewriter, octets, length))
        return SEPTET_ROW_NOT_UTF8;
    if (rewriter->rules->pair_count == 0)
        return SEPTET_ROW_STAYS;
    if (helps && rewriter->table != NULL && rewriter->without_greek == NULL) {
        const int stays = septet_surely_stays(rewriter->table, octets, length);
        if (stays != 0)
            return stays < 0 ? SEPTET_ROW_FAILED : SEPTET_ROW_STAYS;
    }
    if (!septet_decode_octets(octets, length, &rewriter->text))
        return SEPTET_ROW_NO_MEMORY;
    if (rewriter->table == NULL)
        return rewriter->rewrite(rewriter, rewriter->when);
    end = septet_rewrite_by_table(rewriter, helps);
    if (end != SEPTET_ROW_CHANGES || rewriter->when == SEPTET_ALWAYS)
        return end;
    if (helps && rewriter->rewritten.flags & SEPTET_IS_LACKING)
        return SEPTET_ROW_STAYS;
    if (!septet_count_rewritten(rewriter, &after))
        return SEPTET_ROW_NO_MEMORY;
    if (helps && after.segments == 1)
        return SEPTET_ROW_CHANGES;
    before = septet_count_chars(rewriter, &rewriter->text);
    if (helps)
        return before.segments == 0 || after.segments <= before.segments ? SEPTET_ROW_CHANGES : SEPTET_ROW_STAYS;
    if (before.segments == 0 || after.segments == 0) /* an error, which names the character */
        return rewriter->rewrite(rewriter, rewriter->when);
    return after.segments < before.segments ? SEPTET_ROW_CHANGES : SEPTET_ROW_STAYS;
}

static int septet_reserve_output(septet_row_output *output, int64_t more)
{
    const int64_t needed = output->length + more;
    return needed <= output->capacity || output->reserve(output, needed + needed / 8);
}

/* Copy the rows from `first` up to `stop` as they are; `offsets` receives where each of them ends. */
static septet_row_end septet_copy_rows(const septet_column *column, ptrdiff_t first, ptrdiff_t stop, int64_t last,
                                       septet_row_output *output, int64_t *offsets)
{
    ptrdiff_t row;
    if (column->layout == SEPTET_UTF8_VIEW) {
        for (row = first; row < stop; row++) {
            const uint8_t *octets;
            int64_t length;
            if (septet_read_nullable_row(column, row, last, &octets, &length) != SEPTET_FINE)
                length = 0; /* it was in range when it was counted */
            if (!septet_reserve_output(output, length))
                return SEPTET_ROW_NO_MEMORY;
            if (length > 0)
                memcpy(output->octets + output->length, octets, (size_t)length);
            *offsets++ = output->length += length;
        }
    } else if (first < stop) {
        const int64_t from = septet_offset(column, first), to = septet_offset(column, stop);
        const int64_t shift = output->length - from;
        if (from < 0 || to < from || to > last)
            return SEPTET_ROW_FAILED;
        if (!septet_reserve_output(output, to - from))
            return SEPTET_ROW_NO_MEMORY;
        if (to > from)
            memcpy(output->octets + output->length, column->values + from, (size_t)(to - from));
        output->length += to - from;
        if (column->layout == SEPTET_UTF8)
            for (row = first; row < stop; row++)
                *offsets++ = septet_offset_32(column->rows, row + 1) + shift;
        else
            for (row = first; row < stop; row++)
                *offsets++ = septet_offset(column, row + 1) + shift;
    }
    return SEPTET_ROW_STAYS;
}

/* Rewrite the rows from `first` up to `stop`. `*row` receives the row that ended the work, and `*outcome` why it
 * could not be counted; otherwise the result says it.
 */
static septet_row_end septet_rewrite_rows(septet_rewriter *rewriter, const septet_column *column, ptrdiff_t first,
                                          ptrdiff_t stop, septet_row_output *output, septet_outcome *outcome,
                                          ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    ptrdiff_t slice, slice_stop;
    for (slice = first; slice < stop; slice = slice_stop) {
        const uint8_t *found = rewriter->facts.encodings;
        ptrdiff_t copied = slice;
        slice_stop = stop - slice < SEPTET_REWRITE_SLICE ? stop : slice + SEPTET_REWRITE_SLICE;
        *outcome = rewriter->counting.count_column(column, slice, slice_stop, rewriter->tables_only,
                                                   &rewriter->facts, row);
        if (*outcome != SEPTET_FINE)
            return SEPTET_ROW_FAILED;
        for (;;) {
            const ptrdiff_t seen = found - rewriter->facts.encodings;
            const uint8_t *octets;
            int64_t length;
            septet_row_end end;
            found = memchr(found, 1, (size_t)(slice_stop - slice - seen));
            if (found == NULL)
                break;
            *row = slice + (found++ - rewriter->facts.encodings);
            *outcome = septet_read_nullable_row(column, *row, last, &octets, &length);
            if (*outcome != SEPTET_FINE)
                return SEPTET_ROW_FAILED;
            end = septet_rewrite_row(rewriter, octets, (ptrdiff_t)length);
            if (end == SEPTET_ROW_STAYS)
                continue;
            if (end != SEPTET_ROW_CHANGES)
                return end;
            end = septet_copy_rows(column, copied, *row, last, output, output->offsets + (copied - first));
            if (end != SEPTET_ROW_STAYS)
                return end;
            length = (int64_t)rewriter->rewritten.octets.length;
            if (!septet_reserve_output(output, length))
                return SEPTET_ROW_NO_MEMORY;
            if (length > 0)
                memcpy(output->octets + output->length, rewriter->rewritten.octets.octets, (size_t)length);
            output->offsets[*row - first] = output->length += length;
            output->replaced[*row - first] = 1;
            copied = *row + 1;
        }
        *row = copied;
        if (septet_copy_rows(column, copied, slice_stop, last, output, output->offsets + (copied - first))
            != SEPTET_ROW_STAYS)
            return SEPTET_ROW_NO_MEMORY;
    }
    return SEPTET_ROW_STAYS;
}

/* Count the rows with `encodings[row - first] == 1` after all replacements, better or not; the facts of other
 * rows stay as they are. A row has 0 segments if the rules allow no encoding for it.
 */
static septet_row_end septet_measure_rewritten_rows(septet_rewriter *rewriter, const septet_column *column,
                                                    ptrdiff_t first, ptrdiff_t stop, const uint8_t *encodings,
                                                    const septet_facts *after, septet_outcome *outcome,
                                                    ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    *outcome = SEPTET_FINE;
    for (*row = first; *row < stop; ++*row) {
        const uint8_t *octets;
        int64_t length;
        septet_text_facts facts;
        septet_row_end end;
        if (encodings[*row - first] != 1)
            continue;
        *outcome = septet_read_nullable_row(column, *row, last, &octets, &length);
        if (*outcome == SEPTET_FINE && length > SEPTET_MAX_ROW_OCTETS)
            *outcome = SEPTET_TOO_LONG;
        if (*outcome != SEPTET_FINE)
            return SEPTET_ROW_FAILED;
        if (!septet_is_row_valid(rewriter, octets, (ptrdiff_t)length))
            return SEPTET_ROW_NOT_UTF8;
        if (!septet_decode_octets(octets, (ptrdiff_t)length, &rewriter->text))
            return SEPTET_ROW_NO_MEMORY;
        if (rewriter->table == NULL)
            end = rewriter->rewrite(rewriter, SEPTET_ALWAYS);
        else
            end = septet_rewrite_by_table(rewriter, 0);
        if (end != SEPTET_ROW_STAYS && end != SEPTET_ROW_CHANGES)
            return end;
        if (!septet_count_rewritten(rewriter, &facts))
            return SEPTET_ROW_NO_MEMORY;
        septet_write_facts(after, *row - first, facts.segments, facts.units, facts.is_ucs2);
    }
    return SEPTET_ROW_STAYS;
}

#endif
