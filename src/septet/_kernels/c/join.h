/* join.h: octets that are the same in each row, and rows of Arrow columns of texts between them, joined
 * to one text for each row.
 *
 * Buffers come from outside: a row that does not lie within its own ends the count of octets, before
 * anything is copied. A null adds nothing.
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
    const uint8_t *octets; /* of each row; NULL where they are those of the column */
    int64_t length;
    uint8_t block[SEPTET_JOIN_BLOCK]; /* holds them if they are few */
    septet_column column;
    ptrdiff_t first;
    const uint8_t *end; /* of what may be read behind a row; NULL where that is not known */
} septet_piece;

static inline void septet_set_piece(septet_piece *piece, const uint8_t *octets, int64_t length)
{
    piece->octets = octets;
    piece->length = length;
    piece->end = octets + length;
    if (length <= SEPTET_JOIN_BLOCK) {
        piece->octets = memcpy(piece->block, octets, (size_t)length);
        piece->end = piece->block + SEPTET_JOIN_BLOCK;
    }
}

static inline septet_outcome septet_see_piece(const septet_piece *piece, ptrdiff_t row, int64_t last,
                                              const uint8_t **octets, int64_t *length)
{
    if (piece->octets == NULL)
        return septet_see_value(&piece->column, piece->first + row, last, octets, length);
    *octets = piece->octets;
    *length = piece->length;
    return SEPTET_FINE;
}

/* Where each row will begin, and the last one end; `*row` receives the row that ended it, if one did.
 * The columns have `length` rows, of which those `chosen` are joined, `count` of them, or all.
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
        ptrdiff_t place;
        if (piece->octets == NULL)
            piece->end = NULL;
        if (piece->octets == NULL && piece->column.layout != SEPTET_UTF8_VIEW) {
            last = septet_offset(&piece->column, piece->first + length);
            piece->end = piece->column.values + last;
        }
        for (place = 0; place < count; place++) {
            const uint8_t *octets;
            int64_t octet_count;
            septet_outcome outcome;
            *row = chosen == NULL ? place : chosen[place];
            outcome = septet_see_piece(piece, *row, last, &octets, &octet_count);
            if (outcome != SEPTET_FINE)
                return outcome;
            offsets[place + 1] += octet_count;
        }
    }
    for (i = 0; i < count; i++)
        offsets[i + 1] += offsets[i];
    return SEPTET_FINE;
}

/* The octets of all rows, of which the offsets are known, and at most a block beyond. Short pieces are
 * copied with what is behind them, over which the next ones are written: that takes no jump.
 */
static void septet_join_octets(const septet_piece *pieces, ptrdiff_t piece_count, const int32_t *chosen,
                               ptrdiff_t count, uint8_t *joined)
{
    ptrdiff_t place, i;
    for (place = 0; place < count; place++) {
        for (i = 0; i < piece_count; i++) {
            const septet_piece *const piece = pieces + i;
            const uint8_t *octets = NULL;
            int64_t length = 0;
            septet_see_piece(piece, chosen == NULL ? place : chosen[place], INT64_MAX, &octets, &length);
            if (length <= SEPTET_JOIN_BLOCK && piece->end != NULL && piece->end - octets >= SEPTET_JOIN_BLOCK)
                memcpy(joined, octets, SEPTET_JOIN_BLOCK);
            else
                memcpy(joined, octets, (size_t)length);
            joined += length;
        }
    }
}

#endif
