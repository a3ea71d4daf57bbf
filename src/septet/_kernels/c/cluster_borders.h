/* cluster_borders.h: do the segments of a row of UTF-8 end between clusters?
 *
 * The classes of the characters before and after the end of a segment often say for certain that a cluster
 * begins there. If they do at all ends, the row has as many segments as if clusters could be cut. All other
 * rows are decoded and cut.
 */
#ifndef SEPTET_CLUSTER_BORDERS_H
#define SEPTET_CLUSTER_BORDERS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "clusters.h"
#include "scan_types.h"
#include "scan_utf8.h"

/* Does a cluster begin with the character at `at`, whatever is before and after the two around it? */
static inline int septet_is_certain(const uint8_t *octets, ptrdiff_t length, ptrdiff_t at,
                                    const septet_clusters *clusters)
{
    ptrdiff_t before = at - 1, after = at;
    uint32_t first, second;
    while (before > 0 && septet_is_continuation(octets[before]))
        before--;
    first = septet_decode_char(octets, at, &before);
    second = septet_decode_char(octets, length, &after);
    return clusters->certain[septet_class_of(clusters, first)] >> septet_class_of(clusters, second) & 1;
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

/* Does each segment of a measured row of several segments end where a cluster ends for certain? For a row that
 * is not UTF-8 the answer does not matter: its clusters may be cut.
 */
static int septet_ends_are_certain(const uint8_t *octets, const septet_row *measured, ptrdiff_t length,
                                   septet_capacity capacity, const septet_clusters *clusters)
{
    ptrdiff_t at, end;
    if (measured->is_gsm7 && measured->units == length && measured->doubled == 0) {
        for (at = capacity.concatenated; at < length; at += capacity.concatenated)
            if (!septet_is_certain(octets, length, at, clusters))
                return 0;
        return 1;
    }
    if (measured->is_gsm7) /* the only cluster of several characters in the default tables is CR LF */
        return memchr(octets, '\r', (size_t)length) == NULL;
    for (at = 0; (end = septet_skip_code_units(octets, length, at, capacity.concatenated)) < length; at = end)
        if (end == at || !septet_is_certain(octets, length, end, clusters))
            return 0;
    return 1;
}

#endif
