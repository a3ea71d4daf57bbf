/* tally.h: what is done with many rows and their facts: rates found, messages added up, values of a
 * dictionary looked up, hashes that were there before.
 *
 * A rate is found by walking the digits of a number through a trie of prefixes; the deepest node
 * that ends a prefix wins. Messages are added up by encoding and segments, and by rate. Numbers
 * come from outside: an octet that is no digit ends the walk.
 */
#ifndef SEPTET_TALLY_H
#define SEPTET_TALLY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan_rows.h"

/* What is found instead of the index of a rate. */
enum { SEPTET_NO_RATE = -1, SEPTET_NOT_E164 = -2, SEPTET_NO_NUMBER = -3, SEPTET_REASONS = 3 };

/* ITU-T E.164: at most 15 digits, none of the country codes begins with 0. */
enum { SEPTET_FEWEST_DIGITS = 2, SEPTET_MOST_DIGITS = 15 };

typedef struct {
    int32_t next[10]; /* index of the node for each digit; 0, the root, stands for none */
    int32_t rate;     /* of the prefix that ends here, or SEPTET_NO_RATE */
} septet_digit;

static int32_t septet_find_rate(const septet_digit *trie, const uint8_t *number, ptrdiff_t length)
{
    int32_t found = SEPTET_NO_RATE, node = 0;
    ptrdiff_t i;
    if (length == 0)
        return SEPTET_NO_NUMBER;
    if (length < 1 + SEPTET_FEWEST_DIGITS || length > 1 + SEPTET_MOST_DIGITS || number[0] != '+'
        || number[1] == '0')
        return SEPTET_NOT_E164;
    for (i = 1; i < length; i++) {
        const unsigned digit = (unsigned)number[i] - '0';
        if (digit > 9)
            return SEPTET_NOT_E164;
        if (node < 0)
            continue;
        node = trie[node].next[digit];
        if (node == 0)
            node = -1;
        else if (trie[node].rate != SEPTET_NO_RATE)
            found = trie[node].rate;
    }
    return found;
}

static septet_outcome septet_find_rates(const septet_digit *trie, const septet_column *column,
                                        ptrdiff_t first, ptrdiff_t stop, int32_t *rates, ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    for (*row = first; *row < stop; ++*row) {
        const uint8_t *number = NULL;
        int64_t length = 0;
        const septet_outcome outcome = septet_see_value(column, *row, last, &number, &length);
        if (outcome != SEPTET_FINE)
            return outcome;
        rates[*row - first] = septet_find_rate(trie, number, (ptrdiff_t)length);
    }
    return SEPTET_FINE;
}

/* Messages and segments. */
typedef struct {
    int64_t messages;
    int64_t segments;
} septet_sum;

#define SEPTET_MOST_SEGMENTS 255

/* `by_segments` has a place for each count up to 255 of GSM-7, then of UCS-2 (the first of each
 * stays 0); `by_rate`, if wanted, has `rate_count` places, one for each reason, then one for each
 * rate. Rows without units have no text and are returned as a number. A row that has no place stops
 * the count: `*row` is where.
 */
static ptrdiff_t septet_add_up(const int32_t *segments, const int32_t *units, const uint8_t *encodings,
                               const int32_t *rates, ptrdiff_t *row, ptrdiff_t stop,
                               int64_t *by_segments, septet_sum *by_rate, ptrdiff_t rate_count)
{
    ptrdiff_t without_text = 0, i;
    for (i = *row; i < stop; i++) {
        const int32_t count = segments[i];
        const unsigned encoding = encodings[i];
        if (units[i] == 0) {
            without_text++;
            continue;
        }
        if ((uint32_t)count > SEPTET_MOST_SEGMENTS || encoding > 1)
            break;
        if (by_rate != NULL) {
            const int64_t place = (int64_t)SEPTET_REASONS + rates[i];
            if (place < 0 || place >= rate_count)
                break;
            by_rate[place].messages++;
            by_rate[place].segments += count;
        }
        by_segments[encoding * (SEPTET_MOST_SEGMENTS + 1) + (unsigned)count]++;
    }
    *row = i;
    return without_text;
}

