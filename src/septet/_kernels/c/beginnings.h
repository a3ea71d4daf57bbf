/* beginnings.h: the beginnings of a text, each with an ellipsis behind it, as texts of their own.
 *
 * Plain C without Python. Without an ellipsis nothing is copied. With one, the caller provides memory for the
 * longest beginning and the ellipsis.
 */
#ifndef SEPTET_BEGINNINGS_H
#define SEPTET_BEGINNINGS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_types.h"

typedef struct {
    septet_text text; /* ends where the longest beginning does */
    septet_text ellipsis;
    void *joined; /* characters of the wider of the two, or NULL without an ellipsis */
    int width;    /* of `joined` */
    ptrdiff_t cut; /* where the ellipsis is in `joined`; otherwise it has the characters of the text */
} septet_beginnings;

static inline void septet_copy_chars(const septet_beginnings *beginnings, ptrdiff_t at, const septet_text *from,
                                     ptrdiff_t start, ptrdiff_t stop)
{
    ptrdiff_t i;
    if (from->width == beginnings->width) {
        memcpy((char *)beginnings->joined + at * from->width, (const char *)from->data + start * from->width,
               (size_t)((stop - start) * from->width));
        return;
    }
    for (i = start; i < stop; i++, at++) {
        const uint32_t c = septet_char(from, i);
        switch (beginnings->width) {
        case 1: ((uint8_t *)beginnings->joined)[at] = (uint8_t)c; break;
        case 2: ((uint16_t *)beginnings->joined)[at] = (uint16_t)c; break;
        default: ((uint32_t *)beginnings->joined)[at] = c;
        }
    }
}

/* Begin with the longest beginning; `joined` has room for it and the ellipsis. */
static inline void septet_start_beginnings(septet_beginnings *beginnings, void *joined)
{
    beginnings->joined = joined;
    beginnings->cut = beginnings->text.length;
    if (joined != NULL) {
        septet_copy_chars(beginnings, 0, &beginnings->text, 0, beginnings->text.length);
        septet_copy_chars(beginnings, beginnings->cut, &beginnings->ellipsis, 0, beginnings->ellipsis.length);
    }
}

/* Return the text up to `cut` with the ellipsis, until the next call. */
static inline septet_text septet_beginning(septet_beginnings *beginnings, ptrdiff_t cut)
{
    const ptrdiff_t covered = beginnings->cut + beginnings->ellipsis.length;
    const ptrdiff_t length = beginnings->text.length;
    septet_text beginning = {beginnings->text.data, cut, beginnings->text.width};
    if (beginnings->joined == NULL)
        return beginning;
    septet_copy_chars(beginnings, beginnings->cut, &beginnings->text, beginnings->cut,
                      covered < length ? covered : length);
    septet_copy_chars(beginnings, cut, &beginnings->ellipsis, 0, beginnings->ellipsis.length);
    beginnings->cut = cut;
    beginning.data = beginnings->joined;
    beginning.length += beginnings->ellipsis.length;
    beginning.width = beginnings->width;
    return beginning;
}

#endif
