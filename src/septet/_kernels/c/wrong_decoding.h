/* wrong_decoding.h: find rows with two characters that occur where UTF-8 was decoded as Windows-1252. */
#ifndef SEPTET_WRONG_DECODING_H
#define SEPTET_WRONG_DECODING_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_rows.h"

/* Do octets begin with U+0080 to U+00BF, or with what Windows-1252 has at 0x80 to 0x9F? */
static inline int septet_is_decoded_continuation(const uint8_t *octets, ptrdiff_t length)
{
    static const uint8_t after_c5[] = {0x92, 0x93, 0xA0, 0xA1, 0xB8, 0xBD, 0xBE};
    static const uint8_t after_e280[] = {0x93, 0x94, 0x98, 0x99, 0x9A, 0x9C, 0x9D, 0x9E,
                                         0xA0, 0xA1, 0xA2, 0xA6, 0xB0, 0xB9, 0xBA};
    if (length < 2)
        return 0;
    switch (octets[0]) {
    case 0xC2: return (octets[1] & 0xC0) == 0x80;
    case 0xC5: return memchr(after_c5, octets[1], sizeof after_c5) != NULL;
    case 0xC6: return octets[1] == 0x92;
    case 0xCB: return octets[1] == 0x86 || octets[1] == 0x9C;
    case 0xE2:
        return length > 2
            && (octets[1] == 0x80   ? memchr(after_e280, octets[2], sizeof after_e280) != NULL
                : octets[1] == 0x82 ? octets[2] == 0xAC
                                    : octets[1] == 0x84 && octets[2] == 0xA2);
    default: return 0;
    }
}

/* Does one of the characters U+00C2 to U+00F4, read from a lead octet, come before such a character? */
static inline int septet_may_be_wrongly_decoded(const uint8_t *octets, ptrdiff_t length)
{
    const uint8_t *const end = octets + length;
    while (end - octets > 2) {
        octets = memchr(octets, 0xC3, (size_t)(end - octets - 1));
        if (octets == NULL)
            return 0;
        if (octets[1] >= 0x82 && octets[1] <= 0xB4 && septet_is_decoded_continuation(octets + 2, end - octets - 2))
            return 1;
        octets++;
    }
    return 0;
}

/* Find such rows among those in UCS-2, whose numbers `rows` receives, from 0; return how many, or -1 if a row
 * is outside its buffer.
 */
static ptrdiff_t septet_find_wrong_decoding(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                            const uint8_t *encodings, int32_t *rows)
{
    const int64_t last = septet_last_offset(column, stop);
    ptrdiff_t row_count = 0, row;
    for (row = first; row < stop; row++) {
        const uint8_t *octets;
        int64_t length;
        if (!encodings[row - first])
            continue;
        if (septet_read_nullable_row(column, row, last, &octets, &length) != SEPTET_FINE)
            return -1;
        if (septet_may_be_wrongly_decoded(octets, (ptrdiff_t)length))
            rows[row_count++] = (int32_t)(row - first);
    }
    return row_count;
}

#endif
