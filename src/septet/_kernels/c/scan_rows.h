/* scan_rows.h: read rows of an Arrow text column (utf8, large_utf8, utf8_view), and write their facts.
 *
 * Buffers come from outside: decreasing offsets and views outside their buffer are detected before
 * anything is read there.
 */
#ifndef SEPTET_SCAN_ROWS_H
#define SEPTET_SCAN_ROWS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The longest row whose units, at most two for each octet, fit into 32 bits. */
#define SEPTET_MAX_ROW_OCTETS (INT32_MAX / 2)

typedef enum { SEPTET_UTF8, SEPTET_LARGE_UTF8, SEPTET_UTF8_VIEW } septet_layout;

typedef struct {
    septet_layout layout;
    const void *rows;             /* offsets, or views of 16 octets */
    const uint8_t *values;        /* of utf8 and large_utf8; never NULL there */
    const uint8_t *const *buffers; /* of utf8_view, with their sizes */
    const int64_t *sizes;
    int64_t buffer_count;
    const uint8_t *validity;      /* a bit for each row, or NULL when none is null */
} septet_column;

/* Buffers with one value for each counted row; `units` and `encodings` may be NULL. */
typedef struct {
    int32_t *segments;
    int32_t *units;
    uint8_t *encodings; /* 0 for GSM-7, 1 for UCS-2 */
} septet_facts;

/* How reading rows ended; `Outcome` in arrow/rows.py has the same names and values. */
typedef enum {
    SEPTET_FINE,
    SEPTET_OFFSETS_GO_BACK,
    SEPTET_VIEW_OUT_OF_RANGE,
    SEPTET_NO_ENCODING,
    SEPTET_TOO_LONG,
    SEPTET_NO_MEMORY,
    SEPTET_NOT_UTF8
} septet_outcome;

static inline void septet_write_facts(const septet_facts *facts, ptrdiff_t row, ptrdiff_t segments,
                                      ptrdiff_t units, int is_ucs2)
{
    facts->segments[row] = (int32_t)segments;
    if (facts->units != NULL) {
        facts->units[row] = (int32_t)units;
        facts->encodings[row] = (uint8_t)is_ucs2;
    }
}

static inline int septet_is_null(const septet_column *column, ptrdiff_t row)
{
    return column->validity != NULL && !(column->validity[row >> 3] >> (row & 7) & 1);
}

/* Offsets need not be aligned. */
static inline int32_t septet_offset_32(const void *rows, ptrdiff_t row)
{
    int32_t offset;
    memcpy(&offset, (const uint8_t *)rows + row * (ptrdiff_t)sizeof offset, sizeof offset);
    return offset;
}

static inline int64_t septet_offset(const septet_column *column, ptrdiff_t row)
{
    int64_t offset;
    if (column->layout == SEPTET_UTF8)
        return septet_offset_32(column->rows, row);
    memcpy(&offset, (const uint8_t *)column->rows + row * (ptrdiff_t)sizeof offset, sizeof offset);
    return offset;
}

/* Read the position of a row of a utf8_view; `*end` receives the end of its readable memory. */
static inline septet_outcome septet_read_view(const septet_column *column, ptrdiff_t row,
                                              const uint8_t **octets, int64_t *length, const uint8_t **end)
{
    /* A view has a length, then up to 12 octets of text, or 4 of them, a buffer index and an offset. */
    enum { VIEW = 16, LENGTH = 4, INLINE = 12 };
    const uint8_t *const view = (const uint8_t *)column->rows + row * VIEW;
    int32_t fields[4];
    memcpy(fields, view, VIEW);
    *length = fields[0];
    if (fields[0] > INLINE) {
        if (fields[2] < 0 || fields[2] >= column->buffer_count || fields[3] < 0
            || (int64_t)fields[3] + fields[0] > column->sizes[fields[2]])
            return SEPTET_VIEW_OUT_OF_RANGE;
        *octets = column->buffers[fields[2]] + fields[3];
        *end = column->buffers[fields[2]] + column->sizes[fields[2]];
        return SEPTET_FINE;
    }
    *octets = view + LENGTH;
    *end = view + VIEW;
    return fields[0] < 0 ? SEPTET_VIEW_OUT_OF_RANGE : SEPTET_FINE;
}

/* Read the position of a row of any layout; `last` is the offset after the last readable row. */
static inline septet_outcome septet_read_row(const septet_column *column, ptrdiff_t row, int64_t last,
                                             const uint8_t **octets, int64_t *length)
{
    const uint8_t *end;
    int64_t from, to;
    if (column->layout == SEPTET_UTF8_VIEW)
        return septet_read_view(column, row, octets, length, &end);
    from = septet_offset(column, row);
    to = septet_offset(column, row + 1);
    if (from < 0 || to < from || to > last)
        return SEPTET_OFFSETS_GO_BACK;
    *octets = column->values + from;
    *length = to - from;
    return SEPTET_FINE;
}

/* The same for a row that may be null, which then has no octets. The view of a null may be invalid. */
static inline septet_outcome septet_read_nullable_row(const septet_column *column, ptrdiff_t row, int64_t last,
                                                      const uint8_t **octets, int64_t *length)
{
    const septet_outcome outcome = septet_read_row(column, row, last, octets, length);
    if (!septet_is_null(column, row))
        return outcome;
    *length = 0;
    if (column->layout != SEPTET_UTF8_VIEW)
        return outcome;
    *octets = column->rows;
    return SEPTET_FINE;
}

static inline int64_t septet_last_offset(const septet_column *column, ptrdiff_t stop)
{
    return column->layout == SEPTET_UTF8_VIEW ? 0 : septet_offset(column, stop);
}

#endif
