/* scan_choice.h: what a text is counted in, under given rules.
 *
 * GSM-7 when a pair of tables can carry the text, else UCS-2. A pair can when every character is in
 * its locking or in its single shift table (3GPP TS 23.038, 6.2.1.2). Which pair is best when
 * national languages are allowed: fewest segments, then fewest septets with all headers, then the
 * first in the rules, which begin with the plainest.
 */
#ifndef SEPTET_SCAN_CHOICE_H
#define SEPTET_SCAN_CHOICE_H

#include "scan.h"

/* How many characters lie outside a locking table does not depend on the single shift table, so
 * one pass over the text answers for all pairs.
 */
static int septet_best_pair(const septet_text *text, const septet_rules *rules,
                            const uint8_t *breaks, ptrdiff_t *units)
{
    uint32_t singles[SEPTET_TABLES];
    ptrdiff_t outside[SEPTET_TABLES] = {0}, i, fewest = 0, least = 0;
    int locking, pair, best = -1;
    for (locking = 0; locking < SEPTET_TABLES; locking++)
        singles[locking] = 0xFFFFFFFFu;
    for (i = 0; i < text->length; i++) {
        const uint32_t tables = septet_tables_of(septet_char(text, i));
        if (tables == 0)
            return -1;
        for (locking = 0; locking < SEPTET_TABLES; locking++) {
            if (!(tables >> locking & 1)) {
                singles[locking] &= tables >> SEPTET_SINGLE_BIT;
                outside[locking]++;
            }
        }
    }
    for (pair = 0; pair < rules->pair_count; pair++) {
        const septet_coding coding = rules->pairs[pair].coding;
        const septet_capacity capacity = rules->pairs[pair].capacity;
        ptrdiff_t septets, segments, cost;
        if (!(singles[coding.locking] >> coding.single & 1))
            continue;
        septets = text->length + outside[coding.locking];
        segments = septet_count_segments(text, coding, septets, capacity, breaks);
        /* What a segment cannot hold is its header, and counts as such. */
        cost = septets - segments * (segments > 1 ? capacity.concatenated : capacity.single);
        if (best < 0 || segments < fewest || (segments == fewest && cost < least)) {
            best = pair;
            fewest = segments;
            least = cost;
            *units = septets;
        }
    }
    return best;
}

/* The pair that lacks the fewest characters of the text; the first of several. */
static inline septet_coding septet_least_lacking(const septet_text *text, const septet_rules *rules)
{
    ptrdiff_t fewest = text->length + 1, lacking, i;
    int pair, best = 0;
    for (pair = 0; pair < rules->pair_count && rules->pair_count > 1; pair++) {
        lacking = 0;
        for (i = 0; i < text->length && lacking < fewest; i++)
            lacking += !septet_has(rules->pairs[pair].coding, septet_char(text, i));
        if (lacking < fewest) {
            fewest = lacking;
            best = pair;
        }
    }
    return rules->pairs[best].coding;
}

/* Fill in the choice; 0 when the rules allow no encoding that can carry the text. */
static inline int septet_choose(const septet_text *text, const septet_rules *rules,
                                const uint8_t *breaks, septet_choice *choice)
{
    choice->pair = -1;
    if (rules->pair_count > 0) {
        /* The first pair is always the default one. */
        const septet_scan scan = septet_scan_default(text);
        choice->units = scan.units;
        /* No tables can do better than one septet for each character, and no header. */
        if (scan.is_gsm7 && (scan.units == text->length || rules->pair_count == 1))
            choice->pair = 0;
        else if (rules->pair_count > 1)
            choice->pair = septet_best_pair(text, rules, breaks, &choice->units);
        if (choice->pair >= 0) {
            choice->coding = rules->pairs[choice->pair].coding;
            choice->capacity = rules->pairs[choice->pair].capacity;
            return 1;
        }
    } else {
        choice->units = text->length + septet_astral(text, 0, text->length);
    }
    choice->coding.locking = SEPTET_UCS2;
    choice->coding.single = 0;
    choice->capacity = rules->code_units;
    return rules->allows_ucs2;
}

#endif
