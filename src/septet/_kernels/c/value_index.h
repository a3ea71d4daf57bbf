/* value_index.h: number the distinct values of columns of texts, in the order in which they first occur.
 *
 * Values are found by a keyed hash, so that nobody who writes them can make them slow to find.
 */
#ifndef SEPTET_VALUE_INDEX_H
#define SEPTET_VALUE_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hashing.h"
#include "scan_rows.h"
#include "valid_utf8.h"

typedef struct {
    uint64_t hash;
    int64_t start;  /* of its octets in those of all values */
    int64_t length; /* -1 for null */
} septet_value;

/* Set to zeros, but for the key, it has no values. */
typedef struct {
    septet_hash_key key;
    septet_value *values;
    int32_t count, capacity;
    uint8_t *octets;
    int64_t size, octet_capacity;
    int32_t *slots; /* a number plus 1, or 0 */
    uint32_t slot_count; /* 0, or a power of two that is more than 4/3 of the values */
} septet_value_index;

static void septet_free_value_index(septet_value_index *index)
{
    free(index->values);
    free(index->octets);
    free(index->slots);
}

/* Return the slot of a value: an empty one if the value is new. There must be slots. */
static int32_t *septet_value_slot(const septet_value_index *index, uint64_t hash, const uint8_t *octets,
                                  int64_t length)
{
    const uint32_t mask = index->slot_count - 1;
    uint32_t at;
    for (at = (uint32_t)hash;; at++) {
        int32_t *const slot = index->slots + (at & mask);
        const septet_value *value;
        if (*slot == 0)
            return slot;
        value = index->values + (*slot - 1);
        if (value->hash == hash && value->length == length
            && (length <= 0 || memcmp(index->octets + value->start, octets, (size_t)length) == 0))
            return slot;
    }
}

/* Allocate memory for one more value; return 0 without memory. */
static int septet_grow_value_index(septet_value_index *index, int64_t length)
{
    enum { MIN_SLOTS = 64 };
    if (length > index->octet_capacity - index->size) {
        const int64_t capacity = index->size + length + index->size / 2;
        uint8_t *const octets = (uint8_t *)realloc(index->octets, (size_t)capacity);
        if (octets == NULL)
            return 0;
        index->octets = octets;
        index->octet_capacity = capacity;
    }
    if (index->count == index->capacity) {
        const uint32_t slot_count = index->slot_count == 0 ? MIN_SLOTS : 2 * index->slot_count;
        const int32_t capacity = (int32_t)(slot_count / 4 * 3);
        septet_value *values;
        int32_t *slots, number;
        if (slot_count > UINT32_C(1) << 31)
            return 0;
        values = (septet_value *)realloc(index->values, (size_t)capacity * sizeof *values);
        if (values == NULL)
            return 0;
        index->values = values;
        slots = (int32_t *)calloc(slot_count, sizeof *slots);
        if (slots == NULL)
            return 0;
        for (number = 0; number < index->count; number++) {
            uint32_t at = (uint32_t)values[number].hash;
            while (slots[at & (slot_count - 1)] != 0)
                at++;
            slots[at & (slot_count - 1)] = number + 1;
        }
        free(index->slots);
        index->slots = slots;
        index->slot_count = slot_count;
        index->capacity = capacity;
    }
    return 1;
}

/* Number a value, which is added if it is new; one of `length` -1 is null. */
static septet_outcome septet_number_value(septet_value_index *index, const uint8_t *octets, int64_t length,
                                          int must_be_utf8, int32_t *number)
{
    const int64_t size = length < 0 ? 0 : length;
    const uint64_t hash = septet_hash_octets(&index->key, 0, octets, size);
    const int32_t *const slot = index->slot_count == 0 ? NULL : septet_value_slot(index, hash, octets, length);
    septet_value *value;
    if (slot != NULL && *slot != 0) {
        *number = *slot - 1;
        return SEPTET_FINE;
    }
    if (must_be_utf8 && !septet_is_utf8_portable(octets, (ptrdiff_t)size))
        return SEPTET_NOT_UTF8;
    if (!septet_grow_value_index(index, size))
        return SEPTET_NO_MEMORY;
    value = index->values + index->count;
    value->hash = hash;
    value->start = index->size;
    value->length = length;
    if (size > 0)
        memcpy(index->octets + index->size, octets, (size_t)size);
    index->size += size;
    *number = index->count;
    *septet_value_slot(index, hash, octets, length) = ++index->count;
    return SEPTET_FINE;
}

/* Number the values of some rows. `*row` receives the row of an error, or `stop`. */
static septet_outcome septet_number_rows(septet_value_index *index, const septet_column *column, ptrdiff_t first,
                                         ptrdiff_t stop, int32_t *numbers, ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    for (*row = first; *row < stop; ++*row) {
        const uint8_t *octets = NULL;
        int64_t length = 0;
        septet_outcome outcome = septet_read_nullable_row(column, *row, last, &octets, &length);
        if (outcome == SEPTET_FINE)
            outcome = septet_number_value(index, octets, septet_is_null(column, *row) ? -1 : length, 1,
                                          numbers + (*row - first));
        if (outcome != SEPTET_FINE)
            return outcome;
    }
    return SEPTET_FINE;
}

#endif
