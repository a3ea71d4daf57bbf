/* tally.h: work on many rows and their facts for campaign estimates: find the rate of each number, sum
 * messages, count distinct rows, and copy facts of dictionary values.
 *
 * A rate is found by following the digits of a number through a trie of prefixes; the longest prefix
 * wins. Numbers come from outside and may contain any octets.
 */
#ifndef SEPTET_TALLY_H
#define SEPTET_TALLY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan_rows.h"
#include "standard_limits.h"

/* Why a number has no rate; these values take the place of the index of a rate. */
enum {
    SEPTET_NO_RATE = -1,
    SEPTET_NOT_E164 = -2,
    SEPTET_NO_NUMBER = -3,
    SEPTET_LOST_DIGITS = -4,    /* a spreadsheet rounded the number: 4.47911E+11 */
    SEPTET_ADDED_DECIMALS = -5, /* a program made it a decimal number: 447911123456.0 */
    SEPTET_REASON_COUNT = 5
};

typedef struct {
    int32_t next[10]; /* index of the node for each digit, or 0 without one (0 is the root) */
    int32_t rate;     /* index of the rate whose prefix ends here, or SEPTET_NO_RATE */
} septet_trie_node;

/* Skip digits; add to `*all`, if it is not NULL, the bits of all of them ('0' alone has 0x30). */
static const uint8_t *septet_skip_digits(const uint8_t *at, const uint8_t *stop, unsigned *all)
{
    for (; at < stop && (unsigned)*at - '0' <= 9; at++)
        if (all != NULL)
            *all |= *at;
    return at;
}

/* Return why a text is not an E.164 number. */
static int32_t septet_why_not_e164(const uint8_t *number, ptrdiff_t length)
{
    const uint8_t *at = number, *stop = number + length, *digits;
    unsigned decimals = 0;
    while (at < stop && (*at == ' ' || *at == '\t'))
        at++;
    while (at < stop && (stop[-1] == ' ' || stop[-1] == '\t'))
        stop--;
    if (at < stop && (*at == '+' || *at == '-'))
        at++;
    digits = at;
    at = septet_skip_digits(at, stop, NULL);
    if (at == digits)
        return SEPTET_NOT_E164;
    if (at < stop && (*at == '.' || *at == ','))
        at = septet_skip_digits(at + 1, stop, &decimals);
    if (at == stop)
        return decimals == '0' ? SEPTET_ADDED_DECIMALS : SEPTET_NOT_E164;
    if (*at != 'E' && *at != 'e')
        return SEPTET_NOT_E164;
    at++;
    if (at < stop && (*at == '+' || *at == '-'))
        at++;
    digits = at;
    at = septet_skip_digits(at, stop, NULL);
    return at == stop && at > digits ? SEPTET_LOST_DIGITS : SEPTET_NOT_E164;
}

/* Are all octets digits? Eight at a time. */
static inline int septet_are_digits(const uint8_t *octets, ptrdiff_t length)
{
    const uint64_t upper = UINT64_C(0xF0F0F0F0F0F0F0F0), threes = UINT64_C(0x3030303030303030);
    ptrdiff_t at = 0;
    for (; length - at >= 8; at += 8) {
        uint64_t eight;
        memcpy(&eight, octets + at, sizeof eight);
        /* The upper half of a digit is 3, also after 6 is added. A carry comes from no digit. */
        if ((((eight & upper) ^ threes) | (((eight + UINT64_C(0x0606060606060606)) & upper) ^ threes)) != 0)
            return 0;
    }
    for (; at < length; at++)
        if ((unsigned)octets[at] - '0' > 9)
            return 0;
    return 1;
}

/* Find the rate of an E.164 number, or if `adds_plus`, of one with "00" or nothing in place of "+". */
static int32_t septet_find_rate(const septet_trie_node *trie, int adds_plus, const uint8_t *number,
                                ptrdiff_t length)
{
    int32_t rate = SEPTET_NO_RATE, node = 0;
    ptrdiff_t min_digits = SEPTET_MIN_DIGITS, first = 1, i;
    if (length == 0)
        return SEPTET_NO_NUMBER;
    if (adds_plus && number[0] != '+') {
        min_digits = SEPTET_MIN_UNMARKED_DIGITS;
        first = length > 2 && number[0] == '0' && number[1] == '0' ? 2 : 0;
    }
    if (length < first + min_digits || length > first + SEPTET_MAX_DIGITS
        || (first == 1 && number[0] != '+') || number[first] == '0')
        return septet_why_not_e164(number, length);
    if (!septet_are_digits(number + first, length - first))
        return septet_why_not_e164(number, length);
    for (i = first; i < length; i++) {
        node = trie[node].next[number[i] - '0'];
        if (node == 0)
            break;
        if (trie[node].rate != SEPTET_NO_RATE)
            rate = trie[node].rate;
    }
    return rate;
}

static septet_outcome septet_find_rates(const septet_trie_node *trie, int adds_plus,
                                        const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                        int32_t *rates, ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    for (*row = first; *row < stop; ++*row) {
        const uint8_t *number = NULL;
        int64_t length = 0;
        const septet_outcome outcome = septet_read_nullable_row(column, *row, last, &number, &length);
        if (outcome != SEPTET_FINE)
            return outcome;
        rates[*row - first] = septet_find_rate(trie, adds_plus, number, (ptrdiff_t)length);
    }
    return SEPTET_FINE;
}

/* Messages and segments. */
typedef struct {
    int64_t messages;
    int64_t segments;
} septet_sum;

/* Add rows to sums; return how many rows have no text, which are those without units.
 *
 * `by_segments` has a sum for each segment count from 0 to SEPTET_MAX_SEGMENTS in GSM-7, then in
 * UCS-2. `by_rate`, if not NULL, has `sum_count` sums: one for each reason, then one for each rate. A
 * row without a sum stops the loop; `*row` receives its index, or `stop`.
 */
