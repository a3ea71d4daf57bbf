/* cluster_borders.h: count the segments of a row of UTF-8 whose clusters are kept, in place.
 *
 * The classes of the characters before and after the end of a segment often say for certain that a cluster
 * begins there. If not, only the characters from the last such place on are read.
 */
#ifndef SEPTET_CLUSTER_BORDERS_H
#define SEPTET_CLUSTER_BORDERS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "clusters.h"
#include "scan_types.h"
#include "scan_utf8.h"
#include "simd/dispatch.h"
#include "valid.h"

/* Move `*at` before the character that ends there, and return its class. */
static inline int septet_class_before(const uint8_t *octets, ptrdiff_t *at, const septet_clusters *clusters)
{
    const ptrdiff_t stop = *at;
    ptrdiff_t begin;
    do {
        --*at;
    } while (*at > 0 && septet_is_continuation(octets[*at]));
    begin = *at;
    return septet_class_of(clusters, septet_decode_char(octets, stop, &begin));
}

/* Return the index of the first character after `at` that does not fit into so many code units. */
static inline ptrdiff_t septet_skip_code_units(const uint8_t *octets, ptrdiff_t length, ptrdiff_t at,
                                               ptrdiff_t units)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; length - at >= 8; at += 8) {
        uint64_t eight, high, starts;
        ptrdiff_t count;
        memcpy(&eight, octets + at, sizeof eight);
        high = eight >> 7 & ones;
        /* One for each octet that is not a continuation, and one more from 0xF0 on. */
        starts = ones - (high & ~(eight >> 6)) + (high & eight >> 6 & eight >> 5 & eight >> 4);
        count = (ptrdiff_t)(starts * ones >> 56);
        if (count > units)
            break;
        units -= count;
    }
    for (; at < length; at++) {
        units -= !septet_is_continuation(octets[at]) + (octets[at] >= 0xF0);
        if (units < 0)
            break;
    }
    return at;
}

enum { SEPTET_MAX_OCTETS_BACK = 256 };

/* Return where a segment ends that begins at `start` and would be full at `end`: there, or before the cluster
 * that goes on there, if a segment can hold it; -1 if too many characters must be read.
 */
static ptrdiff_t septet_end_with_clusters(const uint8_t *octets, ptrdiff_t length, ptrdiff_t start, ptrdiff_t end,
                                          ptrdiff_t capacity, const septet_clusters *clusters)
{
    ptrdiff_t at = end, next = end, cluster, units = 0;
    int second = septet_class_of(clusters, septet_decode_char(octets, length, &next)), state = 0;
    while (at > 0) {
        ptrdiff_t before = at;
        const int first = septet_class_before(octets, &before, clusters);
        if (clusters->certain[first] >> second & 1)
            break;
        if (end - before > SEPTET_MAX_OCTETS_BACK)
            return -1;
        at = before;
        second = first;
    }
    if (at == end)
        return end;
    for (cluster = at; at < length; at = next) {
        uint32_t c;
        int transition;
        next = at;
        c = septet_decode_char(octets, length, &next);
        transition = septet_transition(clusters, state, c);
        if (transition & SEPTET_CLUSTER_BREAK) {
            if (at == end)
                return end;
            if (at > end)
                break;
            cluster = at;
            units = 0;
        }
        units += c > 0xFFFF ? 2 : 1;
        if (at >= end && units > capacity)
            return end;
        state = transition & (SEPTET_CLUSTER_WIDTH - 1);
    }
    return cluster > start ? cluster : end;
}

/* May a segment of a row of GSM-7 end inside CR LF? No other cluster of the default tables has several
 * characters.
 */
static int septet_may_cut_cr_lf(const uint8_t *octets, ptrdiff_t length, ptrdiff_t capacity)
{
    const uint8_t *const end = octets + length;
    const uint8_t *cr;
    ptrdiff_t units = 0;
    while ((cr = memchr(octets, '\r', (size_t)(end - octets))) != NULL) {
        units += septet_measure_row(octets, cr + 1 - octets, 0, end).units;
        octets = cr + 1;
        /* Each segment before leaves at most one septet unused. */
        if (octets < end && *octets == '\n' && units / (capacity - 1) >= (units + capacity - 1) / capacity)
            return 1;
    }
    return 0;
}

/* May a segment of a row of one septet a character end inside a cluster? */
static inline int septet_may_cut_plain(const uint8_t *octets, ptrdiff_t length, ptrdiff_t capacity,
                                       const septet_clusters *clusters)
{
    ptrdiff_t at;
    for (at = capacity; at < length; at += capacity)
        if (!(clusters->certain[septet_class_of(clusters, octets[at - 1])]
              >> septet_class_of(clusters, octets[at]) & 1))
            return 1;
    return 0;
}

/* Return the segments of a measured row, which are `segments` if clusters may be cut, but more than one; 0 if
 * the row must be decoded.
 */
static ptrdiff_t septet_count_with_clusters(const uint8_t *octets, const septet_row *measured, ptrdiff_t length,
                                            septet_capacity capacity, const septet_clusters *clusters,
                                            ptrdiff_t segments)
{
    const ptrdiff_t full = capacity.concatenated;
    ptrdiff_t start = 0, count = 1;
    int is_moved = 0;
    if (measured->is_gsm7) {
        const int is_plain = measured->doubled == 0 && measured->units == length;
        return (is_plain ? septet_may_cut_plain(octets, length, full, clusters)
                : septet_may_cut_cr_lf(octets, length, full)) ? 0 : segments;
    }
    for (;; count++) {
        const ptrdiff_t full_end = septet_skip_code_units(octets, length, start, full);
        ptrdiff_t end;
        if (full_end == length)
            break;
        end = septet_end_with_clusters(octets, length, start, full_end, full, clusters);
        if (end <= start)
            return 0;
        is_moved |= end != full_end;
        start = end;
    }
    /* The clusters of a row that is not UTF-8 may be cut. */
    return is_moved && septet_is_utf8(octets, length) ? count : segments;
}

#endif
