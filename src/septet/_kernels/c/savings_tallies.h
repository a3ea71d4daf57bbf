/* savings_tallies.h: counts of messages by what could be saved in them.
 *
 * This header needs no tables of alphabets; savings.h does.
 */
#ifndef SEPTET_SAVINGS_TALLIES_H
#define SEPTET_SAVINGS_TALLIES_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "decode_utf8.h"
#include "scan_rows.h"
#include "scan_types.h"

enum { SEPTET_MAX_LEVELS = 3 };

#define SEPTET_NO_CHAR 0xFFFFFFFFu

/* What is counted; the subject of each is a change, a character, a character, and a number of units. */
typedef enum {
    SEPTET_SAVED_BY_CHANGE,
    SEPTET_WITH_CHARACTER,
    SEPTET_SAVED_ALONE,
    SEPTET_NEAR_FEWER
} septet_saving;

typedef struct {
    int32_t saving;
    uint32_t subject;
    int32_t rate;
    int32_t segments;
    int64_t count; /* 0 in an empty slot */
} septet_tally;

/* Counts in a table with open addressing, at least half of whose slots are empty. */
typedef struct {
    septet_tally *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t used;
    uint64_t factor; /* random, so that nobody can choose characters that share slots */
} septet_tallies;

typedef struct {
    uint64_t last_text;  /* number of the last text with the character, from 1 */
    int64_t occurrences; /* of a character that has a count SEPTET_WITH_CHARACTER */
} septet_character_count;

typedef struct {
    const septet_rules *rules;
    const septet_clusters *clusters; /* which no text is cut inside */
    int level_count;
    int32_t near_units;
    septet_tallies tallies;
    septet_character_count *characters; /* of all code points */
    uint64_t text_count;
    septet_code_points text, without_cr; /* used again for each row */
} septet_savings;

static inline int septet_make_savings(septet_savings *savings, uint64_t factor)
{
    savings->tallies.factor = factor | 1;
    /* The operating system provides this memory when it is first touched. */
    savings->characters = calloc(SEPTET_CODE_POINTS, sizeof *savings->characters);
    return savings->characters != NULL;
}

static inline void septet_free_savings(septet_savings *savings)
{
    free(savings->tallies.slots);
    free(savings->characters);
    free(savings->text.chars);
    free(savings->without_cr.chars);
}

/* Forget all counts. */
static inline void septet_clear_tallies(septet_tallies *tallies)
{
    free(tallies->slots);
    tallies->slots = NULL;
    tallies->capacity = tallies->used = 0;
}

/* Return the slot of a count, or the empty one that it would take. */
static inline septet_tally *septet_find_tally(const septet_tallies *tallies, const septet_tally *key)
{
    const uint64_t hash = (uint64_t)key->subject << 32 ^ (uint64_t)(uint32_t)key->rate << 12
        ^ (uint64_t)(uint32_t)key->segments << 3 ^ (uint64_t)key->saving;
    size_t at;
    for (at = (size_t)(hash * tallies->factor >> 32);; at++) {
        septet_tally *const slot = tallies->slots + (at & (tallies->capacity - 1));
        if (slot->count == 0
            || (slot->subject == key->subject && slot->rate == key->rate && slot->segments == key->segments
                && slot->saving == key->saving))
            return slot;
    }
}

/* Add to a count; return 0 without memory. */
static inline int septet_add_tally(septet_tallies *tallies, septet_saving saving, uint32_t subject, int32_t rate,
                            ptrdiff_t segments, int64_t count)
{
    const septet_tally key = {(int32_t)saving, subject, rate, (int32_t)segments, count};
    septet_tally *slot;
    if (2 * tallies->used >= tallies->capacity) {
        septet_tallies larger = *tallies;
        size_t at;
        larger.capacity = tallies->capacity ? 2 * tallies->capacity : 1024;
        larger.slots = calloc(larger.capacity, sizeof *larger.slots);
        if (larger.slots == NULL)
            return 0;
        for (at = 0; at < tallies->capacity; at++)
            if (tallies->slots[at].count != 0)
                *septet_find_tally(&larger, tallies->slots + at) = tallies->slots[at];
        free(tallies->slots);
        *tallies = larger;
    }
    slot = septet_find_tally(tallies, &key);
    if (slot->count == 0) {
        *slot = key;
        tallies->used++;
    } else {
        slot->count += count;
    }
    return 1;
}

/* Rows whose non-GSM characters cost segments: 1 for each of them, and the only such character of each. */
typedef struct {
    uint8_t *selected;
    uint32_t *alone; /* or SEPTET_NO_CHAR */
} septet_rows_to_change;

/* Count what each level saves in some rows; return 0 without memory. */
static inline int septet_count_changes(septet_savings *savings, const septet_rows_to_change *rows, ptrdiff_t count,
                                       const int32_t *segments, const int32_t *rates, const int32_t *const *after)
{
    ptrdiff_t row;
    for (row = 0; row < count; row++) {
        int32_t best = 0;
        int level;
        if (!rows->selected[row])
            continue;
        for (level = 0; level < savings->level_count; level++) {
            const int32_t saved = segments[row] - after[level][row];
            if (saved > 0
                && !septet_add_tally(&savings->tallies, SEPTET_SAVED_BY_CHANGE, 1 + (uint32_t)level, rates[row],
                                     saved, 1))
                return 0;
            best = saved > best ? saved : best;
        }
        if (best > 0 && rows->alone[row] != SEPTET_NO_CHAR
            && !septet_add_tally(&savings->tallies, SEPTET_SAVED_ALONE, rows->alone[row], rates[row], best, 1))
            return 0;
    }
    return 1;
}

/* septet_look_at_rows of savings.h, for code that has no tables of alphabets. */
typedef septet_outcome septet_look_function(septet_savings *savings, const septet_column *column, ptrdiff_t first,
                                            ptrdiff_t stop, int allows_surrogates, const septet_facts *facts,
                                            const int32_t *rates, const septet_rows_to_change *rows, ptrdiff_t *row);
typedef septet_look_function *septet_look;

#endif
