/* valid.h: check that the rows of an Arrow column are UTF-8.
 *
 * The rows are consecutive, so they are checked as one text in which no row may begin inside a character.
 */
#ifndef SEPTET_VALID_H
#define SEPTET_VALID_H

#include <stddef.h>
#include <stdint.h>

#include "scan_rows.h"
#include "simd/dispatch.h"

/* For utf8 and large_utf8. Nulls are checked too; decreasing offsets give 0. */
static inline int septet_are_utf8(const septet_column *column, ptrdiff_t first, ptrdiff_t stop)
{
    const int64_t last = septet_offset(column, stop);
    const int64_t begin = septet_offset(column, first);
    int64_t before = begin;
    ptrdiff_t row;
    if (begin < 0)
        return 0;
    for (row = first; row < stop; row++) {
        const int64_t offset = septet_offset(column, row);
        if (offset < before || offset > last
            || (offset < last && (column->values[offset] & 0xC0) == 0x80))
            return 0;
        before = offset;
    }
    return begin <= last && septet_is_utf8(column->values + begin, (ptrdiff_t)(last - begin));
}

#endif
