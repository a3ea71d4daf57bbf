/* views.h: write the views of an Arrow column of views (utf8_view). */
#ifndef SEPTET_VIEWS_H
#define SEPTET_VIEWS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SEPTET_VIEW_OCTETS = 16, SEPTET_MAX_INLINE_OCTETS = 12 };

/* Write the view of a text, which is at `offset` in a buffer; the view holds a short text itself. */
static inline void septet_write_view(uint8_t *view, const uint8_t *text, ptrdiff_t length, int32_t buffer,
                                     ptrdiff_t offset)
{
    const int32_t size = (int32_t)length, position = (int32_t)offset;
    memcpy(view, &size, sizeof size);
    if (length <= SEPTET_MAX_INLINE_OCTETS) {
        memset(view + 4, 0, SEPTET_MAX_INLINE_OCTETS);
        memcpy(view + 4, text, (size_t)length);
    } else {
        memcpy(view + 4, text, 4);
        memcpy(view + 8, &buffer, sizeof buffer);
        memcpy(view + 12, &position, sizeof position);
    }
}

/* The same for a text whose first octets, as many as a view holds, can be read even if it is shorter. Its
 * length is random for the processor, so there is no branch.
 */
static inline void septet_write_readable_view(uint8_t *view, const uint8_t *text, ptrdiff_t length, int32_t buffer,
                                              ptrdiff_t offset)
{
    static const uint8_t masks[2 * SEPTET_MAX_INLINE_OCTETS] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const int is_short = length <= SEPTET_MAX_INLINE_OCTETS;
    const uint8_t *const mask = masks + SEPTET_MAX_INLINE_OCTETS - (is_short ? length : SEPTET_MAX_INLINE_OCTETS);
    const int32_t size = (int32_t)length, position = (int32_t)offset;
    uint32_t words[3], bits[3];
    memcpy(words, text, sizeof words);
    memcpy(bits, mask, sizeof bits);
    words[0] &= bits[0];
    words[1] = is_short ? words[1] & bits[1] : (uint32_t)buffer;
    words[2] = is_short ? words[2] & bits[2] : (uint32_t)position;
    memcpy(view, &size, sizeof size);
    memcpy(view + 4, words, sizeof words);
}

#endif
