/* options.h: turns the options of a segmenter into rules, as rules/rules.py does. */
#ifndef SEPTET_WASM_OPTIONS_H
#define SEPTET_WASM_OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../c/standard_limits.h"
#include "tables.h"

enum { SEPTET_ANY_ENCODING, SEPTET_ONLY_GSM7, SEPTET_ONLY_UCS2 };

static septet_rules septet_current_rules;
static septet_pair septet_current_pairs[SEPTET_TABLES * SEPTET_TABLES];
static uint8_t septet_current_excluded[0x10000 / 8];

static int septet_concatenation_octets(int reference_bits)
{
    return reference_bits == 16 ? SEPTET_CONCATENATION_OCTETS_16 : SEPTET_CONCATENATION_OCTETS_8;
}

/* Octets that a segment has for text, beside elements of a header of so many octets and UDHL. */
static ptrdiff_t septet_text_octets(int elements) { return SEPTET_SEGMENT_OCTETS - (elements ? elements + 1 : 0); }

static septet_capacity septet_septet_capacity(int elements, int concatenation)
{
    const septet_capacity capacity = {septet_text_octets(elements) * 8 / 7,
                                      septet_text_octets(elements + concatenation) * 8 / 7};
    return capacity;
}

static septet_capacity septet_code_unit_capacity(int elements, int concatenation)
{
    const septet_capacity capacity = {septet_text_octets(elements) / 2,
                                      septet_text_octets(elements + concatenation) / 2};
    return capacity;
}

static void septet_add_pair(int locking, int single, int elements, int concatenation)
{
    septet_pair *const pair = septet_current_pairs + septet_current_rules.pair_count++;
    pair->coding.locking = locking;
    pair->coding.single = single;
    pair->capacity = septet_septet_capacity(
        elements + SEPTET_LANGUAGE_OCTETS * ((locking != 0) + (single != 0)), concatenation);
}

/* Add the pairs of tables of some languages, a bit for each identifier; in the order of standard/languages.py. */
static void septet_add_pairs(uint32_t languages, int elements, int concatenation)
{
    const uint32_t lockings = languages & SEPTET_LOCKING_IDS, singles = languages & SEPTET_SINGLE_IDS;
    int locking, single;
    septet_add_pair(0, 0, elements, concatenation);
    for (single = 1; single < SEPTET_TABLES; single++)
        if (singles >> single & 1)
            septet_add_pair(0, single, elements, concatenation);
    for (locking = 1; locking < SEPTET_TABLES; locking++)
        if (lockings >> locking & 1)
            septet_add_pair(locking, 0, elements, concatenation);
    for (locking = 1; locking < SEPTET_TABLES; locking++)
        for (single = 1; single < SEPTET_TABLES; single++)
            if (lockings >> locking & 1 && singles >> single & 1)
                septet_add_pair(locking, single, elements, concatenation);
}

/* Return the highest number of octets of other elements in a header, given the elements of the options. */
static int septet_max_header_octets(int encoding, int concatenation, uint32_t languages)
{
    const int languages_used = encoding == SEPTET_ONLY_UCS2
        ? 0 : ((languages & SEPTET_LOCKING_IDS) != 0) + ((languages & SEPTET_SINGLE_IDS) != 0);
    return SEPTET_MAX_ELEMENT_OCTETS - concatenation - SEPTET_LANGUAGE_OCTETS * languages_used;
}

/* Count by these options from now on. `clusters` is which tables keep clusters, or -1 if they may be cut. */
static void septet_set_rules(int encoding, int concatenation, uint32_t languages, int clusters, int header_octets,
                             const uint16_t *excluded, ptrdiff_t excluded_count)
{
    septet_rules *const rules = &septet_current_rules;
    ptrdiff_t i;
    rules->pairs = septet_current_pairs;
    rules->pair_count = 0;
    if (encoding != SEPTET_ONLY_UCS2)
        septet_add_pairs(languages, header_octets, concatenation);
    rules->allows_ucs2 = encoding != SEPTET_ONLY_GSM7;
    rules->code_units = septet_code_unit_capacity(header_octets, concatenation);
    rules->clusters = clusters < 0 ? NULL : septet_cluster_tables + clusters;
    rules->excluded = excluded_count ? septet_current_excluded : NULL;
    memset(septet_current_excluded, 0, sizeof septet_current_excluded);
    for (i = 0; i < excluded_count; i++)
        septet_current_excluded[excluded[i] >> 3] |= (uint8_t)(1 << (excluded[i] & 7));
}

#endif
