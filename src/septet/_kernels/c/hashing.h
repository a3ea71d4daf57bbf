/* hashing.h: keyed hashes of texts, and a set of hashes that remembers which messages there were.
 *
 * SipHash-1-3 with a secret key: nobody who writes the texts can make two of them have the same hash. The
 * octets are those of UTF-8, in which a lone surrogate takes three.
 */
#ifndef SEPTET_HASHING_H
#define SEPTET_HASHING_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan_rows.h"

typedef struct {
    uint64_t first, second;
} septet_hash_key;

typedef struct {
    uint64_t a, b, c, d;
} septet_hash_state;

static inline uint64_t septet_rotate(uint64_t value, int bits) { return value << bits | value >> (64 - bits); }

static inline void septet_hash_round(septet_hash_state *state)
{
    state->a += state->b;
    state->b = septet_rotate(state->b, 13) ^ state->a;
    state->a = septet_rotate(state->a, 32);
    state->c += state->d;
    state->d = septet_rotate(state->d, 16) ^ state->c;
    state->a += state->d;
    state->d = septet_rotate(state->d, 21) ^ state->a;
    state->c += state->b;
    state->b = septet_rotate(state->b, 17) ^ state->c;
    state->c = septet_rotate(state->c, 32);
}

static inline void septet_hash_word(septet_hash_state *state, uint64_t word)
{
    state->d ^= word;
    septet_hash_round(state);
    state->a ^= word;
}

/* Hash a text and a hash of something else, or 0. */
static uint64_t septet_hash_octets(const septet_hash_key *key, uint64_t other, const uint8_t *octets, int64_t length)
{
    const uint64_t first = key->first ^ other;
    septet_hash_state state = {
        first ^ UINT64_C(0x736f6d6570736575), key->second ^ UINT64_C(0x646f72616e646f6d),
        first ^ UINT64_C(0x6c7967656e657261), key->second ^ UINT64_C(0x7465646279746573)};
    uint64_t word, last = (uint64_t)length << 56;
    int64_t at;
    int i;
    for (at = 0; at + 8 <= length; at += 8) {
        memcpy(&word, octets + at, sizeof word);
        septet_hash_word(&state, word);
    }
    for (i = 0; at + i < length; i++)
        last |= (uint64_t)octets[at + i] << 8 * i;
    septet_hash_word(&state, last);
    state.c ^= 0xFF;
    for (i = 0; i < 3; i++)
        septet_hash_round(&state);
    return state.a ^ state.b ^ state.c ^ state.d;
}

/* Hash the rows of a column, each with the value of `hashes` before; nulls have no octets. With `skips_mark`, "+" or
 * "00" at the beginning does not count. `*row` receives the row of an error, or `stop`.
 */
static septet_outcome septet_hash_rows(const septet_hash_key *key, const septet_column *column, ptrdiff_t first,
                                       ptrdiff_t stop, int skips_mark, uint64_t *hashes, ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    for (*row = first; *row < stop; ++*row) {
        const uint8_t *octets = NULL;
        int64_t length = 0;
        const septet_outcome outcome = septet_read_nullable_row(column, *row, last, &octets, &length);
        if (outcome != SEPTET_FINE)
            return outcome;
        if (skips_mark && length > 0) {
            const int mark = *octets == '+' ? 1 : length > 1 && octets[0] == '0' && octets[1] == '0' ? 2 : 0;
            octets += mark;
            length -= mark;
        }
        hashes[*row - first] = septet_hash_octets(key, hashes[*row - first], octets, length);
    }
    return SEPTET_FINE;
}

/* A part of a set: open addressing, in which an empty slot is 0. */
typedef struct {
    uint64_t *slots;
    uint32_t capacity;
    uint32_t used;
} septet_hash_part;

/* A set of hashes in parts. Each grows by itself when four fifths of its slots are used: to four times as many,
 * but by no more than SEPTET_MAX_GROWTH, so that a large set takes little more memory than its hashes. One of
 * 1,000,000 hashes takes 11 MB, one of 4,000,000 hashes 42 MB.
 */
enum { SEPTET_HASH_PARTS = 256, SEPTET_MIN_GROWTH = 20, SEPTET_MAX_GROWTH = 7680 };

typedef struct {
    septet_hash_part parts[SEPTET_HASH_PARTS];
    int has_zero;
} septet_hash_set;

static void septet_free_hash_set(septet_hash_set *set)
{
    int part;
    for (part = 0; part < SEPTET_HASH_PARTS; part++)
        free(set->parts[part].slots);
}

