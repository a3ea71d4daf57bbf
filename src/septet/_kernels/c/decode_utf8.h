/* decode_utf8.h: decode a row of UTF-8 to code points. */
#ifndef SEPTET_DECODE_UTF8_H
#define SEPTET_DECODE_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "scan_rows.h"
#include "valid_utf8.h"

typedef struct {
    uint32_t *chars;
    ptrdiff_t length, capacity;
} septet_code_points;

/* Allocate memory for so many characters; return 0 if there is none. */
static inline int septet_reserve_chars(septet_code_points *text, ptrdiff_t length)
{
    if (length >= text->capacity) {
        const ptrdiff_t capacity = length * 2 + 1;
        uint32_t *const chars = realloc(text->chars, (size_t)capacity * sizeof *chars);
        if (chars == NULL)
            return 0;
        text->chars = chars;
        text->capacity = capacity;
    }
    return 1;
}

/* Decode UTF-8 to code points. Return SEPTET_FINE, SEPTET_NO_MEMORY, or SEPTET_NO_ENCODING if it is not UTF-8. */
static inline septet_outcome septet_decode_text(const uint8_t *octets, ptrdiff_t length, int allows_surrogates,
                                                septet_code_points *text)
{
    ptrdiff_t at = 0;
    uint32_t *next;
    if (!septet_reserve_chars(text, length))
        return SEPTET_NO_MEMORY;
    next = text->chars;
    while (at < length) {
        const uint8_t first = octets[at];
        ptrdiff_t size;
        if (first < 0x80) {
            *next++ = first;
            at++;
            continue;
        }
        size = septet_valid_length(octets + at, length - at);
        if (size == 0 && allows_surrogates && length - at >= 3 && first == 0xED && (octets[at + 1] & 0xE0) == 0xA0
            && (octets[at + 2] & 0xC0) == 0x80)
            size = 3;
        if (size == 0)
            return SEPTET_NO_ENCODING;
        *next++ = size == 2 ? (uint32_t)(first & 0x1F) << 6 | (octets[at + 1] & 0x3Fu)
            : size == 3 ? (uint32_t)(first & 0x0F) << 12 | (octets[at + 1] & 0x3Fu) << 6 | (octets[at + 2] & 0x3Fu)
            : (uint32_t)(first & 0x07) << 18 | (octets[at + 1] & 0x3Fu) << 12 | (octets[at + 2] & 0x3Fu) << 6
              | (octets[at + 3] & 0x3Fu);
        at += size;
    }
    text->length = next - text->chars;
    return SEPTET_FINE;
}

#endif
