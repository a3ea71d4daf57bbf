/* scan.h: count, measure and cut one text, whatever the width of its characters.
 *
 * Plain C without Python, so that it can be fuzzed and embedded on its own. Nothing is allocated,
 * nothing is written but the results; the tables are filled once, before the first text.
 */
#ifndef SEPTET_SCAN_H
#define SEPTET_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "scan_tables.h"
#include "scan_types.h"
#include "simd/dispatch.h"

static inline int septet_units(septet_coding coding, uint32_t c)
{
    if (coding.locking == SEPTET_UCS2)
        return c > 0xFFFF ? 2 : 1;
    return septet_in_locking(c, coding.locking) ? 1 : 2;
}

static inline int septet_has(septet_coding coding, uint32_t c)
{
    return septet_in_locking(c, coding.locking) || septet_in_single(c, coding.single);
}

/* Characters under the default tables that take two septets; -1 when one is in neither table. */
static inline ptrdiff_t septet_classify(const septet_text *text, ptrdiff_t start, ptrdiff_t length)
{
    switch (text->width) {
    case 1: return septet_classify_1((const uint8_t *)text->data + start, length);
    case 2: return septet_classify_2((const uint16_t *)text->data + start, length);
    default: return septet_classify_4((const uint32_t *)text->data + start, length);
    }
}

static inline ptrdiff_t septet_astral(const septet_text *text, ptrdiff_t start, ptrdiff_t length)
{
    return text->width == 4 ? septet_count_astral((const uint32_t *)text->data + start, length) : 0;
}

/* Units of a stretch of a text that the coding can carry. */
static ptrdiff_t septet_stretch(const septet_text *text, septet_coding coding, ptrdiff_t start,
                                ptrdiff_t length)
{
    ptrdiff_t units = 0, i;
    if (coding.locking == SEPTET_UCS2)
        return length + septet_astral(text, start, length);
    if (coding.locking == 0 && coding.single == 0)
        return length + septet_classify(text, start, length);
    for (i = start; i < start + length; i++)
        units += septet_units(coding, septet_char(text, i));
    return units;
}

/* What one pass tells of a text under the default tables: septets, or code units without them. */
typedef struct {
    int is_gsm7;
    ptrdiff_t units;
} septet_scan;

static inline septet_scan septet_scan_default(const septet_text *text)
{
    septet_scan scan = {0, text->length};
    ptrdiff_t doubled = septet_astral(text, 0, text->length);
    if (doubled == 0) {
        doubled = septet_classify(text, 0, text->length);
        scan.is_gsm7 = doubled >= 0;
    }
    if (doubled > 0)
        scan.units += doubled;
    return scan;
}

/* Do the characters before and at `index` make a surrogate pair? Code points of a Python string
 * can be halves that stand next to each other: on the air they are one character.
 */
static inline int septet_is_pair(const septet_text *text, ptrdiff_t index)
{
    return septet_is_low(septet_char(text, index)) && septet_is_high(septet_char(text, index - 1));
}

/* The end of the segment that begins at `start`, and the units it takes.
 *
 * `even` says that no character of the text takes two units. `breaks`, when given, has a non-zero
 * octet for every character that begins a grapheme cluster.
 */
static ptrdiff_t septet_segment_end(const septet_text *text, septet_coding coding, int even,
                                    ptrdiff_t start, ptrdiff_t capacity, const uint8_t *breaks,
                                    ptrdiff_t *units)
{
    ptrdiff_t used, end, cluster, stop;
    used = text->length - start < capacity ? text->length - start : capacity;
    end = start + used;
    if (!even) {
        used = septet_stretch(text, coding, start, used);
        while (used > capacity) {
            end--;
            used -= septet_units(coding, septet_char(text, end));
        }
    }
    if (end < text->length && septet_is_pair(text, end)) {
        end--;
        used--;
    }
    *units = used;
    if (end == text->length || breaks == NULL || breaks[end])
        return end;

    /* Inside a cluster: leave it to the next segment, unless it is too long for any. */
    for (cluster = end - 1; cluster > start && !breaks[cluster];)
        cluster--;
    if (cluster == start)
        return end;
    for (stop = end; stop < text->length && !breaks[stop] && stop - cluster <= capacity;)
        stop++;
    if (septet_stretch(text, coding, cluster, stop - cluster) > capacity)
        return end;
    *units = septet_stretch(text, coding, start, cluster - start);
    return cluster;
}

/* How many segments a text of `units` takes; `*last` receives the units in the last of them. */
static ptrdiff_t septet_walk(const septet_text *text, septet_coding coding, ptrdiff_t units,
                             septet_capacity capacity, const uint8_t *breaks, ptrdiff_t *last)
{
    const int even = units == text->length;
    ptrdiff_t count = 0, start = 0;
    *last = units;
    if (units <= capacity.single)
        return 1;
    while (start < text->length) {
        start = septet_segment_end(text, coding, even, start, capacity.concatenated, breaks, last);
        count++;
    }
    return count;
}

/* Segments when every border falls where it wastes nothing. */
static inline ptrdiff_t septet_fewest_segments(ptrdiff_t units, septet_capacity capacity)
{
    const ptrdiff_t full = capacity.concatenated;
    return units <= capacity.single ? 1 : (units + full - 1) / full;
}

/* How many segments a text takes: by arithmetic, unless the borders can matter. */
static ptrdiff_t septet_count_segments(const septet_text *text, septet_coding coding,
                                       ptrdiff_t units, septet_capacity capacity,
                                       const uint8_t *breaks)
{
    const ptrdiff_t fewest = septet_fewest_segments(units, capacity);
    ptrdiff_t last;
    /* A border wastes at most one unit, so `fewest` segments hold at least this many units. */
    if (fewest == 1 || (breaks == NULL && units <= fewest * (capacity.concatenated - 1) + 1))
        return fewest;
    return septet_walk(text, coding, units, capacity, breaks, &last);
}

#endif
