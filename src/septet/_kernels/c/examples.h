/* examples.h: find the shortest message for each encoding and number of segments. */
#ifndef SEPTET_EXAMPLES_H
#define SEPTET_EXAMPLES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_rows.h"
#include "standard_limits.h"

/* Slots: each number of segments from 0 to SEPTET_MAX_SEGMENTS in GSM-7, then in UCS-2. */
enum { SEPTET_EXAMPLE_SLOTS = 2 * (SEPTET_MAX_SEGMENTS + 1), SEPTET_MIN_EXAMPLE_SEGMENTS = 2 };

/* Return the slot of a message, or -1 if it takes one segment, or too many. */
static inline ptrdiff_t septet_example_slot(int32_t segments, uint8_t encoding)
{
    if (segments < SEPTET_MIN_EXAMPLE_SEGMENTS || segments > SEPTET_MAX_SEGMENTS)
        return -1;
    return (encoding != 0) * (SEPTET_MAX_SEGMENTS + 1) + segments;
}

/* Write to `rows` the row of each slot with the fewest units, at most those of `units_of_slot`, which is
 * changed; of several the one with the least octets. Rows are counted from 0; those of other slots stay
 * -1. Return 0 if a row is outside its buffer.
 */
static int septet_find_shortest(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                const septet_facts *facts, int32_t *units_of_slot, ptrdiff_t *rows)
{
    const int64_t last = septet_last_offset(column, stop);
    ptrdiff_t row;
    for (row = 0; row < stop - first; row++) {
        const ptrdiff_t slot = septet_example_slot(facts->segments[row], facts->encodings[row]);
        if (slot < 0 || facts->units[row] > units_of_slot[slot])
            continue;
        if (facts->units[row] == units_of_slot[slot] && rows[slot] >= 0) {
            const uint8_t *octets, *others;
            int64_t length, other_length;
            int order;
            if (septet_read_nullable_row(column, first + row, last, &octets, &length) != SEPTET_FINE
                || septet_read_nullable_row(column, first + rows[slot], last, &others, &other_length)
                       != SEPTET_FINE)
                return 0;
            order = memcmp(octets, others, (size_t)(length < other_length ? length : other_length));
            if (order > 0 || (order == 0 && length >= other_length))
                continue;
        }
        units_of_slot[slot] = facts->units[row];
        rows[slot] = row;
    }
    return 1;
}

#endif
