/* valid.h: check that the rows of an Arrow column are UTF-8 (The Unicode Standard, table 3-7).
 *
 * The rows are consecutive, so they are checked as one text in which no row may begin inside a character.
 */
#ifndef SEPTET_VALID_H
#define SEPTET_VALID_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_rows.h"

/* Return the number of octets of the character that begins here, or 0 if it is invalid. */
static inline ptrdiff_t septet_valid_length(const uint8_t *octets, ptrdiff_t left)
{
    const uint8_t first = octets[0];
    const ptrdiff_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3
        : first < 0xF5 ? 4 : 0;
    /* No overlong form, no surrogate, nothing after U+10FFFF. */
    const uint8_t min_second = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const uint8_t max_second = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    ptrdiff_t i;
    if (length > left || (length > 1 && (octets[1] < min_second || octets[1] > max_second)))
        return 0;
    for (i = 2; i < length; i++)
        if ((octets[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

static inline int septet_is_utf8(const uint8_t *octets, ptrdiff_t length)
{
    ptrdiff_t at = 0;
    while (at < length) {
        ptrdiff_t valid;
        uint64_t eight;
        if (length - at >= (ptrdiff_t)sizeof eight) {
            memcpy(&eight, octets + at, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                at += (ptrdiff_t)sizeof eight;
                continue;
            }
        }
        valid = septet_valid_length(octets + at, length - at);
        if (valid == 0)
            return 0;
        at += valid;
    }
    return 1;
}

/* For utf8 and large_utf8. Nulls are checked too; decreasing offsets give 0. */
static inline int septet_are_utf8(const septet_column *column, ptrdiff_t first, ptrdiff_t stop)
{
    const int64_t last = septet_offset(column, stop);
    const int64_t begin = septet_offset(column, first);
    int64_t before = begin;
    ptrdiff_t row;
    if (begin < 0)
        return 0;
    for (row = first; row < stop; row++) {
        const int64_t offset = septet_offset(column, row);
        if (offset < before || offset > last
            || (offset < last && (column->values[offset] & 0xC0) == 0x80))
            return 0;
        before = offset;
    }
    return begin <= last && septet_is_utf8(column->values + begin, (ptrdiff_t)(last - begin));
}

#endif
