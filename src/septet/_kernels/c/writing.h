/* writing.h: rows of priced files: number the prices of rows, append fields to records, and make records
 * of columns.
 *
 * Buffers come from outside: rows and numbers are checked before anything is read there.
 */
#ifndef SEPTET_WRITING_H
#define SEPTET_WRITING_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_rows.h"

/* Bytes that are copied at once, and that must be writable after the output. */
enum { SEPTET_COPY_BLOCK = 32 };

/* Characters of the longest number. */
enum { SEPTET_MAX_DIGITS_OF_INT32 = 10 };

/* Bytes that are the same in many rows; a block can be read from where they begin. */
typedef struct {
    const uint8_t *bytes;
    int64_t length;
} septet_field;

/* Number the distinct combinations of encoding, rate and segments, in the order in which they first occur.
 * All rows without units are equal.
 *
 * `numbers` receives the number of each row, and `firsts` the first row of each combination; both have
 * `row_count` values. `table` has `mask` + 1 slots, all 0: a power of two, and more than there are rows.
 */
static ptrdiff_t septet_number_prices(const int32_t *segments, const int32_t *units, const uint8_t *encodings,
                                      const int32_t *rates, ptrdiff_t row_count, int32_t *table, uint32_t mask,
                                      int32_t *firsts, int32_t *numbers)
{
    ptrdiff_t count = 0, row;
    for (row = 0; row < row_count; row++) {
        const int has_text = units[row] != 0;
        uint32_t hash = 0, at;
        if (has_text) {
            hash = ((uint32_t)rates[row] * 2 + encodings[row]) * UINT32_C(0x9E3779B1);
            hash = (hash ^ (uint32_t)segments[row]) * UINT32_C(0x9E3779B1);
        }
        for (at = hash ^ hash >> 15;; at++) {
            int32_t *const slot = table + (at & mask); /* a number plus 1, or 0 */
            ptrdiff_t first;
            if (*slot == 0) {
                firsts[count] = (int32_t)row;
                *slot = (int32_t)++count;
                break;
            }
            first = firsts[*slot - 1];
            if (has_text ? units[first] != 0 && rates[first] == rates[row] && segments[first] == segments[row]
                               && encodings[first] == encodings[row]
                         : units[first] == 0)
                break;
        }
        numbers[row] = table[at & mask] - 1;
    }
    return count;
}

/* Write a field and return the position after it; a block may be written. */
static inline uint8_t *septet_append_field(uint8_t *out, const septet_field *field)
{
    if (field->length <= SEPTET_COPY_BLOCK)
        memcpy(out, field->bytes, SEPTET_COPY_BLOCK);
    else
        memcpy(out, field->bytes, (size_t)field->length);
    return out + field->length;
}

static inline uint8_t *septet_write_digits(uint8_t *out, uint32_t value)
{
    uint8_t digits[SEPTET_MAX_DIGITS_OF_INT32];
    uint8_t *const end = digits + sizeof digits, *at = end;
    do
        *--at = (uint8_t)('0' + value % 10);
    while ((value /= 10) != 0);
    memcpy(out, at, (size_t)(end - at));
    return out + (end - at);
}

/* A column of texts or bytes, and its first row. */
typedef struct {
    septet_column column;
    ptrdiff_t first;
} septet_cells;

/* Return the first row that is outside its buffer, whose units are negative or whose number has no fields; -1
 * if there is none. `*size` receives a bound for the size of the output of the rows before it.
 */
static ptrdiff_t septet_measure_records(const septet_cells *records, ptrdiff_t row_count, const int32_t *units,
                                        const int32_t *numbers, const septet_field *before,
                                        const septet_field *after, ptrdiff_t number_count, int64_t *size)
{
    const int64_t last = septet_last_offset(&records->column, records->first + row_count);
    ptrdiff_t row;
    *size = SEPTET_COPY_BLOCK;
    for (row = 0; row < row_count; row++) {
        const uint8_t *bytes;
        int64_t length;
        if (septet_read_nullable_row(&records->column, records->first + row, last, &bytes, &length) != SEPTET_FINE
            || units[row] < 0 || numbers[row] < 0 || numbers[row] >= number_count)
            return row;
        *size += length + before[numbers[row]].length + after[numbers[row]].length + SEPTET_MAX_DIGITS_OF_INT32;
    }
    return -1;
}

