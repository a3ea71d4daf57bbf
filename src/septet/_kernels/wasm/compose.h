/* compose.h: canonical composition (Normalization Form C), as standard/composition.py does it.
 *
 * The data lacks Hangul, and other characters that no alphabet has and no rule names: nothing replaces them,
 * composed or not.
 */
#ifndef SEPTET_COMPOSE_H
#define SEPTET_COMPOSE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "tables.h"

enum {
    SEPTET_COMPOSES = 1, /* the two become the whole */
    SEPTET_JOINS = 2,    /* only if it is looked up: Unicode never composes it */
    SEPTET_SLOTS = 4096  /* several times the composites */
};

typedef struct {
    uint32_t whole, first, second; /* `second` is 0 if the whole is another form of `first` */
    uint32_t kind;
} septet_composite;

static septet_composite septet_composites[SEPTET_COMPOSITES];
static uint16_t septet_composite_slots[SEPTET_SLOTS]; /* by both parts: numbers from 1 on, or 0 */
static uint8_t septet_combining[SEPTET_CLASSES_LENGTH]; /* the ranks of combining classes */

static uint32_t septet_slot(uint32_t first, uint32_t second)
{
    return (first * 31 + second) * 2654435761u >> 20;
}

static void septet_fill_composites(void)
{
    const uint8_t *data = septet_composite_data;
    uint32_t whole = 0, number;
    for (number = 0; number < SEPTET_COMPOSITES; number++) {
        septet_composite *const composite = septet_composites + number;
        uint32_t word, slot;
        whole += septet_read_number(&data);
        word = septet_read_number(&data);
        composite->whole = whole;
        composite->first = word >> 2;
        composite->kind = word & 3;
        composite->second = septet_second_data[septet_read_number(&data)];
        slot = septet_slot(composite->first, composite->second);
        while (septet_composite_slots[slot])
            slot = (slot + 1) % SEPTET_SLOTS;
        septet_composite_slots[slot] = (uint16_t)(number + 1);
    }
    septet_fill_runs(septet_combining, septet_combining_data, SEPTET_COMBINING_BITS, 0, 0);
}

/* Return what two characters become in one of the ways, or 0. */
static uint32_t septet_join(uint32_t first, uint32_t second, uint32_t kind)
{
    uint32_t slot = septet_slot(first, second);
    for (; septet_composite_slots[slot]; slot = (slot + 1) % SEPTET_SLOTS) {
        const septet_composite *const composite = septet_composites + septet_composite_slots[slot] - 1;
        if (composite->first == first && composite->second == second && composite->kind & kind)
            return composite->whole;
    }
    return 0;
}

static int septet_combining_class(uint32_t c) { return septet_combining[septet_class_index(c)]; }

/* Push the full decomposition of a character. */
static void septet_push_decomposed(uint32_t c)
{
    int low = 0, high = SEPTET_COMPOSITES;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (septet_composites[middle].whole < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == SEPTET_COMPOSITES || septet_composites[low].whole != c) {
        septet_put(c);
        return;
    }
    septet_push_decomposed(septet_composites[low].first);
    if (septet_composites[low].second)
        septet_put(septet_composites[low].second);
}

/* Sort a run of marks by their classes; those of one class keep their order. */
static void septet_sort_marks(uint32_t *marks, ptrdiff_t count)
{
    ptrdiff_t starts[1 << SEPTET_COMBINING_BITS] = {0}, i, sum = 0;
    const uintptr_t top = septet_top;
    uint32_t *const copy = septet_push((size_t)count * sizeof *copy);
    int rank;
    if (copy == NULL)
        return;
    memcpy(copy, marks, (size_t)count * sizeof *copy);
    for (i = 0; i < count; i++)
        starts[septet_combining_class(copy[i])]++;
    for (rank = 0; rank < 1 << SEPTET_COMBINING_BITS; rank++) {
        const ptrdiff_t same = starts[rank];
        starts[rank] = sum;
        sum += same;
    }
    for (i = 0; i < count; i++)
        marks[starts[septet_combining_class(copy[i])]++] = copy[i];
    septet_top = top;
}

/* Compose characters in place, of which each is decomposed; return how many they are then. */
static ptrdiff_t septet_compose_decomposed(uint32_t *chars, ptrdiff_t count)
{
    ptrdiff_t i, start, out = 0, starter = -1, waiting = 0;
    int last = 0;
    for (start = 0; start < count; start = i + 1) {
        int is_sorted = 1;
        for (i = start; i < count && septet_combining_class(chars[i]); i++)
            is_sorted &= i == start || septet_combining_class(chars[i - 1]) <= septet_combining_class(chars[i]);
        if (!is_sorted)
            septet_sort_marks(chars + start, i - start);
    }
    for (i = 0; i < count; i++) {
        const uint32_t c = chars[i];
        const int this = septet_combining_class(c);
        const int is_blocked = starter < 0 || (waiting && last >= this);
        const uint32_t whole = is_blocked ? 0 : septet_join(chars[starter], c, SEPTET_COMPOSES);
        if (whole) {
            chars[starter] = whole;
            continue;
        }
        if (this) {
            waiting++;
        } else {
            starter = out;
            waiting = 0;
        }
        last = this;
        chars[out++] = c;
    }
    return out;
}

/* Join letters and marks in place that Unicode never composes; return how many characters they are then. */
static ptrdiff_t septet_join_letters(uint32_t *chars, ptrdiff_t count)
{
    ptrdiff_t i, out = 0;
    for (i = 0; i < count; i++) {
        const uint32_t whole = out ? septet_join(chars[out - 1], chars[i], SEPTET_JOINS) : 0;
        if (whole)
            chars[out - 1] = whole;
        else
            chars[out++] = chars[i];
    }
    return out;
}

#endif
