/* scan.h: count the units and segments of one text of any character width, and cut it into segments.
 *
 * Plain C without Python, so that it can be fuzzed and embedded by itself. Nothing is allocated, and only
 * results are written; the tables are filled once, before the first text.
 */
#ifndef SEPTET_SCAN_H
#define SEPTET_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "clusters.h"
#include "scan_tables.h"
#include "scan_types.h"
#include "simd/dispatch.h"

static inline int septet_char_units(septet_coding coding, uint32_t c)
{
    if (coding.locking == SEPTET_UCS2)
        return c > 0xFFFF ? 2 : 1;
    return septet_in_locking(c, coding.locking) ? 1 : 2;
}

static inline int septet_is_in_tables(septet_coding coding, uint32_t c)
{
    return septet_in_locking(c, coding.locking) || septet_in_single(c, coding.single);
}

/* Count the characters that take two septets under the default tables; -1 if one is in neither. */
static inline ptrdiff_t septet_classify(const septet_text *text, ptrdiff_t start, ptrdiff_t length)
{
    switch (septet_width(text)) {
    case 1: return septet_classify_1((const uint8_t *)text->data + start, length);
    case 2: return septet_classify_2((const uint16_t *)text->data + start, length);
    default: return septet_classify_4((const uint32_t *)text->data + start, length);
    }
}

static inline ptrdiff_t septet_count_astral(const septet_text *text, ptrdiff_t start, ptrdiff_t length)
{
    return septet_width(text) == 4 ? septet_count_astral_4((const uint32_t *)text->data + start, length) : 0;
}

/* Count the units of part of a text whose characters are all in the coding. */
static ptrdiff_t septet_count_units(const septet_text *text, septet_coding coding, ptrdiff_t start,
                                    ptrdiff_t length)
{
    ptrdiff_t units = 0, i;
    if (coding.locking == SEPTET_UCS2)
        return length + septet_count_astral(text, start, length);
    if (coding.locking == 0 && coding.single == 0)
        return length + septet_classify(text, start, length);
    for (i = start; i < start + length; i++)
        units += septet_char_units(coding, septet_char(text, i));
    return units;
}

/* The units of a text under the default tables: septets, or code units if they lack a character. */
typedef struct {
    int is_gsm7;
    ptrdiff_t units;
} septet_scan;

static inline septet_scan septet_scan_default(const septet_text *text)
{
    septet_scan scan = {0, text->length};
    ptrdiff_t doubled = septet_count_astral(text, 0, text->length);
    if (doubled == 0) {
        doubled = septet_classify(text, 0, text->length);
        scan.is_gsm7 = doubled >= 0;
    }
    if (doubled > 0)
        scan.units += doubled;
    return scan;
}

/* Guess how many characters of a text fill a segment, from the units of all of it; exactly if no character
 * takes two.
 */
static inline ptrdiff_t septet_guess_length(const septet_text *text, ptrdiff_t units, ptrdiff_t capacity)
{
    return units == text->length ? capacity : (ptrdiff_t)((double)text->length / (double)units * (double)capacity);
}

/* Return the end of the segment that begins at `start`; `*units` receives its units.
 *
 * `guess` is that of septet_guess_length. `search` is that of the segment before, or a new one.
 */
static ptrdiff_t septet_segment_end(const septet_text *text, septet_coding coding, ptrdiff_t guess,
                                    ptrdiff_t start, ptrdiff_t capacity, septet_cluster_search *search,
                                    ptrdiff_t *units)
{
    ptrdiff_t used, end, cluster, stop;
    used = text->length - start < guess ? text->length - start : guess;
    end = start + used;
    if (guess != capacity) {
        used = septet_count_units(text, coding, start, used);
        while (used > capacity) {
            end--;
            used -= septet_char_units(coding, septet_char(text, end));
        }
        while (used < capacity && end < text->length) {
            const int more = septet_char_units(coding, septet_char(text, end));
            if (used + more > capacity)
                break;
            used += more;
            end++;
        }
    }
    if (end < text->length && septet_is_pair(text, end)) {
        end--;
        used--;
    }
    *units = used;
    if (end == text->length || search->clusters == NULL)
        return end;

    /* Inside a cluster: move it to the next segment, unless it is too long for any. */
    cluster = septet_cluster_start(text, search, end);
    if (cluster == end || cluster <= start)
        return end;
    stop = septet_cluster_stop(text, search, cluster + capacity);
    if (septet_count_units(text, coding, cluster, stop - cluster) > capacity)
        return end;
    *units -= septet_count_units(text, coding, cluster, end - cluster);
    return cluster;
}

/* Cut a text of `units` and return the number of segments; `*last` receives the units of the last one. */
static ptrdiff_t septet_count_by_cutting(const septet_text *text, septet_coding coding, ptrdiff_t units,
                                         septet_capacity capacity, const septet_clusters *clusters,
                                         ptrdiff_t *last)
{
    septet_cluster_search search;
    ptrdiff_t guess, count = 0, start = 0;
    *last = units;
    if (units <= capacity.single)
        return 1;
    if (units == text->length && coding.locking != SEPTET_UCS2 && clusters == NULL) {
        /* One septet for each character: nothing moves to the next segment. */
        count = septet_fewest_segments(units, capacity);
        *last -= (count - 1) * capacity.concatenated;
        return count;
    }
    guess = septet_guess_length(text, units, capacity.concatenated);
    search = septet_start_search(clusters);
    while (start < text->length) {
        start = septet_segment_end(text, coding, guess, start, capacity.concatenated, &search, last);
        count++;
    }
    return count;
}

/* Count the segments of a text, by arithmetic unless the exact boundaries can matter. */
static ptrdiff_t septet_count_segments(const septet_text *text, septet_coding coding,
                                       ptrdiff_t units, septet_capacity capacity,
                                       const septet_clusters *clusters)
{
    const ptrdiff_t segments = septet_segments_by_units(units, capacity, clusters != NULL);
    ptrdiff_t last;
    if (segments > 0)
        return segments;
    return septet_count_by_cutting(text, coding, units, capacity, clusters, &last);
}

#endif
