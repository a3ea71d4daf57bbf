/* scan_languages.h: the best pair of tables when national languages are allowed.
 *
 * Fewest segments, then fewest septets with all headers, then the first in the rules, which begin
 * with the plainest. A pair can carry a text when every character is in its locking or in its single
 * shift table (3GPP TS 23.038, 6.2.1.2); what it takes depends on the locking table alone.
 *
 * A national pair brings a header of at least three septets to every segment, and a border wastes at
 * most one: so it can only be better than the default pair by fewer septets of text. Bounds settle
 * most texts before anything is looked at for the sake of the languages.
 */
#ifndef SEPTET_SCAN_LANGUAGES_H
#define SEPTET_SCAN_LANGUAGES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan.h"

/* What a segment cannot hold is its header, and counts as septets such: less than 0 in all. */
typedef struct {
    ptrdiff_t segments;
    ptrdiff_t septets;
} septet_bill;

static inline septet_bill septet_bill_for(ptrdiff_t segments, ptrdiff_t units, septet_capacity capacity)
{
    const septet_bill bill = {
        segments, units - segments * (segments > 1 ? capacity.concatenated : capacity.single)};
    return bill;
}

/* The bill of units that fill every segment, which is the least that they can take. */
static inline septet_bill septet_least_bill(ptrdiff_t units, septet_capacity capacity)
{
    return septet_bill_for(septet_fewest_segments(units, capacity), units, capacity);
}

static inline int septet_is_less(septet_bill one, septet_bill other)
{
    return one.segments != other.segments ? one.segments < other.segments : one.septets < other.septets;
}

/* Is the default pair the best for a text that it carries in `units` and `segments`? So it is when
 * one septet for each character, behind the smallest header of the others, would be no better.
 */
static inline int septet_default_suffices(const septet_rules *rules, ptrdiff_t length, ptrdiff_t units,
                                          ptrdiff_t segments)
{
    return rules->pair_count == 1 || units == length
        || !septet_is_less(septet_least_bill(length, rules->pairs[1].capacity),
                           septet_bill_for(segments, units, rules->pairs[0].capacity));
}

/* How locking tables fit a text: for each the characters outside it, which take two septets, and the
 * single shift tables, as bits, that hold all of these; none where the locking table is out of play.
 */
typedef struct {
    ptrdiff_t outside[SEPTET_TABLES];
    uint16_t singles[SEPTET_TABLES];
} septet_fit;

#define SEPTET_ANY_SINGLE 0xFFFF

/* Put the locking tables of the rules in play, and no others. */
static void septet_open_all(const septet_rules *rules, septet_fit *fit)
{
    int pair;
    memset(fit, 0, sizeof *fit);
    for (pair = 0; pair < rules->pair_count; pair++) {
        const septet_coding coding = rules->pairs[pair].coding;
        /* Pairs of two national tables come last, and have no others than those before them. */
        if (coding.locking && coding.single)
            break;
        fit->singles[coding.locking] = SEPTET_ANY_SINGLE;
    }
}