/* How many texts have no octets, a null among them; -1 if a row does not lie within its buffer. */
static ptrdiff_t septet_count_empty(const septet_column *column, ptrdiff_t first, ptrdiff_t stop)
{
    const int64_t last = septet_last_offset(column, stop);
    ptrdiff_t empty = 0, row;
    for (row = first; row < stop; row++) {
        const uint8_t *octets;
        int64_t length;
        if (septet_see_value(column, row, last, &octets, &length) != SEPTET_FINE)
            return -1;
        empty += length == 0;
    }
    return empty;
}

/* The rows that take another encoding than `is_ucs2` says, or more segments; returns how many. */
static ptrdiff_t septet_find_beyond(const int32_t *segments, const uint8_t *encodings, ptrdiff_t count,
                                    int32_t most, int is_ucs2, int32_t *rows)
{
    ptrdiff_t found = 0, i;
    for (i = 0; i < count; i++) {
        rows[found] = (int32_t)i;
        found += (segments[i] > most) | (encodings[i] > is_ucs2);
    }
    return found;
}

/* Put a record into the table of those that differ; returns its place among them. */
static ptrdiff_t septet_find_record(const int32_t *record, ptrdiff_t width, int32_t *known, ptrdiff_t *count,
                                    int32_t *table, uint32_t mask)
{
    uint32_t hash = 0, at;
    ptrdiff_t i;
    for (i = 0; i < width; i++)
        hash = (hash ^ (uint32_t)record[i]) * UINT32_C(0x9E3779B1);
    for (at = hash ^ hash >> 15;; at++) {
        int32_t *const place = table + (at & mask);
        if (*place == 0) {
            memmove(known + *count * width, record, (size_t)width * sizeof *record);
            *place = (int32_t)++*count;
            return *count - 1;
        }
        if (memcmp(known + (*place - 1) * width, record, (size_t)width * sizeof *record) == 0)
            return *place - 1;
    }
}

/* Count records that are alike: `records` receives those that differ, and `counts` how many there are
 * of each; `table` has places for more than there are records, a power of two of them, all 0.
 */
static ptrdiff_t septet_count_alike(int32_t *records, ptrdiff_t rows, ptrdiff_t width, int64_t *counts,
                                    int32_t *table, uint32_t mask)
{
    ptrdiff_t count = 0, row;
    for (row = 0; row < rows; row++) {
        const ptrdiff_t before = count;
        const ptrdiff_t place = septet_find_record(records + row * width, width, records, &count, table, mask);
        counts[place] = count > before ? 1 : counts[place] + 1;
    }
    return count;
}

typedef enum {
    SEPTET_INT8, SEPTET_UINT8, SEPTET_INT16, SEPTET_UINT16,
    SEPTET_INT32, SEPTET_UINT32, SEPTET_INT64, SEPTET_UINT64
} septet_index_kind;

/* An index of 64 bits that no int64_t holds becomes negative, and names no value either. Arrow does
 * not promise that indexes are aligned.
 */
static inline int64_t septet_index(const void *indexes, septet_index_kind kind, ptrdiff_t row)
{
#define SEPTET_INDEX(type)                                                                      \
    do {                                                                                        \
        type index;                                                                             \
        memcpy(&index, (const uint8_t *)indexes + row * (ptrdiff_t)sizeof index, sizeof index); \
        return (int64_t)index;                                                                  \
    } while (0)
    switch (kind) {
    case SEPTET_INT8: SEPTET_INDEX(int8_t);
    case SEPTET_UINT8: SEPTET_INDEX(uint8_t);
    case SEPTET_INT16: SEPTET_INDEX(int16_t);
    case SEPTET_UINT16: SEPTET_INDEX(uint16_t);
    case SEPTET_INT32: SEPTET_INDEX(int32_t);
    case SEPTET_UINT32: SEPTET_INDEX(uint32_t);
    default: SEPTET_INDEX(int64_t);
    }
#undef SEPTET_INDEX
}