static int64_t septet_count_hashes(const septet_hash_set *set)
{
    int64_t count = set->has_zero;
    int part;
    for (part = 0; part < SEPTET_HASH_PARTS; part++)
        count += set->parts[part].used;
    return count;
}

/* Spread hashes that are not random over parts and slots: the highest octet is the part. */
static inline uint64_t septet_spread_hash(uint64_t hash) { return hash * UINT64_C(0x9E3779B97F4A7C15); }

static inline uint32_t septet_first_slot(const septet_hash_part *part, uint64_t spread)
{
    return (uint32_t)((uint64_t)(uint32_t)(spread >> 24) * part->capacity >> 32);
}

/* Put a hash into a part with an empty slot; return whether it was present before. */
static int septet_put_hash(septet_hash_part *part, uint64_t hash)
{
    uint32_t at = septet_first_slot(part, septet_spread_hash(hash));
    while (part->slots[at] != 0) {
        if (part->slots[at] == hash)
            return 1;
        at = at + 1 == part->capacity ? 0 : at + 1;
    }
    part->slots[at] = hash;
    part->used++;
    return 0;
}

/* Return 0 without memory. */
static int septet_grow_part(septet_hash_part *part)
{
    const uint32_t growth = part->capacity < SEPTET_MIN_GROWTH ? SEPTET_MIN_GROWTH
        : part->capacity < SEPTET_MAX_GROWTH / 3 ? 3 * part->capacity : SEPTET_MAX_GROWTH;
    septet_hash_part larger = {NULL, part->capacity + growth, 0};
    uint32_t at;
    larger.slots = (uint64_t *)calloc(larger.capacity, sizeof *larger.slots);
    if (larger.slots == NULL)
        return 0;
    for (at = 0; at < part->capacity; at++)
        if (part->slots[at] != 0)
            septet_put_hash(&larger, part->slots[at]);
    free(part->slots);
    *part = larger;
    return 1;
}

static inline void septet_prefetch_slot(const septet_hash_set *set, uint64_t hash)
{
#if defined(__GNUC__) || defined(__clang__)
    const uint64_t spread = septet_spread_hash(hash);
    const septet_hash_part *const part = set->parts + (spread >> 56);
    __builtin_prefetch(part->slots + septet_first_slot(part, spread));
#else
    (void)set, (void)hash;
#endif
}

/* Insert the hashes of some rows; `repeated` receives those rows whose hash was present before. Return how
 * many there are, or -1 without memory.
 */
static ptrdiff_t septet_insert_hashes(septet_hash_set *set, const uint64_t *hashes, const int32_t *rows,
                                      ptrdiff_t count, int32_t *repeated)
{
    enum { AHEAD = 8 };
    ptrdiff_t repeated_count = 0, i;
    for (i = 0; i < count; i++) {
        const uint64_t hash = hashes[rows[i]];
        septet_hash_part *const part = set->parts + (septet_spread_hash(hash) >> 56);
        int was_present = set->has_zero;
        if (i + AHEAD < count)
            septet_prefetch_slot(set, hashes[rows[i + AHEAD]]);
        if (hash == 0) {
            set->has_zero = 1;
        } else {
            if ((uint64_t)part->used * 5 >= (uint64_t)part->capacity * 4 && !septet_grow_part(part))
                return -1;
            was_present = septet_put_hash(part, hash);
        }
        repeated[repeated_count] = rows[i];
        repeated_count += was_present;
    }
    return repeated_count;
}

/* Find the messages that are sent to a number: rows with units and a match that is not a reason against it.
 * `doubtful` receives those rows whose recipient is not an E.164 number; return the numbers of both.
 */
static ptrdiff_t septet_find_sent_rows(const int32_t *units, const int32_t *matches, ptrdiff_t count,
                                       int32_t no_rate, int32_t not_e164, int32_t *sent, int32_t *doubtful,
                                       ptrdiff_t *doubtful_count)
{
    ptrdiff_t sent_count = 0, row;
    *doubtful_count = 0;
    for (row = 0; row < count; row++) {
        sent[sent_count] = (int32_t)row;
        sent_count += (units[row] > 0) & (matches[row] >= no_rate);
        doubtful[*doubtful_count] = (int32_t)row;
        *doubtful_count += (units[row] > 0) & (matches[row] == not_e164);
    }
    return sent_count;
}

#endif
