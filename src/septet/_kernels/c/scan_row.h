/* scan_row.h: count one row of UTF-8 under any rules. */
#ifndef SEPTET_SCAN_ROW_H
#define SEPTET_SCAN_ROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cluster_borders.h"
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
    if (segments > 1 && measured->doubled > 0 && measured->units > segments * (capacity.concatenated - 1) + 1)
        return 0;
    if (measured->is_gsm7
        && !septet_default_suffices(rules, measured->units - measured->doubled, measured->units, segments))
        return 0;
    if (segments > 1 && rules->clusters != NULL
        && !septet_ends_are_certain(octets, measured, length, capacity, rules->clusters))
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

#endif
