/* fill.h: fill the templates of rows, which may differ from row to row.
 *
 * A template is a range of `parts`, indexes of pieces: constant octets, or columns of Arrow. Template
 * `t` begins at `starts[t]` and ends before `starts[t + 1]`.
 */
#ifndef SEPTET_FILL_H
#define SEPTET_FILL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "join.h"

typedef struct {
    const septet_piece *pieces;
    const int64_t *lasts; /* the last offset of each piece that is a column with offsets */
    const int32_t *parts;
    const int32_t *starts;
    const int32_t *templates; /* of each row */
} septet_filling;

/* Compute the offsets of the filled rows; `*row` receives the row that is outside its buffer, if any. */
static septet_outcome septet_fill_offsets(const septet_filling *filling, ptrdiff_t count, int64_t *offsets,
                                          ptrdiff_t *row)
{
    offsets[0] = 0;
    for (*row = 0; *row < count; ++*row) {
        const int32_t number = filling->templates[*row];
        int32_t part;
        int64_t size = 0;
        for (part = filling->starts[number]; part < filling->starts[number + 1]; part++) {
            const int32_t index = filling->parts[part];
            const uint8_t *octets;
            int64_t length;
            const septet_outcome outcome = septet_read_piece(filling->pieces + index, *row,
                                                             filling->lasts[index], &octets, &length);
            if (outcome != SEPTET_FINE)
                return outcome;
            size += length;
        }
        offsets[*row + 1] = offsets[*row] + size;
    }
    return SEPTET_FINE;
}

static void septet_fill_octets(const septet_filling *filling, ptrdiff_t count, uint8_t *filled)
{
    ptrdiff_t row;
    for (row = 0; row < count; row++) {
        const int32_t number = filling->templates[row];
        int32_t part;
        for (part = filling->starts[number]; part < filling->starts[number + 1]; part++) {
            const uint8_t *octets = NULL;
            int64_t length = 0;
            septet_read_piece(filling->pieces + filling->parts[part], row, INT64_MAX, &octets, &length);
            if (length > 0)
                memcpy(filled, octets, (size_t)length);
            filled += length;
        }
    }
}

#endif
