/* scan_choice.h: choose the encoding and tables of a text under given rules.
 *
 * GSM-7 if a pair of tables has every character of the text, else UCS-2.
 */
#ifndef SEPTET_SCAN_CHOICE_H
#define SEPTET_SCAN_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "scan.h"
#include "scan_languages.h"

static inline int septet_is_excluded(const septet_rules *rules, uint32_t c)
{
    return rules->excluded != NULL && c <= 0xFFFF && rules->excluded[c >> 3] >> (c & 7) & 1;
}

static inline int septet_lacks(const septet_rules *rules, septet_coding coding, uint32_t c)
{
    return !septet_is_in_tables(coding, c) || septet_is_excluded(rules, c);
}

static inline ptrdiff_t septet_next_lacking_width(int width, const septet_text *text, const septet_rules *rules,
                                                  septet_coding coding, ptrdiff_t index)
{
    const septet_text same = {text->data, text->length, width};
    const uint32_t tables = (uint32_t)1 << coding.locking | (uint32_t)1 << (SEPTET_SINGLE_BIT + coding.single);
    for (; index < same.length; index++) {
        const uint32_t c = septet_char(&same, index);
        if (!(septet_tables_of(c) & tables) || septet_is_excluded(rules, c))
            break;
    }
    return index;
}

/* Return the index of the next character, from `index` on, that the tables lack; the length if there is none. */
static inline ptrdiff_t septet_next_lacking(const septet_text *text, const septet_rules *rules,
                                            septet_coding coding, ptrdiff_t index)
{
    switch (septet_width(text)) {
    case 1: return septet_next_lacking_width(1, text, rules, coding, index);
    case 2: return septet_next_lacking_width(2, text, rules, coding, index);
    default: return septet_next_lacking_width(4, text, rules, coding, index);
    }
}

static int septet_has_excluded(const septet_text *text, const septet_rules *rules)
{
    ptrdiff_t i;
    for (i = 0; i < text->length; i++)
        if (septet_is_excluded(rules, septet_char(text, i)))
            return 1;
    return 0;
}

/* Return the pair that lacks the fewest characters of the text, or the first of several such pairs. */
static inline septet_coding septet_least_lacking_pair(const septet_text *text, const septet_rules *rules)
{
    ptrdiff_t fewest = text->length + 1, lacking, i;
    int pair, best = 0;
    if (rules->pair_count == 1)
        return rules->pairs[0].coding;
    for (pair = 0; pair < rules->pair_count; pair++) {
        lacking = 0;
        for (i = 0; i < text->length && lacking < fewest; i++)
            lacking += septet_lacks(rules, rules->pairs[pair].coding, septet_char(text, i));
        if (lacking < fewest) {
            fewest = lacking;
            best = pair;
        }
    }
    return rules->pairs[best].coding;
}

/* Choose as if the clusters of some tables were kept; NULL if they may be cut. */
static inline int septet_choose_with(const septet_text *text, const septet_rules *rules,
                                     const septet_clusters *clusters, septet_choice *choice)
{
    choice->pair = -1;
    if (rules->pair_count > 0 && (rules->excluded == NULL || !septet_has_excluded(text, rules))) {
        /* Kernel.__init__ checks that the first pair is the default one. */
        const septet_scan scan = septet_scan_default(text);
        choice->units = scan.units;
        /* One septet for each character, without a header, cannot be improved. */
        if (scan.is_gsm7 && (scan.units == text->length || rules->pair_count == 1))
            choice->pair = 0;
        else if (rules->pair_count > 1)
            choice->pair = septet_best_pair(text, rules, clusters,
                                            scan.is_gsm7 ? scan.units - text->length : -1,
                                            &choice->units);
        if (choice->pair >= 0) {
            choice->coding = rules->pairs[choice->pair].coding;
            choice->capacity = rules->pairs[choice->pair].capacity;
            return 1;
        }
    } else {
        choice->units = text->length + septet_count_astral(text, 0, text->length);
    }
    choice->coding.locking = SEPTET_UCS2;
    choice->coding.single = 0;
    choice->capacity = rules->code_units;
    return rules->allows_ucs2;
}

/* Choose the encoding of a text; return 0 if the rules allow no encoding that has all its characters. */
static inline int septet_choose(const septet_text *text, const septet_rules *rules, septet_choice *choice)
{
    if (!septet_choose_with(text, rules, NULL, choice))
        return 0;
    /* Clusters matter to a choice between tables only where there are several segments. */
    if (rules->clusters != NULL && rules->pair_count > 1 && choice->pair >= 0
        && choice->units > choice->capacity.single)
        septet_choose_with(text, rules, rules->clusters, choice);
    return 1;
}

static inline septet_text_facts septet_count_text(const septet_text *text, const septet_rules *rules)
{
    septet_text_facts facts = {0, 0, 0};
    septet_choice choice;
    if (septet_choose(text, rules, &choice)) {
        facts.segments = septet_count_segments(text, choice.coding, choice.units, choice.capacity, rules->clusters);
        facts.units = choice.units;
        facts.is_ucs2 = choice.pair < 0;
    }
    return facts;
}

#endif