static ptrdiff_t septet_add_to_sums(const int32_t *segments, const int32_t *units, const uint8_t *encodings,
                                    const int32_t *rates, ptrdiff_t *row, ptrdiff_t stop,
                                    int64_t *by_segments, septet_sum *by_rate, ptrdiff_t sum_count)
{
    ptrdiff_t without_text = 0, i;
    for (i = *row; i < stop; i++) {
        const int32_t count = segments[i];
        const unsigned encoding = encodings[i];
        if (units[i] == 0) {
            without_text++;
            continue;
        }
        if ((uint32_t)count > SEPTET_MAX_SEGMENTS || encoding > 1)
            break;
        if (by_rate != NULL) {
            const int64_t index = (int64_t)SEPTET_REASON_COUNT + rates[i];
            if (index < 0 || index >= sum_count)
                break;
            by_rate[index].messages++;
            by_rate[index].segments += count;
        }
        by_segments[encoding * (SEPTET_MAX_SEGMENTS + 1) + (unsigned)count]++;
    }
    *row = i;
    return without_text;
}

/* Count empty texts and nulls; -1 if a row is outside its buffer. */
static ptrdiff_t septet_count_empty(const septet_column *column, ptrdiff_t first, ptrdiff_t stop)
{
    const int64_t last = septet_last_offset(column, stop);
    ptrdiff_t empty = 0, row;
    for (row = first; row < stop; row++) {
        const uint8_t *octets;
        int64_t length;
        if (septet_read_nullable_row(column, row, last, &octets, &length) != SEPTET_FINE)
            return -1;
        empty += length == 0;
    }
    return empty;
}

/* Find rows with more segments than `max_segments`, and unless `is_ucs2`, those in UCS-2; return how
 * many. `rows` receives their indexes.
 */
static ptrdiff_t septet_find_rows_beyond(const int32_t *segments, const uint8_t *encodings, ptrdiff_t count,
                                         int32_t max_segments, int is_ucs2, int32_t *rows)
{
    ptrdiff_t row_count = 0, i;
    for (i = 0; i < count; i++) {
        /* Without a branch; a row that does not match is overwritten. */
        rows[row_count] = (int32_t)i;
        row_count += (segments[i] > max_segments) | (encodings[i] > is_ucs2);
    }
    return row_count;
}

/* Return the index of a row among the distinct rows, to which it is appended if it is new. */
static ptrdiff_t septet_insert_row(const int32_t *row, ptrdiff_t width, int32_t *distinct, ptrdiff_t *count,
                                   int32_t *table, uint32_t mask)
{
    uint32_t hash = 0, at;
    ptrdiff_t i;
    for (i = 0; i < width; i++)
        hash = (hash ^ (uint32_t)row[i]) * UINT32_C(0x9E3779B1);
    for (at = hash ^ hash >> 15;; at++) {
        int32_t *const slot = table + (at & mask); /* an index plus 1, or 0 */
        if (*slot == 0) {
            memmove(distinct + *count * width, row, (size_t)width * sizeof *row);
            *slot = (int32_t)++*count;
            return *count - 1;
        }
        if (memcmp(distinct + (*slot - 1) * width, row, (size_t)width * sizeof *row) == 0)
            return *slot - 1;
    }
}

/* Count how often each distinct row occurs, and return how many distinct rows there are.
 *
 * `rows` has `row_count` rows of `width` values; it receives the distinct rows in the order in which
 * they first occur, and `counts` their numbers. `table` has `mask` + 1 slots, all 0: a power of two, and
 * more than there are rows.
 */
static ptrdiff_t septet_count_distinct_rows(int32_t *rows, ptrdiff_t row_count, ptrdiff_t width, int64_t *counts,
                                            int32_t *table, uint32_t mask)
{
    ptrdiff_t count = 0, row;
    for (row = 0; row < row_count; row++) {
        const ptrdiff_t count_before = count;
        const ptrdiff_t index = septet_insert_row(rows + row * width, width, rows, &count, table, mask);
        counts[index] = count > count_before ? 1 : counts[index] + 1;
    }
    return count;
}

typedef enum {
    SEPTET_INT8, SEPTET_UINT8, SEPTET_INT16, SEPTET_UINT16,
    SEPTET_INT32, SEPTET_UINT32, SEPTET_INT64, SEPTET_UINT64
} septet_index_kind;

/* Read an index, which need not be aligned. An unsigned one beyond INT64_MAX becomes negative, which is
 * not a valid index either.
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

static inline int septet_is_unset(const uint8_t *bits, int64_t index)
{
    return bits != NULL && !(bits[index >> 3] >> (index & 7) & 1);
}

/* Copy the facts of the dictionary value that each row refers to; set a bit of `nulls` for each null,
 * whose segments become `null_segments`.
 * Return the first row whose index is outside the dictionary, or `length`.
 */
static ptrdiff_t septet_copy_dictionary_facts(const void *indexes, septet_index_kind kind, const uint8_t *is_set,
                                              ptrdiff_t first, ptrdiff_t length, const septet_facts *known,
                                              const uint8_t *known_is_set, int64_t known_count,
                                              const septet_facts *facts, uint8_t *nulls,
                                              int32_t null_segments)
{
    /* Copies, which need not be read again after each write of a row. */
    const septet_facts source = *known, target = *facts;
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
            septet_write_facts(&target, row, null_segments, 0, 0);
        } else if (target.units == NULL) {
            target.segments[row] = source.segments[index];
        } else {
            septet_write_facts(&target, row, source.segments[index], source.units[index],
                               source.encodings[index]);
        }
    }
    return length;
}

#endif
