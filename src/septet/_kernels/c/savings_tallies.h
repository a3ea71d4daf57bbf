/* savings_tallies.h: counts of messages by what could be saved in them, and the table of costs.
 *
 * The table has what replaces each character at each level, and the units of that. This header needs no
 * tables of alphabets; savings.h does.
 */
#ifndef SEPTET_SAVINGS_TALLIES_H
#define SEPTET_SAVINGS_TALLIES_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "scan_rows.h"
#include "scan_types.h"
#include "standard_limits.h"

enum { SEPTET_MAX_LEVELS = 3 };

#define SEPTET_NO_CHAR 0xFFFFFFFFu

/* What is counted; the subject of each is a change, a character, a character, a number of units, and again a
 * character. Occurrences have no rate and no segments.
 */
typedef enum {
    SEPTET_SAVED_BY_CHANGE,
    SEPTET_WITH_CHARACTER,
    SEPTET_SAVED_ALONE,
    SEPTET_NEAR_FEWER,
    SEPTET_OCCURRENCES
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

/* What replaces a character at a level. */
typedef struct {
    ptrdiff_t start; /* of its characters among those of all replacements */
    ptrdiff_t length;
    ptrdiff_t septets; /* -1 if the tables lack one of them */
    ptrdiff_t code_units;
} septet_cost;

typedef struct {
    uint64_t text; /* number of the last text with the character */
    int32_t first; /* index of its replacement at the first level, plus 1; 0 if they are unknown */
    int32_t depends; /* on its neighbours */
} septet_char_costs;

typedef struct {
    const septet_rules *rules;
    const septet_clusters *clusters; /* which no text is cut inside */
    int level_count;
    int32_t near_units;
    septet_tallies tallies;
    septet_char_costs *chars; /* by code point; the operating system provides the memory when touched */
    septet_cost *costs;
    ptrdiff_t cost_count;
    septet_scratch pool; /* the characters of all replacements */
    ptrdiff_t pool_length;
    uint64_t text;
    septet_scratch decoded, rewritten;
} septet_savings;

static inline int septet_make_savings(septet_savings *savings, uint64_t factor)
{
    savings->tallies.factor = factor | 1;
    savings->chars = calloc(SEPTET_CODE_POINTS, sizeof *savings->chars);
    return savings->chars != NULL;
}

static inline void septet_free_savings(septet_savings *savings)
{
    free(savings->tallies.slots);
    free(savings->chars);
    free(savings->costs);
    free(savings->pool.chars);
    free(savings->decoded.chars);
    free(savings->rewritten.chars);
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

/* Count segments that are saved at each level, and by the only character that has to be replaced. */
static inline int septet_count_changes(septet_savings *savings, int32_t rate, ptrdiff_t before, const ptrdiff_t *after,
                                uint32_t alone)
{
    ptrdiff_t best = 0;
    int level;
    for (level = 0; level < savings->level_count; level++) {
        const ptrdiff_t saved = before - after[level];
        if (saved > 0
            && !septet_add_tally(&savings->tallies, SEPTET_SAVED_BY_CHANGE, 1 + (uint32_t)level, rate, saved, 1))
            return 0;
        best = saved > best ? saved : best;
    }
    return best == 0 || alone == SEPTET_NO_CHAR
        || septet_add_tally(&savings->tallies, SEPTET_SAVED_ALONE, alone, rate, best, 1);
}

/* What is known of a text after its non-GSM characters were counted. */
typedef struct {
    ptrdiff_t first; /* index of the first of them; the length of the text if there is none */
    uint32_t alone;  /* the only one, or SEPTET_NO_CHAR */
    int is_left;     /* whether its replacements are left to the caller */
} septet_non_gsm;

/* The rows whose replacements are left to the caller, and the only non-GSM character of each. */
typedef struct {
    int32_t *rows;
    uint32_t *alone;
    ptrdiff_t count;
} septet_left_rows;

static inline void septet_leave_row(septet_left_rows *left, ptrdiff_t row, const septet_non_gsm *non_gsm)
{
    if (non_gsm->is_left) {
        left->rows[left->count] = (int32_t)row;
        left->alone[left->count++] = non_gsm->alone;
    }
}

/* Is there anything to look for in a row? */
static inline int septet_may_save(const septet_facts *facts, ptrdiff_t row)
{
    return facts->units[row] > 0 && facts->segments[row] > 0 && facts->segments[row] <= SEPTET_MAX_SEGMENTS
        && (facts->encodings[row] || facts->segments[row] > 1);
}

#endif
