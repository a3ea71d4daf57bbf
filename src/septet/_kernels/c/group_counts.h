/* group_counts.h: count the messages of each group by rate and segments. */
#ifndef SEPTET_GROUP_COUNTS_H
#define SEPTET_GROUP_COUNTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct {
    int64_t messages; /* 0 in an empty slot */
    int32_t group, rate, segments;
} septet_group_count;

/* A table with open addressing; set to zeros, it is empty. */
typedef struct {
    septet_group_count *slots;
    uint32_t slot_count; /* 0, or a power of two that is more than 4/3 of the slots in use */
    uint32_t used;
} septet_group_counts;

static inline septet_group_count *septet_group_slot(const septet_group_counts *counts, int32_t group,
                                                    int32_t rate, int32_t segments)
{
    uint32_t hash = (uint32_t)group * UINT32_C(0x9E3779B1), at;
    hash = (hash ^ hash >> 15 ^ (uint32_t)rate) * UINT32_C(0x9E3779B1);
    hash = (hash ^ hash >> 15 ^ (uint32_t)segments) * UINT32_C(0x9E3779B1);
    for (at = hash ^ hash >> 15;; at++) {
        septet_group_count *const slot = counts->slots + (at & (counts->slot_count - 1));
        if (slot->messages == 0
            || (slot->group == group && slot->rate == rate && slot->segments == segments))
            return slot;
    }
}

/* Return 0 without memory. */
static int septet_grow_group_counts(septet_group_counts *counts)
{
    enum { MIN_SLOTS = 64 };
    septet_group_counts larger = {NULL, counts->slot_count == 0 ? MIN_SLOTS : 2 * counts->slot_count, 0};
    uint32_t at;
    if (larger.slot_count == 0) /* it would be 1 << 32 */
        return 0;
    larger.slots = (septet_group_count *)calloc(larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL)
        return 0;
    for (at = 0; at < counts->slot_count; at++) {
        const septet_group_count *const slot = counts->slots + at;
        if (slot->messages != 0)
            *septet_group_slot(&larger, slot->group, slot->rate, slot->segments) = *slot;
    }
    larger.used = counts->used;
    free(counts->slots);
    *counts = larger;
    return 1;
}

/* Count the rows that have units; return how many rows were counted, fewer than `row_count` without memory. */
static ptrdiff_t septet_count_groups(septet_group_counts *counts, const int32_t *groups, const int32_t *rates,
                                     const int32_t *segments, const int32_t *units, ptrdiff_t row_count)
{
    ptrdiff_t row;
    for (row = 0; row < row_count; row++) {
        septet_group_count *slot;
        if (units[row] == 0)
            continue;
        if (counts->used >= counts->slot_count / 4 * 3 && !septet_grow_group_counts(counts))
            break;
        slot = septet_group_slot(counts, groups[row], rates[row], segments[row]);
        slot->group = groups[row];
        slot->rate = rates[row];
        slot->segments = segments[row];
        counts->used += slot->messages++ == 0;
    }
    return row;
}

#endif
