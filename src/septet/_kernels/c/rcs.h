/* rcs.h: count texts as RCS bills them, by their bytes in UTF-8. Of an Arrow column only lengths are read. */
#ifndef SEPTET_RCS_H
#define SEPTET_RCS_H

#include <stddef.h>
#include <stdint.h>

#include "scan_rows.h"
#include "scan_types.h"

/* Return the bytes that a text takes in UTF-8; a lone surrogate takes three. */
static inline int64_t septet_utf8_length(const septet_text *text)
{
    int64_t length = text->length;
    ptrdiff_t i;
    if (septet_width(text) == 1) {
        const uint8_t *const latin1 = text->data;
        for (i = 0; i < text->length; i++)
            length += latin1[i] >= 0x80;
        return length;
    }
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        length += (c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
        if (septet_is_low(c) && i > 0 && septet_is_pair(text, i))
            length -= 2; /* one character of four bytes */
    }
    return length;
}

/* Return the segments of a text: one for each `segment_bytes` or part of them. */
static inline int32_t septet_rcs_segments(int64_t bytes, int64_t segment_bytes)
{
    return (int32_t)(bytes / segment_bytes + (bytes % segment_bytes > 0));
}

/* Count the rows from `first` up to `stop`; `*row` receives the row of an error, or `stop`. */
static inline septet_outcome septet_count_rcs_rows(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                                   int64_t segment_bytes, int32_t *segments, ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    for (*row = first; *row < stop; ++*row) {
        const uint8_t *octets = NULL;
        int64_t length = 0;
        const septet_outcome outcome = septet_read_nullable_row(column, *row, last, &octets, &length);
        if (outcome != SEPTET_FINE)
            return outcome;
        segments[*row - first] = septet_rcs_segments(length, segment_bytes);
    }
    return SEPTET_FINE;
}

#endif
