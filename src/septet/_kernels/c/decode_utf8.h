/* decode_utf8.h: decode a row of UTF-8 to code points. */
#ifndef SEPTET_DECODE_UTF8_H
#define SEPTET_DECODE_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "valid.h"

/* How work on a row ended. */
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

/* Make room for so many characters; return 0 without memory. */
static inline int septet_reserve_chars(septet_chars *text, ptrdiff_t length)
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

/* Decode a row to code points. */
static inline septet_row_end septet_decode_text(const uint8_t *octets, ptrdiff_t length, int allows_surrogates,
                                                septet_chars *text)
{
    ptrdiff_t at = 0;
    uint32_t *next;
    if (!septet_reserve_chars(text, length))
        return SEPTET_ROW_NO_MEMORY;
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
            return SEPTET_ROW_NOT_UTF8;
        *next++ = size == 2 ? (uint32_t)(first & 0x1F) << 6 | (octets[at + 1] & 0x3Fu)
            : size == 3 ? (uint32_t)(first & 0x0F) << 12 | (octets[at + 1] & 0x3Fu) << 6 | (octets[at + 2] & 0x3Fu)
            : (uint32_t)(first & 0x07) << 18 | (octets[at + 1] & 0x3Fu) << 12 | (octets[at + 2] & 0x3Fu) << 6
              | (octets[at + 3] & 0x3Fu);
        at += size;
    }
    text->length = next - text->chars;
    return SEPTET_ROW_STAYS;
}

#endif
