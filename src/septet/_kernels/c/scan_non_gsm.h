/* scan_non_gsm.h: how many texts each character forces into UCS-2.
 *
 * One place for every code point, over many columns; memory that is never touched is never made. A
 * character counts once for a text, however often it stands there.
 */
#ifndef SEPTET_SCAN_NON_GSM_H
#define SEPTET_SCAN_NON_GSM_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "scan_choice.h"
#include "scan_column.h"

typedef struct {
    uint64_t last;  /* number of the text that had the character last, from 1 */
    uint64_t texts; /* how many had it */
} septet_non_gsm_count;

typedef struct {
    septet_non_gsm_count *chars;
    uint32_t *seen; /* the characters met, in this order */
    ptrdiff_t seen_count;
    uint64_t text;
} septet_non_gsm_counts;

#define SEPTET_CODE_POINTS 0x110000

static void septet_free_non_gsm_counts(septet_non_gsm_counts *counts)
{
    free(counts->chars);
    free(counts->seen);
}

static int septet_make_non_gsm_counts(septet_non_gsm_counts *counts)
{
    septet_non_gsm_counts made = {NULL, NULL, 0, 0};
    made.chars = calloc(SEPTET_CODE_POINTS, sizeof *made.chars);
    made.seen = malloc(SEPTET_CODE_POINTS * sizeof *made.seen);
    if (made.chars == NULL || made.seen == NULL) {
        septet_free_non_gsm_counts(&made);
        return 0;
    }
    *counts = made;
    return 1;
}

/* Forget what was met. */
static void septet_clear_non_gsm_counts(septet_non_gsm_counts *counts)
{
    ptrdiff_t i;
    for (i = 0; i < counts->seen_count; i++)
        counts->chars[counts->seen[i]].texts = 0;
    counts->seen_count = 0;
}

/* A character that the tables lack, in the text that is being looked at. */
static inline void septet_count_non_gsm_character(septet_non_gsm_counts *counts, uint32_t c)
{
    /* What stands for octets that are no character may lie beyond the last one. */
    septet_non_gsm_count *const non_gsm_character =
        counts->chars + (c < SEPTET_CODE_POINTS ? c : SEPTET_CODE_POINTS - 1);
    if (non_gsm_character->last == counts->text)
        return;
    non_gsm_character->last = counts->text;
    if (non_gsm_character->texts++ == 0)
        counts->seen[counts->seen_count++] = (uint32_t)(non_gsm_character - counts->chars);
}

/* Note what a text that is counted in UCS-2 has, and the pair of tables that lacks least does not. */
static void septet_count_non_gsm(const septet_text *text, const septet_rules *rules,
                                 septet_non_gsm_counts *counts)
{
    septet_coding coding;
    ptrdiff_t i;
    if (rules->pair_count == 0)
        return;
    coding = septet_least_lacking(text, rules);
    counts->text++;
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        if (septet_lacks(rules, coding, c))
            septet_count_non_gsm_character(counts, c);
    }
}

/* With one pair of tables a row need not be decoded to choose it. */
static void septet_note_octets(const uint8_t *octets, ptrdiff_t length, const septet_rules *rules,
                               septet_non_gsm_counts *counts)
{
    ptrdiff_t at = 0;
    counts->text++;
    while (at < length) {
        uint32_t c;
        /* Most octets as a rule, and no table lacks them. */
        if (octets[at] < 0x80 && !rules->excludes_plain)
            at += septet_plain_prefix(octets + at, length - at);
        if (at == length)
            break;
        c = septet_decode(octets, length, &at);
        if (septet_lacks(rules, rules->pairs[0].coding, c))
            septet_count_non_gsm_character(counts, c);
    }
}

/* The same for those rows of a column that are counted in UCS-2. */
static septet_outcome septet_count_row_non_gsm(const septet_column *column, ptrdiff_t first,
                                               ptrdiff_t stop, const uint8_t *encodings,
                                               const septet_rules *rules, septet_non_gsm_counts *counts)
{
    const int64_t last = septet_last_offset(column, stop);
    septet_scratch scratch = {NULL, 0};
    septet_outcome outcome = SEPTET_FINE;
    ptrdiff_t row;
    for (row = first; row < stop && outcome == SEPTET_FINE; row++) {
        const uint8_t *octets;
        int64_t length;
        septet_text text;
        if (!encodings[row - first])
            continue;
        outcome = septet_see_row(column, row, last, &octets, &length);
        if (outcome != SEPTET_FINE)
            break;
        if (rules->pair_count == 1)
            septet_note_octets(octets, (ptrdiff_t)length, rules, counts);
        else if (septet_decode_row(octets, (ptrdiff_t)length, &scratch, &text))
            septet_count_non_gsm(&text, rules, counts);
        else
            outcome = SEPTET_NO_MEMORY;
    }
    free(scratch.chars);
    return outcome;
}

#endif
