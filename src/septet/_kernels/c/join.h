/* join.h: join constant octets and rows of Arrow text columns to one text for each row.
 *
 * Buffers come from outside: a row outside its buffer is an error before anything is copied. A null
 * adds nothing.
 */
#ifndef SEPTET_JOIN_H
#define SEPTET_JOIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_rows.h"

/* Octets that are copied at once. */
enum { SEPTET_JOIN_BLOCK = 32 };

typedef struct {
    const uint8_t *octets; /* the same for each row; NULL for a piece that is a column */
    int64_t length;
    uint8_t block[SEPTET_JOIN_BLOCK]; /* a copy of the octets, if they fit */
    septet_column column;
    ptrdiff_t first;
    const uint8_t *end; /* of the readable memory after a row; NULL where that is unknown */
} septet_piece;

static inline void septet_set_constant_piece(septet_piece *piece, const uint8_t *octets, int64_t length)
{
    piece->octets = octets;
    piece->length = length;
    piece->end = octets + length;
    if (length <= SEPTET_JOIN_BLOCK) {
        piece->octets = memcpy(piece->block, octets, (size_t)length);
        piece->end = piece->block + SEPTET_JOIN_BLOCK;
    }
}

static inline septet_outcome septet_read_piece(const septet_piece *piece, ptrdiff_t row, int64_t last,
                                               const uint8_t **octets, int64_t *length)
{
    if (piece->octets == NULL)
        return septet_read_nullable_row(&piece->column, piece->first + row, last, octets, length);
    *octets = piece->octets;
    *length = piece->length;
    return SEPTET_FINE;
}

/* Compute the offsets of the joined rows. The columns have `length` rows; `count` of them are joined,
 * those in `chosen`, or all if it is NULL. `*row` receives the row that is outside its buffer, if any.
 */
static septet_outcome septet_join_offsets(septet_piece *pieces, ptrdiff_t piece_count, ptrdiff_t length,
                                          const int32_t *chosen, ptrdiff_t count, int64_t *offsets,
                                          ptrdiff_t *row)
{
    ptrdiff_t i;
    memset(offsets, 0, ((size_t)count + 1) * sizeof *offsets);
    for (i = 0; i < piece_count && count > 0; i++) {
        septet_piece *const piece = pieces + i;
        int64_t last = 0;
        ptrdiff_t index;
        if (piece->octets == NULL)
            piece->end = NULL;
        if (piece->octets == NULL && piece->column.layout != SEPTET_UTF8_VIEW) {
            last = septet_offset(&piece->column, piece->first + length);
            piece->end = piece->column.values + last;
        }
        for (index = 0; index < count; index++) {
            const uint8_t *octets;
            int64_t octet_count;
            septet_outcome outcome;
            *row = chosen == NULL ? index : chosen[index];
            outcome = septet_read_piece(piece, *row, last, &octets, &octet_count);
            if (outcome != SEPTET_FINE)
                return outcome;
            offsets[index + 1] += octet_count;
        }
    }
    for (i = 0; i < count; i++)
        offsets[i + 1] += offsets[i];
    return SEPTET_FINE;
}

/* Write the octets of all rows, and at most a block after them. Short pieces are copied as a whole block,
 * whose rest the next piece overwrites: that avoids a branch.
 */
static void septet_join_octets(const septet_piece *pieces, ptrdiff_t piece_count, const int32_t *chosen,
                               ptrdiff_t count, uint8_t *joined)
{
    ptrdiff_t index, i;
    for (index = 0; index < count; index++) {
        for (i = 0; i < piece_count; i++) {
            const septet_piece *const piece = pieces + i;
            const uint8_t *octets = NULL;
            int64_t length = 0;
            septet_read_piece(piece, chosen == NULL ? index : chosen[index], INT64_MAX, &octets, &length);
            if (length <= SEPTET_JOIN_BLOCK && piece->end != NULL && piece->end - octets >= SEPTET_JOIN_BLOCK)
                memcpy(joined, octets, SEPTET_JOIN_BLOCK);
            else
                memcpy(joined, octets, (size_t)length);
            joined += length;
        }
    }
}

#endif
