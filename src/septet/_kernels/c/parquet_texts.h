/* parquet_texts.h: texts of Parquet pages as views (Apache Parquet, "Encodings": PLAIN, RLE_DICTIONARY).
 *
 * A page may be damaged: every length, width and index is checked before it is used.
 */
#ifndef SEPTET_PARQUET_TEXTS_H
#define SEPTET_PARQUET_TEXTS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "simd/dispatch.h"
#include "views.h"

enum { SEPTET_MAX_RUN_WIDTH = 32, SEPTET_PLAIN_LENGTH_OCTETS = 4 };

/* Numbers of `width` bits in the hybrid of runs (each a number and how often it is repeated) and of
 * packed groups of eight numbers.
 */
typedef struct {
    const uint8_t *octets;
    ptrdiff_t left;
    int width;
    uint32_t value;   /* of the run */
    uint64_t repeats; /* of it that are left */
    uint64_t packed;  /* packed numbers that are left */
    int bit;          /* of the first octet, where the next packed number begins */
} septet_runs;

typedef struct {
    uint8_t *octets;
    ptrdiff_t size;
    ptrdiff_t position;  /* of the next value in the plain encoding */
    int has_levels;      /* that tell which rows are null */
    int has_indexes;     /* of values of the dictionary */
    septet_runs levels;
    septet_runs indexes;
    const uint8_t *dictionary; /* a view of each of its values */
    uint64_t dictionary_count;
} septet_text_page;

static void septet_start_runs(septet_runs *runs, const uint8_t *octets, ptrdiff_t size, int width)
{
    memset(runs, 0, sizeof *runs);
    runs->octets = octets;
    runs->left = size;
    runs->width = width;
}

static inline void septet_skip_run_octets(septet_runs *runs, ptrdiff_t count)
{
    runs->octets += count;
    runs->left -= count;
}

/* Read the head of a run or of packed groups; return 0 if it is damaged. */
static int septet_read_run_head(septet_runs *runs)
{
    uint64_t head = 0;
    int shift, octet;
    for (shift = 0;; shift += 7) {
        if (shift > 28 || runs->left < 1)
            return 0;
        head |= (uint64_t)(*runs->octets & 0x7F) << shift;
        octet = *runs->octets;
        septet_skip_run_octets(runs, 1);
        if (octet < 0x80)
            break;
    }
    if (head & 1) {
        runs->packed = (head >> 1) * 8;
        runs->bit = 0;
    } else {
        const ptrdiff_t size = (runs->width + 7) / 8;
        ptrdiff_t i;
        if (runs->left < size)
            return 0;
        runs->repeats = head >> 1;
        runs->value = 0;
        for (i = 0; i < size; i++)
            runs->value |= (uint32_t)runs->octets[i] << 8 * i;
        septet_skip_run_octets(runs, size);
    }
    return 1;
}

/* Read the next number, and return how often it is repeated, up to `max`; 0 if the runs are damaged. */
static inline ptrdiff_t septet_next_run(septet_runs *runs, ptrdiff_t max, uint32_t *value)
{
    while (!runs->repeats && !runs->packed)
        if (!septet_read_run_head(runs))
            return 0;
    if (runs->repeats) {
        const ptrdiff_t count = runs->repeats < (uint64_t)max ? (ptrdiff_t)runs->repeats : max;
        runs->repeats -= (uint64_t)count;
        *value = runs->value;
        return count;
    } else {
        const int end = runs->bit + runs->width;
        const ptrdiff_t size = (end + 7) / 8;
        uint64_t word = 0;
        ptrdiff_t i;
        if (runs->left < size)
            return 0;
        for (i = 0; i < size; i++)
            word |= (uint64_t)runs->octets[i] << 8 * i;
        *value = (uint32_t)(word >> runs->bit & (((uint64_t)1 << runs->width) - 1));
        runs->packed--;
        runs->bit = end % 8;
        septet_skip_run_octets(runs, end / 8);
        return 1;
    }
}

/* Write views of values in the plain encoding, and zeros over their lengths; return whether all of them are whole. */
static int septet_read_plain_texts(septet_text_page *page, uint8_t *views, ptrdiff_t count, int32_t buffer)
{
    ptrdiff_t row, position = page->position;
    for (row = 0; row < count; row++, views += SEPTET_VIEW_OCTETS) {
        const ptrdiff_t left = page->size - position - SEPTET_PLAIN_LENGTH_OCTETS;
        uint8_t *const octets = page->octets + position;
        uint32_t length;
        if (left < 0)
            return 0;
        length = (uint32_t)octets[0] | (uint32_t)octets[1] << 8 | (uint32_t)octets[2] << 16
            | (uint32_t)octets[3] << 24;
        if (length > (uint64_t)left)
            return 0;
        memset(octets, 0, SEPTET_PLAIN_LENGTH_OCTETS);
        position += SEPTET_PLAIN_LENGTH_OCTETS;
        if (left < SEPTET_MAX_INLINE_OCTETS)
            septet_write_view(views, page->octets + position, (ptrdiff_t)length, buffer, position);
        else
            septet_write_readable_view(views, page->octets + position, (ptrdiff_t)length, buffer, position);
        position += (ptrdiff_t)length;
    }
    page->position = position;
    return 1;
}

/* Write views of values of the dictionary; return whether it has all of them. */
static int septet_read_indexed_texts(septet_text_page *page, uint8_t *views, ptrdiff_t count)
{
    while (count > 0) {
        uint32_t index;
        ptrdiff_t run = septet_next_run(&page->indexes, count, &index);
        if (run == 0 || index >= page->dictionary_count)
            return 0;
        for (count -= run; run > 0; run--, views += SEPTET_VIEW_OCTETS)
            memcpy(views, page->dictionary + (size_t)index * SEPTET_VIEW_OCTETS, SEPTET_VIEW_OCTETS);
    }
    return 1;
}

/* Write the views of the next `count` rows of a page, the first of which has the number `row` in
 * `views` and `validity`; clear the bits of nulls. Return the number of nulls, or -1 if the page is
 * damaged or a text is not UTF-8. Texts have zeros between them then, and are checked as one.
 */
static ptrdiff_t septet_read_page_texts(septet_text_page *page, uint8_t *views, uint8_t *validity, ptrdiff_t row,
                                        ptrdiff_t count, int32_t buffer)
{
    const ptrdiff_t stop = row + count, position = page->position;
    ptrdiff_t null_count = 0;
    while (row < stop) {
        uint8_t *const first = views + row * SEPTET_VIEW_OCTETS;
        uint32_t is_valid = 1;
        ptrdiff_t run = stop - row;
        if (page->has_levels)
            run = septet_next_run(&page->levels, run, &is_valid);
        if (run == 0 || is_valid > 1)
            return -1;
        if (!is_valid) {
            ptrdiff_t i;
            memset(first, 0, (size_t)run * SEPTET_VIEW_OCTETS);
            for (i = row; i < row + run; i++)
                validity[i / 8] &= (uint8_t)~(1u << i % 8);
            null_count += run;
        } else if (!(page->has_indexes ? septet_read_indexed_texts(page, first, run)
                                       : septet_read_plain_texts(page, first, run, buffer))) {
            return -1;
        }
        row += run;
    }
    if (page->position > position && !septet_is_utf8(page->octets + position, page->position - position))
        return -1;
    return null_count;
}

#endif
