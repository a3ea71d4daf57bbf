/* scan_utf8.h: one row of UTF-8 under the default tables, in portable code.
 *
 * Invalid UTF-8 has a defined count: the row is UCS-2, with one code unit for every octet that begins a
 * character (two from 0xF0 on), and one for continuation octets at the start of the row. Nothing
 * outside the row is read.
 */
#ifndef SEPTET_SCAN_UTF8_H
#define SEPTET_SCAN_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "scan_classify.h"
#include "scan_tables.h"
#include "scan_types.h"

typedef struct {
    int is_gsm7;
    ptrdiff_t units;
    ptrdiff_t doubled; /* characters that take two units */
} septet_row;

/* Code points for invalid UTF-8: no table holds them, and they count one or two code units. */
#define SEPTET_INVALID 0xFFFFu
#define SEPTET_INVALID_ASTRAL 0x110000u

static inline int septet_is_continuation(uint8_t octet) { return (octet & 0xC0) == 0x80; }

/* Decode the code point at `*at`; move `*at` after it and all continuation octets that follow. */
static inline uint32_t septet_decode_char(const uint8_t *octets, ptrdiff_t length, ptrdiff_t *at)
{
    static const uint32_t min_code_point[] = {0, 0x80, 0x800, 0x10000};
    const uint8_t first = octets[(*at)++];
    const int more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t c = more ? first & (0x3Fu >> more) : first;
    int continuations = 0;
    for (; *at < length && septet_is_continuation(octets[*at]); continuations++)
        c = c << 6 | (octets[(*at)++] & 0x3F);
    if (continuations != more || septet_is_continuation(first) || c < min_code_point[more] || c > 0x10FFFF
        || septet_is_high(c) || septet_is_low(c))
        return first < 0xF0 ? SEPTET_INVALID : SEPTET_INVALID_ASTRAL;
    return c;
}

static septet_row septet_measure_row_portable(const uint8_t *octets, ptrdiff_t length)
{
    septet_row row = {1, 0, 0};
    ptrdiff_t at = 0, characters = 0, astral = 0, doubled = 0;
    while (at < length) {
        const uint32_t c = septet_decode_char(octets, length, &at);
        const int cost = septet_default_cost(c);
        row.is_gsm7 &= cost > 0;
        doubled += cost >> 1;
        astral += c > 0xFFFF;
        characters++;
    }
    row.doubled = row.is_gsm7 ? doubled : astral;
    row.units = characters + row.doubled;
    return row;
}

/* Count the octets at the start that are characters of one septet. */
static ptrdiff_t septet_plain_prefix_portable(const uint8_t *octets, ptrdiff_t length)
{
    ptrdiff_t i = 0;
    while (i < length && octets[i] < 0x80 && septet_latin1_cost[octets[i]] == 1)
        i++;
    return i;
}

#endif
