/* scan_languages.h: choose the best pair of tables when national languages are allowed.
 *
 * Best is the pair with the fewest segments, then the fewest septets with all headers, then the first in
 * the rules, whose pairs begin with the plainest. A pair can carry a text if every character is in its
 * locking or its single shift table (3GPP TS 23.038, 6.2.1.2); the number of septets depends only on the
 * locking table.
 *
 * A national pair adds a header of at least three septets to every segment, and a boundary leaves at most
 * one septet unused. So it can only be better than the default pair if the text takes fewer septets. Such
 * bounds decide most texts before the national tables are examined.
 */
#ifndef SEPTET_SCAN_LANGUAGES_H
#define SEPTET_SCAN_LANGUAGES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan.h"

/* What a text takes under a pair; less is better. The septets include headers: they are counted as what
 * the capacities lack, so they are negative.
 */
typedef struct {
    ptrdiff_t segments;
    ptrdiff_t septets;
} septet_score;

static inline septet_score septet_make_score(ptrdiff_t segments, ptrdiff_t units, septet_capacity capacity)
{
    const septet_score score = {
        segments, units - segments * (segments > 1 ? capacity.concatenated : capacity.single)};
    return score;
}

/* The score of units that fill every segment, which no boundaries can improve. */
static inline septet_score septet_best_possible_score(ptrdiff_t units, septet_capacity capacity)
{
    return septet_make_score(septet_fewest_segments(units, capacity), units, capacity);
}

static inline int septet_is_better(septet_score one, septet_score other)
{
    return one.segments != other.segments ? one.segments < other.segments : one.septets < other.septets;
}

/* Is the default pair the best for a text that takes `units` and `segments` under it? It is if one septet
 * for each character, after the smallest header of the other pairs, would not be better.
 */
static inline int septet_default_suffices(const septet_rules *rules, ptrdiff_t length, ptrdiff_t units,
                                          ptrdiff_t segments)
{
    return rules->pair_count == 1 || units == length
        || !septet_is_better(septet_best_possible_score(length, rules->pairs[1].capacity),
                             septet_make_score(segments, units, rules->pairs[0].capacity));
}

/* How each locking table fits a text: the number of characters outside it, which take two septets, and
 * the single shift tables that have all of these, as bits; no bits if the locking table is not considered.
 */
typedef struct {
    ptrdiff_t outside[SEPTET_TABLES];
    uint16_t singles[SEPTET_TABLES];
} septet_fit;

#define SEPTET_ANY_SINGLE 0xFFFF

/* Consider the locking tables of the rules, and no others. */
static void septet_select_all_tables(const septet_rules *rules, septet_fit *fit)
{
    int pair;
    memset(fit, 0, sizeof *fit);
    for (pair = 0; pair < rules->pair_count; pair++) {
        const septet_coding coding = rules->pairs[pair].coding;
        /* Pairs of two national tables come last, and use the tables of the pairs before them. */
        if (coding.locking && coding.single)
            break;
        fit->singles[coding.locking] = SEPTET_ANY_SINGLE;
    }
}

/* Compute how the considered tables fit a text. */
static void septet_fit_tables(const septet_text *text, septet_fit *fit)
{
    /* Runs of a constant length, so that compilers vectorise the inner loop. */
    enum { RUN = 64 };
    uint16_t lockings[RUN], singles[RUN];
    ptrdiff_t at, i;
    int locking;
    for (at = 0; at < text->length; at += RUN) {
        for (i = 0; i < RUN; i++) {
            /* After the end, a character that is in every table. */
            const uint32_t tables = at + i < text->length ? septet_tables_of(septet_char(text, at + i)) : ~0u;
            lockings[i] = (uint16_t)tables;
            singles[i] = (uint16_t)(tables >> SEPTET_SINGLE_BIT);
        }
        for (locking = 0; locking < SEPTET_TABLES; locking++) {
            uint16_t outside = 0, held = fit->singles[locking];
            if (held == 0)
                continue;
            for (i = 0; i < RUN; i++) {
                const uint16_t is_outside = (uint16_t)((lockings[i] >> locking & 1) - 1);
                outside -= is_outside;
                held &= singles[i] | (uint16_t)~is_outside;
            }
            fit->outside[locking] += outside;
            fit->singles[locking] = held;
        }
    }
}

