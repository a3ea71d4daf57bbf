/* valid_utf8.h: check octets for UTF-8 (The Unicode Standard, table 3-7), in portable code. */
#ifndef SEPTET_VALID_UTF8_H
#define SEPTET_VALID_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

static int septet_is_utf8_portable(const uint8_t *octets, ptrdiff_t length)
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

#endif
