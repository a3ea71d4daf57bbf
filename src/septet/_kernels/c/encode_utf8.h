/* encode_utf8.h: encode a text of any width in UTF-8; a lone surrogate takes three octets. */
#ifndef SEPTET_ENCODE_UTF8_H
#define SEPTET_ENCODE_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_types.h"

/* No character takes more octets. */
enum { SEPTET_MAX_UTF8 = 4 };

/* Write the octets, for which there must be room, and return their number. */
static ptrdiff_t septet_encode_utf8(const septet_text *text, uint8_t *octets)
{
    const uint8_t *const start = octets;
    ptrdiff_t i = 0;
    if (text->width == 1) {
        const uint8_t *const latin1 = text->data;
        uint64_t eight;
        /* Eight ASCII characters at once. */
        for (; i + (ptrdiff_t)sizeof eight <= text->length; i += (ptrdiff_t)sizeof eight) {
            memcpy(&eight, latin1 + i, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080))
                break;
            memcpy(octets, &eight, sizeof eight);
            octets += sizeof eight;
        }
    }
    for (; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        if (c < 0x80) {
            *octets++ = (uint8_t)c;
        } else if (c < 0x800) {
            *octets++ = (uint8_t)(0xC0 | c >> 6);
            *octets++ = (uint8_t)(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            *octets++ = (uint8_t)(0xE0 | c >> 12);
            *octets++ = (uint8_t)(0x80 | (c >> 6 & 0x3F));
            *octets++ = (uint8_t)(0x80 | (c & 0x3F));
        } else {
            *octets++ = (uint8_t)(0xF0 | c >> 18);
            *octets++ = (uint8_t)(0x80 | (c >> 12 & 0x3F));
            *octets++ = (uint8_t)(0x80 | (c >> 6 & 0x3F));
            *octets++ = (uint8_t)(0x80 | (c & 0x3F));
        }
    }
    return octets - start;
}

#endif