/* Only two locking tables, those of Turkish and Portuguese, have characters of the default extension
 * table, so no others can save septets if the default pair can carry a text. For each of the two, 32 bits
 * of a word hold three counts of ten bits: the characters of a text that are outside the table; those of
 * them that are not in the default extension table; those of them that are in no single shift table.
 *
 * These counts take 0.1 us for 350 characters, septet_fit_tables 0.5 us for the same two tables and
 * 1.0 us for all tables (GCC 12, x86-64, -O3).
 */
#define SEPTET_SAVING_TABLES 2
#if SEPTET_SAVING_TABLES * 32 > 64
#error "the counts of the saving tables do not fit into 64 bits"
#endif
enum { SEPTET_OUTSIDE = 0, SEPTET_UNEXTENDED = 10, SEPTET_UNSHIFTED = 20, SEPTET_MAX_EXCESS = 0x3FF };
static int septet_saving_tables[SEPTET_SAVING_TABLES];
static uint64_t septet_latin1_excess[256];

static uint64_t septet_derive_excess(uint32_t c)
{
    const uint32_t counts = 1u << SEPTET_OUTSIDE
        | (uint32_t)!septet_in_single(c, 0) << SEPTET_UNEXTENDED
        | (uint32_t)!(septet_tables_of(c) >> SEPTET_SINGLE_BIT) << SEPTET_UNSHIFTED;
    uint64_t excess = 0;
    int index;
    for (index = 0; index < SEPTET_SAVING_TABLES; index++)
        if (!septet_in_locking(c, septet_saving_tables[index]))
            excess |= (uint64_t)counts << 32 * index;
    return excess;
}

static inline uint64_t septet_excess(uint32_t c)
{
    return c < 256 ? septet_latin1_excess[c] : septet_derive_excess(c);
}

/* Derive the saving tables, after septet_tables is filled. Return 0 if there are not as many as the
 * counts have bits for.
 */
static int septet_prepare_languages(void)
{
    uint32_t saving = 0, c;
    int locking, count = 0;
    for (c = 0; c < 0x10000; c++)
        if (septet_default_cost(c) == 2)
            saving |= septet_tables_of(c);
    for (locking = 1; locking < SEPTET_TABLES; locking++) {
        if (!(saving >> locking & 1))
            continue;
        if (count == SEPTET_SAVING_TABLES)
            return 0;
        septet_saving_tables[count++] = locking;
    }
    for (c = 0; c < 256; c++)
        septet_latin1_excess[c] = septet_derive_excess(c);
    return count == SEPTET_SAVING_TABLES;
}

/* Sum the counts of at most SEPTET_MAX_EXCESS characters. */
static uint64_t septet_sum_excess(const septet_text *text, ptrdiff_t start, ptrdiff_t length)
{
    const uint8_t *const latin1 = (const uint8_t *)text->data + start;
    const uint16_t *const wide = (const uint16_t *)text->data + start;
    uint64_t excess = 0, other = 0;
    ptrdiff_t i = 0;
    if (septet_width(text) == 1) {
        /* Two independent sums, which the processor adds in parallel. */
        for (; i + 1 < length; i += 2) {
            excess += septet_latin1_excess[latin1[i]];
            other += septet_latin1_excess[latin1[i + 1]];
        }
    } else if (septet_width(text) == 2) {
        for (; i < length; i++)
            excess += septet_excess(wide[i]);
    }
    for (; i < length; i++)
        excess += septet_excess(septet_char(text, start + i));
    return excess + other;
}

/* Compute how the tables fit that can save septets for a text which the default pair can carry, and in
 * which `doubled` characters take two septets under it.
 */