/* A set of hashes, by open addressing: half of its places are empty, and an empty one is 0. */
typedef struct {
    uint64_t *places;
    int bits; /* as many places as they can number */
    int64_t used;
    int has_zero;
} septet_seen;

static int septet_make_seen(septet_seen *seen, int bits)
{
    seen->places = (uint64_t *)calloc((size_t)1 << bits, sizeof *seen->places);
    seen->bits = bits;
    seen->used = 0;
    return seen->places != NULL;
}

/* Put a hash into its place; return whether it was there. */
static int septet_see_hash(septet_seen *seen, uint64_t hash)
{
    const uint64_t mask = ((uint64_t)1 << seen->bits) - 1;
    uint64_t at = hash * UINT64_C(0x9E3779B97F4A7C15) >> (64 - seen->bits);
    if (hash == 0) {
        const int had_zero = seen->has_zero;
        seen->has_zero = 1;
        return had_zero;
    }
    while (seen->places[at] != 0) {
        if (seen->places[at] == hash)
            return 1;
        at = (at + 1) & mask;
    }
    seen->places[at] = hash;
    seen->used++;
    return 0;
}

/* Make twice as many places; returns 0 if there is no memory for them. */
static int septet_grow_seen(septet_seen *seen)
{
    septet_seen larger = {NULL, 0, 0, seen->has_zero};
    int64_t i;
    if (!septet_make_seen(&larger, seen->bits + 1))
        return 0;
    for (i = 0; i < (int64_t)1 << seen->bits; i++)
        if (seen->places[i] != 0)
            septet_see_hash(&larger, seen->places[i]);
    free(seen->places);
    *seen = larger;
    return 1;
}

/* Note for each hash whether it was there before. */
static int septet_see_hashes(septet_seen *seen, const uint64_t *hashes, ptrdiff_t count, uint8_t *marks)
{
    ptrdiff_t i;
    for (i = 0; i < count; i++) {
        if (seen->used >= (int64_t)1 << (seen->bits - 1) && !septet_grow_seen(seen))
            return 0;
        marks[i] = (uint8_t)septet_see_hash(seen, hashes[i]);
    }
    return 1;
}

static inline int septet_is_unset(const uint8_t *bits, int64_t index)
{
    return bits != NULL && !(bits[index >> 3] >> (index & 7) & 1);
}

/* Copy the facts of the value that each row names; a bit of `nulls` is set for each null.
 * Returns the first row whose index names no value, or `length`.
 */
static ptrdiff_t septet_look_up(const void *indexes, septet_index_kind kind, const uint8_t *is_set,
                                ptrdiff_t first, ptrdiff_t length, const septet_facts *known,
                                const uint8_t *known_is_set, int64_t known_count,
                                const septet_facts *facts, uint8_t *nulls)
{
    ptrdiff_t row;
    for (row = 0; row < length; row++) {
        int64_t index = 0;
        int is_null = septet_is_unset(is_set, first + row);
        if (!is_null) {
            index = septet_index(indexes, kind, first + row);
            if (index < 0 || index >= known_count)
                return row;
            is_null = septet_is_unset(known_is_set, index);
        }
        if (is_null) {
            nulls[row >> 3] |= (uint8_t)(1 << (row & 7));
            septet_note(facts, row, 0, 0, 0);
        } else if (facts->units == NULL) {
            facts->segments[row] = known->segments[index];
        } else {
            septet_note(facts, row, known->segments[index], known->units[index],
                        known->encodings[index]);
        }
    }
    return length;
}

#endif
