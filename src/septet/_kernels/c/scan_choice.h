/* scan_choice.h: what a text is counted in, under given rules.
 *
 * GSM-7 when a pair of tables can carry the text, else UCS-2.
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
    return !septet_has(coding, c) || septet_is_excluded(rules, c);
}

static int septet_meets_excluded(const septet_text *text, const septet_rules *rules)
{
    ptrdiff_t i;
    for (i = 0; i < text->length; i++)
        if (septet_is_excluded(rules, septet_char(text, i)))
            return 1;
    return 0;
}

/* The pair that lacks the fewest characters of the text; the first of several. */
static inline septet_coding septet_least_lacking(const septet_text *text, const septet_rules *rules)
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

/* Fill in the choice; 0 when the rules allow no encoding that can carry the text. */
static inline int septet_choose(const septet_text *text, const septet_rules *rules,
                                const uint8_t *breaks, septet_choice *choice)
{
    choice->pair = -1;
    if (rules->pair_count > 0 && (rules->excluded == NULL || !septet_meets_excluded(text, rules))) {
        /* The first pair is always the default one. */
        const septet_scan scan = septet_scan_default(text);
        choice->units = scan.units;
        /* No tables can do better than one septet for each character, and no header. */
        if (scan.is_gsm7 && (scan.units == text->length || rules->pair_count == 1))
            choice->pair = 0;
        else if (rules->pair_count > 1)
            choice->pair = septet_best_pair(text, rules, breaks,
                                            scan.is_gsm7 ? scan.units - text->length : -1,
                                            &choice->units);
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