static void septet_fit_saving_tables(const septet_text *text, ptrdiff_t doubled, septet_fit *fit)
{
    ptrdiff_t outside[SEPTET_SAVING_TABLES] = {0}, at;
    uint32_t lacking[SEPTET_SAVING_TABLES] = {0};
    int needs_singles = 0, index;
    for (at = 0; at < text->length; at += SEPTET_MAX_EXCESS) {
        const ptrdiff_t left = text->length - at;
        uint64_t excess = septet_sum_excess(text, at, left < SEPTET_MAX_EXCESS ? left : SEPTET_MAX_EXCESS);
        for (index = 0; index < SEPTET_SAVING_TABLES; index++, excess >>= 32) {
            outside[index] += excess >> SEPTET_OUTSIDE & SEPTET_MAX_EXCESS;
            lacking[index] |= (uint32_t)excess;
        }
    }
    memset(fit, 0, sizeof *fit);
    fit->outside[0] = doubled;
    fit->singles[0] = 1;
    for (index = 0; index < SEPTET_SAVING_TABLES; index++) {
        if (outside[index] >= doubled || lacking[index] >> SEPTET_UNSHIFTED)
            continue;
        fit->outside[septet_saving_tables[index]] = outside[index];
        fit->singles[septet_saving_tables[index]] = 1;
        needs_singles |= (lacking[index] >> SEPTET_UNEXTENDED & SEPTET_MAX_EXCESS) != 0;
    }
    if (needs_singles) {
        for (index = 0; index < SEPTET_TABLES; index++) {
            fit->outside[index] = 0;
            fit->singles[index] = fit->singles[index] ? SEPTET_ANY_SINGLE : 0;
        }
        septet_fit_tables(text, fit);
    }
}

/* Return the best of the pairs that fit, or -1 if none does. */
static int septet_best_fitting_pair(const septet_text *text, const septet_rules *rules, const septet_fit *fit,
                                    const septet_clusters *clusters, ptrdiff_t *units)
{
    septet_score best_score = {0, 0};
    uint32_t considered = 0;
    int locking, pair, best = -1;
    for (locking = 0; locking < SEPTET_TABLES; locking++)
        considered |= (uint32_t)(fit->singles[locking] != 0) << locking;
    for (pair = 0; considered && pair < rules->pair_count; pair++) {
        const septet_coding coding = rules->pairs[pair].coding;
        const septet_capacity capacity = rules->pairs[pair].capacity;
        const ptrdiff_t septets = text->length + fit->outside[coding.locking];
        septet_score score;
        if (!(considered >> coding.locking & 1) || !(fit->singles[coding.locking] >> coding.single & 1))
            continue;
        /* The following pairs with this locking table take as many septets and no smaller header; but
         * under some a long cluster may be cut, and under others not.
         */
        if (clusters == NULL)
            considered &= ~(1u << coding.locking);
        if (best >= 0 && !septet_is_better(septet_best_possible_score(septets, capacity), best_score))
            continue;
        score = septet_make_score(
            septet_count_segments(text, coding, septets, capacity, clusters), septets, capacity);
        if (best < 0 || septet_is_better(score, best_score)) {
            best = pair;
            best_score = score;
            *units = septets;
        }
    }
    return best;
}

/* Does the text have a character that is in no table? */
static int septet_has_unknown_character(const septet_text *text)
{
    ptrdiff_t i;
    for (i = 0; i < text->length; i++)
        if (septet_tables_of(septet_char(text, i)) == 0)
            return 1;
    return 0;
}

/* Return the best pair for a text, or -1 if none can carry it. `doubled` characters take two septets
 * under the default pair; -1 if it lacks a character.
 */
static int septet_best_pair(const septet_text *text, const septet_rules *rules,
                            const septet_clusters *clusters, ptrdiff_t doubled, ptrdiff_t *units)
{
    septet_fit fit;
    if (doubled >= 0) {
        const septet_pair plain = rules->pairs[0];
        const ptrdiff_t septets = text->length + doubled;
        if (septet_default_suffices(
                rules, text->length, septets,
                septet_count_segments(text, plain.coding, septets, plain.capacity, clusters)))
            return 0;
        septet_fit_saving_tables(text, doubled, &fit);
    } else {
        if (septet_has_unknown_character(text))
            return -1;
        septet_select_all_tables(rules, &fit);
        septet_fit_tables(text, &fit);
    }
    return septet_best_fitting_pair(text, rules, &fit, clusters, units);
}

#endif