/* Write each record, the fields before its units, its units, and the fields after them; return the size. */
static int64_t septet_append_fields(const septet_cells *records, ptrdiff_t row_count, const int32_t *units,
                                    const int32_t *numbers, const septet_field *before,
                                    const septet_field *after, uint8_t *out)
{
    uint8_t *const start = out;
    ptrdiff_t row;
    for (row = 0; row < row_count; row++) {
        const uint8_t *bytes = out;
        int64_t length = 0;
        septet_read_nullable_row(&records->column, records->first + row, INT64_MAX, &bytes, &length);
        memcpy(out, bytes, (size_t)length);
        out = septet_append_field(out + length, before + numbers[row]);
        out = septet_write_digits(out, (uint32_t)units[row]);
        out = septet_append_field(out, after + numbers[row]);
    }
    return out - start;
}

/* Return how many rows, at least one, have records of at most `max_size` bytes; 0 if row `*bad_row` is outside
 * its buffer. `*size` receives a bound for the size of their records.
 */
static ptrdiff_t septet_measure_rows(const septet_cells *columns, ptrdiff_t width, ptrdiff_t row_count,
                                     int64_t max_size, int64_t *size, ptrdiff_t *bad_row)
{
    ptrdiff_t row, i;
    *size = 0;
    for (row = 0; row < row_count; row++) {
        int64_t row_size = 0;
        for (i = 0; i < width; i++) {
            const septet_cells *const cells = columns + i;
            const int64_t last = septet_last_offset(&cells->column, cells->first + row_count);
            const uint8_t *bytes;
            int64_t length;
            if (septet_read_nullable_row(&cells->column, cells->first + row, last, &bytes, &length)
                != SEPTET_FINE) {
                *bad_row = row;
                return 0;
            }
            row_size += 2 * length + 3; /* every character a quote, quotes around them, and a delimiter */
        }
        if (row > 0 && *size + row_size > max_size)
            break;
        *size += row_size;
    }
    return row;
}

/* Write a cell, in quotes if it has a delimiter, a quote or a line end. */
static inline uint8_t *septet_write_cell(uint8_t *out, const uint8_t *bytes, int64_t length, uint8_t delimiter)
{
    int64_t i = 0;
    while (i < length && bytes[i] != delimiter && bytes[i] != '"' && bytes[i] != '\r' && bytes[i] != '\n')
        i++;
    if (i == length) {
        memcpy(out, bytes, (size_t)length);
        return out + length;
    }
    *out++ = '"';
    for (i = 0; i < length; i++) {
        if (bytes[i] == '"')
            *out++ = '"';
        *out++ = bytes[i];
    }
    *out++ = '"';
    return out;
}

/* Write a record for each row, without line ends; `offsets` receives where each starts, and where the last
 * one stops. Nulls are empty. Return the size.
 */
static int64_t septet_make_records(const septet_cells *columns, ptrdiff_t width, ptrdiff_t row_count,
                                   uint8_t delimiter, int64_t *offsets, uint8_t *out)
{
    uint8_t *const start = out;
    ptrdiff_t row, i;
    for (row = 0; row < row_count; row++) {
        offsets[row] = out - start;
        for (i = 0; i < width; i++) {
            const uint8_t *bytes = NULL;
            int64_t length = 0;
            if (i > 0)
                *out++ = delimiter;
            septet_read_nullable_row(&columns[i].column, columns[i].first + row, INT64_MAX, &bytes, &length);
            if (length > 0)
                out = septet_write_cell(out, bytes, length, delimiter);
        }
    }
    offsets[row_count] = out - start;
    return out - start;
}

#endif
