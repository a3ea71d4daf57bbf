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

#endif