/* Find out how the tables that are in play fit a text. */
static void septet_try_on(const septet_text *text, septet_fit *fit)
{
    /* In runs of one length, so that compilers make vector code of the inner loop. */
    enum { RUN = 64 };
    uint16_t lockings[RUN], singles[RUN];
    ptrdiff_t at, i;
    int locking;
    for (at = 0; at < text->length; at += RUN) {
        for (i = 0; i < RUN; i++) {
            /* What is in every table stands for what lies behind the end. */
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

/* Only two locking tables, those of Turkish and Portuguese, hold characters of the default extension
 * table: no others can save septets where the default pair carries a text. For each of the two, in
 * 32 bits of a word, three counts of ten bits say how many characters of a text are outside the
 * table; how many of these are not in the default extension table; and how many are in no single
 * shift table at all.
 */
#define SEPTET_SAVING 2
enum { SEPTET_OUTSIDE = 0, SEPTET_UNEXTENDED = 10, SEPTET_UNSHIFTED = 20, SEPTET_COUNT = 0x3FF };
static int septet_saving[SEPTET_SAVING];
static uint64_t septet_latin1_excess[256];

static uint64_t septet_look_up_excess(uint32_t c)
{
    const uint32_t counts = 1u << SEPTET_OUTSIDE
        | (uint32_t)!septet_in_single(c, 0) << SEPTET_UNEXTENDED
        | (uint32_t)!(septet_tables_of(c) >> SEPTET_SINGLE_BIT) << SEPTET_UNSHIFTED;
    uint64_t excess = 0;
    int place;
    for (place = 0; place < SEPTET_SAVING; place++)
        if (!septet_in_locking(c, septet_saving[place]))
            excess |= (uint64_t)counts << 32 * place;
    return excess;
}

static inline uint64_t septet_excess(uint32_t c)
{
    return c < 256 ? septet_latin1_excess[c] : septet_look_up_excess(c);
}

/* After septet_tables is filled. */
static void septet_prepare_languages(void)
{
    uint32_t saving = 0, c;
    int locking, place = 0;
    for (c = 0; c < 0x10000; c++)
        if (septet_default_cost(c) == 2)
            saving |= septet_tables_of(c);
    for (locking = 1; locking < SEPTET_TABLES && place < SEPTET_SAVING; locking++)
        if (saving >> locking & 1)
            septet_saving[place++] = locking;
    for (c = 0; c < 256; c++)
        septet_latin1_excess[c] = septet_look_up_excess(c);
}

/* The excess of a run of no more characters than SEPTET_COUNT can say. */
static uint64_t septet_add_excess(const septet_text *text, ptrdiff_t start, ptrdiff_t length)
{
    const uint8_t *const latin1 = (const uint8_t *)text->data + start;
    const uint16_t *const wide = (const uint16_t *)text->data + start;
    uint64_t excess = 0, other = 0;
    ptrdiff_t i = 0;
    if (text->width == 1) {
        /* Two sums, neither of which waits for the other. */
        for (; i + 1 < length; i += 2) {
            excess += septet_latin1_excess[latin1[i]];
            other += septet_latin1_excess[latin1[i + 1]];
        }
    } else if (text->width == 2) {
        for (; i < length; i++)
            excess += septet_excess(wide[i]);
    }
    for (; i < length; i++)
        excess += septet_excess(septet_char(text, start + i));
    return excess + other;
}

/* The tables that can matter to a text that the default pair carries, where `doubled` characters take
 * two septets.
 */
static void septet_fit_saving(const septet_text *text, ptrdiff_t doubled, septet_fit *fit)
{
    ptrdiff_t outside[SEPTET_SAVING] = {0}, at;
    uint32_t lacking[SEPTET_SAVING] = {0};
    int needs_singles = 0, place;
    for (at = 0; at < text->length; at += SEPTET_COUNT) {
        const ptrdiff_t left = text->length - at;
        uint64_t excess = septet_add_excess(text, at, left < SEPTET_COUNT ? left : SEPTET_COUNT);
        for (place = 0; place < SEPTET_SAVING; place++, excess >>= 32) {
            outside[place] += excess >> SEPTET_OUTSIDE & SEPTET_COUNT;
            lacking[place] |= (uint32_t)excess;
        }
    }
    memset(fit, 0, sizeof *fit);
    fit->outside[0] = doubled;
    fit->singles[0] = 1;
    for (place = 0; place < SEPTET_SAVING; place++) {
        if (outside[place] >= doubled || lacking[place] >> SEPTET_UNSHIFTED)
            continue;
        fit->outside[septet_saving[place]] = outside[place];
        fit->singles[septet_saving[place]] = 1;
        needs_singles |= (lacking[place] >> SEPTET_UNEXTENDED & SEPTET_COUNT) != 0;
    }
    if (needs_singles) {
        for (place = 0; place < SEPTET_TABLES; place++) {
            fit->outside[place] = 0;
            fit->singles[place] = fit->singles[place] ? SEPTET_ANY_SINGLE : 0;
        }
        septet_try_on(text, fit);
    }
}

/* The best of the pairs that fit; -1 when none does. */
static int septet_best_fit(const septet_text *text, const septet_rules *rules, const septet_fit *fit,
                           const uint8_t *breaks, ptrdiff_t *units)
{
    septet_bill least = {0, 0};
    uint32_t open = 0;
    int locking, pair, best = -1;
    for (locking = 0; locking < SEPTET_TABLES; locking++)
        open |= (uint32_t)(fit->singles[locking] != 0) << locking;
    for (pair = 0; open && pair < rules->pair_count; pair++) {
        const septet_coding coding = rules->pairs[pair].coding;
        const septet_capacity capacity = rules->pairs[pair].capacity;
        const ptrdiff_t septets = text->length + fit->outside[coding.locking];
        septet_bill bill;
        if (!(open >> coding.locking & 1) || !(fit->singles[coding.locking] >> coding.single & 1))
            continue;
        /* The next ones with this locking table take as many septets, and no smaller header; but a
         * long cluster may fit here, and be cut there.
         */
        if (breaks == NULL)
            open &= ~(1u << coding.locking);
        if (best >= 0 && !septet_is_less(septet_least_bill(septets, capacity), least))
            continue;
        bill = septet_bill_for(
            septet_count_segments(text, coding, septets, capacity, breaks), septets, capacity);
        if (best < 0 || septet_is_less(bill, least)) {
            best = pair;
            least = bill;
            *units = septets;
        }
    }
    return best;
}

/* Is there a character that no table holds? */
static int septet_is_foreign(const septet_text *text)
{
    ptrdiff_t i;
    for (i = 0; i < text->length; i++)
        if (septet_tables_of(septet_char(text, i)) == 0)
            return 1;
    return 0;
}

/* The best pair for a text; -1 when none can carry it. `doubled` characters take two septets under
 * the default pair, or -1 when it lacks one.
 */
static int septet_best_pair(const septet_text *text, const septet_rules *rules, const uint8_t *breaks,
                            ptrdiff_t doubled, ptrdiff_t *units)
{
    septet_fit fit;
    if (doubled >= 0) {
        const septet_pair plain = rules->pairs[0];
        const ptrdiff_t septets = text->length + doubled;
        if (septet_default_suffices(
                rules, text->length, septets,
                septet_count_segments(text, plain.coding, septets, plain.capacity, breaks)))
            return 0;
        septet_fit_saving(text, doubled, &fit);
    } else {
        if (septet_is_foreign(text))
            return -1;
        septet_open_all(rules, &fit);
        septet_try_on(text, &fit);
    }
    return septet_best_fit(text, rules, &fit, breaks, units);
}

#endif
