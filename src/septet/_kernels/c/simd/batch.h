/* batch.h: rows of UTF-8 that are measured together, whatever the processor.
 *
 * If many rows are not plain, mispredicted branches between the kinds of rows cost more than reading them.
 * So each step handles all rows of a batch in the same way: all are searched for a character that takes
 * more than one septet, then the rows with one are measured, then all segments are counted.
 */
#ifndef SEPTET_BATCH_H
#define SEPTET_BATCH_H

#include <stdint.h>
#include <string.h>

#include "../scan_types.h"
#include "../scan_utf8.h"

/* A batch is read twice, so its octets should fit into the first cache. */
enum { SEPTET_BATCH = 256, SEPTET_BATCH_OCTETS = 0x4000, SEPTET_SIZES = 8, SEPTET_BATCH_LANES = 8 };

/* The longest row of a batch: single precision holds its units exactly. */
#define SEPTET_MAX_BATCH_OCTETS 0xFFFFF

typedef struct {
    int rows;
    const uint8_t *octets[SEPTET_BATCH];
    const uint8_t *ends[SEPTET_BATCH]; /* of the memory that may be read */
    int32_t lengths[SEPTET_BATCH];
    int32_t units[SEPTET_BATCH + SEPTET_BATCH_LANES];
    int32_t doubled[SEPTET_BATCH + SEPTET_BATCH_LANES]; /* characters that take two units */
    int32_t is_ucs2[SEPTET_BATCH + SEPTET_BATCH_LANES];
    int32_t segments[SEPTET_BATCH + SEPTET_BATCH_LANES]; /* 0 if the exact boundaries matter */
    int others[SEPTET_BATCH]; /* rows with a character that is not plain */
    int other_count;
} septet_batch;

/* A bit for each octet that is not a plain character, and how many have one before each 64 octets. */
typedef struct {
    uint64_t others[SEPTET_BATCH_OCTETS / 64 + 2];
    uint32_t before[SEPTET_BATCH_OCTETS / 64 + 2];
} septet_plain_map;

/* Set all rows to what plain ones have. */
static inline void septet_start_batch(septet_batch *batch)
{
    const size_t size = sizeof(int32_t) * (size_t)batch->rows, more = sizeof(int32_t) * SEPTET_BATCH_LANES;
    memcpy(batch->units, batch->lengths, size);
    memset(batch->units + batch->rows, 0, more);
    memset(batch->doubled, 0, size + more);
    memset(batch->is_ucs2, 0, size + more);
}

/* Bring the rows that are not plain into the order of their sizes, so that loops over their octets end when
 * they did for the row before.
 */
static inline void septet_sort_others(septet_batch *batch)
{
    int counts[SEPTET_SIZES] = {0}, rows[SEPTET_SIZES][SEPTET_BATCH], size, i;
    int *to = batch->others;
    for (i = 0; i < batch->other_count; i++) {
        const int row = batch->others[i];
        const int32_t whole = batch->lengths[row] >> 5;
        size = whole < SEPTET_SIZES ? whole : SEPTET_SIZES - 1;
        rows[size][counts[size]++] = row;
    }
    for (size = 0; size < SEPTET_SIZES; size++) {
        memcpy(to, rows[size], sizeof(int) * (size_t)counts[size]);
        to += counts[size];
    }
}

static inline void septet_note_row(septet_batch *batch, int row, septet_row measured)
{
    batch->units[row] = (int32_t)measured.units;
    batch->doubled[row] = (int32_t)measured.doubled;
    batch->is_ucs2[row] = !measured.is_gsm7;
}

#endif
