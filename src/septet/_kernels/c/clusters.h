/* clusters.h: find grapheme clusters near the ends of segments.
 *
 * The tables are those of standard/graphemes.py: a machine that reads a text from its beginning. The class
 * of a character and the next one's often say for certain that a cluster begins between them; otherwise the
 * machine starts at the last place before where that is so. What it has read it does not read again, so a
 * text of a single cluster takes no longer than any other.
 */
#ifndef SEPTET_CLUSTERS_H
#define SEPTET_CLUSTERS_H

#include <stddef.h>
#include <stdint.h>

#include "scan_types.h"

#define SEPTET_CLUSTER_BREAK 0x80

/* How far the clusters of a text are known. No index is inside a surrogate pair. */
typedef struct {
    const septet_clusters *clusters; /* NULL if they may be cut */
    ptrdiff_t index;                 /* the characters before it have been read */
    ptrdiff_t start;                 /* where the cluster of the last of them begins */
    int state;
} septet_cluster_search;

static inline septet_cluster_search septet_start_search(const septet_clusters *clusters)
{
    const septet_cluster_search search = {clusters, 0, 0, 0};
    return search;
}

static inline int septet_class_of(const septet_clusters *clusters, uint32_t c)
{
    const uint32_t tag = c - SEPTET_FIRST_TAG;
    if (c >= SEPTET_CLASS_PLANES)
        c = SEPTET_CLASS_PLANES + (tag < SEPTET_CLASS_TAGS ? tag : SEPTET_CLASS_TAGS);
    return clusters->classes[c] & (SEPTET_CLUSTER_WIDTH - 1);
}

/* Return the character at `*index`, a surrogate pair as one, and move `*index` after it. */
static inline uint32_t septet_next_char(const septet_text *text, ptrdiff_t *index)
{
    const uint32_t c = septet_char(text, (*index)++);
    if (septet_is_high(c) && *index < text->length && septet_is_low(septet_char(text, *index)))
        return septet_join_pair(c, septet_char(text, (*index)++));
    return c;
}

/* Move `*index` before the character that ends there, and return it. */
static inline uint32_t septet_previous_char(const septet_text *text, ptrdiff_t *index)
{
    const uint32_t c = septet_char(text, --*index);
    if (septet_is_low(c) && *index > 0 && septet_is_high(septet_char(text, *index - 1)))
        return septet_join_pair(septet_char(text, --*index), c);
    return c;
}

static inline int septet_transition(const septet_clusters *clusters, int state, uint32_t c)
{
    return clusters->transitions[state * SEPTET_CLUSTER_WIDTH + septet_class_of(clusters, c)];
}

/* Read the characters up to `stop`. */
static inline void septet_read_clusters(const septet_text *text, septet_cluster_search *search, ptrdiff_t stop)
{
    while (search->index < stop) {
        ptrdiff_t next = search->index;
        const int transition = septet_transition(search->clusters, search->state, septet_next_char(text, &next));
        if (transition & SEPTET_CLUSTER_BREAK)
            search->start = search->index;
        search->state = transition & (SEPTET_CLUSTER_WIDTH - 1);
        search->index = next;
    }
}

/* Return where the cluster begins that has the character at `index`, which is before the end of the text and
 * not before the index of an earlier search.
 */
static inline ptrdiff_t septet_cluster_start(const septet_text *text, septet_cluster_search *search, ptrdiff_t index)
{
    const septet_clusters *const clusters = search->clusters;
    ptrdiff_t from = index, next = index;
    int second = septet_class_of(clusters, septet_next_char(text, &next));
    while (from > search->index) {
        ptrdiff_t before = from;
        const int first = septet_class_of(clusters, septet_previous_char(text, &before));
        if (clusters->certain[first] >> second & 1) {
            if (from == index)
                return index;
            search->index = search->start = from;
            search->state = 0;
            break;
        }
        from = before;
        second = first;
    }
    septet_read_clusters(text, search, index);
    next = index;
    return septet_transition(clusters, search->state, septet_next_char(text, &next)) & SEPTET_CLUSTER_BREAK
        ? index : search->start;
}

/* Return the end of the cluster that the search is in, or an index after `limit` before it. */
static inline ptrdiff_t septet_cluster_stop(const septet_text *text, const septet_cluster_search *search,
                                     ptrdiff_t limit)
{
    septet_cluster_search ahead = *search;
    while (ahead.index < text->length && ahead.index <= limit) {
        ptrdiff_t next = ahead.index;
        septet_next_char(text, &next);
        septet_read_clusters(text, &ahead, next);
        if (ahead.start != search->start)
            return ahead.start;
    }
    return ahead.index;
}

#endif
