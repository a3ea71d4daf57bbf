/* scan_non_gsm.h: count how many texts each character forces into UCS-2.
 *
 * There is one counter for every code point; the operating system provides its memory when it is first
 * touched. A character counts once for a text, however often it occurs there.
 */
#ifndef SEPTET_SCAN_NON_GSM_H
#define SEPTET_SCAN_NON_GSM_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "scan_choice.h"
#include "scan_column.h"

typedef struct {
    uint64_t last;  /* number of the last text with the character, from 1 */
    uint64_t texts; /* texts with the character */
} septet_non_gsm_count;

typedef struct {
    septet_non_gsm_count *chars;
    uint32_t *seen; /* the counted characters, in the order of their first occurrence */
    ptrdiff_t seen_count;
    uint64_t text;
} septet_non_gsm_counts;

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

/* Reset all counts. */
static void septet_clear_non_gsm_counts(septet_non_gsm_counts *counts)
{
    ptrdiff_t i;
    for (i = 0; i < counts->seen_count; i++)
        counts->chars[counts->seen[i]].texts = 0;
    counts->seen_count = 0;
}

/* Count a character of the current text. */
static inline void septet_count_non_gsm_character(septet_non_gsm_counts *counts, uint32_t c)
{
    /* SEPTET_INVALID_ASTRAL is counted as U+10FFFF. */
    septet_non_gsm_count *const non_gsm_character =
        counts->chars + (c < SEPTET_CODE_POINTS ? c : SEPTET_CODE_POINTS - 1);
    if (non_gsm_character->last == counts->text)
        return;
    non_gsm_character->last = counts->text;
    if (non_gsm_character->texts++ == 0)
        counts->seen[counts->seen_count++] = (uint32_t)(non_gsm_character - counts->chars);
}

/* Count the characters of a UCS-2 text that the pair of tables lacking the fewest of them lacks. */
static void septet_count_non_gsm_text(const septet_text *text, const septet_rules *rules,
                                      septet_non_gsm_counts *counts)
{
    septet_coding coding;
    ptrdiff_t i;
    if (rules->pair_count == 0)
        return;
    coding = septet_least_lacking_pair(text, rules);
    counts->text++;
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        if (septet_lacks(rules, coding, c))
            septet_count_non_gsm_character(counts, c);
    }
}

/* The same for a row of UTF-8 if the rules have one pair of tables. */
static void septet_count_non_gsm_octets(const uint8_t *octets, ptrdiff_t length, const septet_rules *rules,
                                        septet_non_gsm_counts *counts)
{
    ptrdiff_t at = 0;
    counts->text++;
    while (at < length) {
        uint32_t c;
        /* Skip plain characters, which the tables have. */
        if (octets[at] < 0x80 && !rules->excludes_plain)
            at += septet_plain_prefix(octets + at, length - at);
        if (at == length)
            break;
        c = septet_decode_char(octets, length, &at);
        if (septet_lacks(rules, rules->pairs[0].coding, c))
            septet_count_non_gsm_character(counts, c);
    }
}

/* The same for the rows of a column that are counted in UCS-2. */
static septet_outcome septet_count_non_gsm_rows(const septet_column *column, ptrdiff_t first,
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
        int is_valid;
        if (!encodings[row - first])
            continue;
        outcome = septet_read_row(column, row, last, &octets, &length);
        if (outcome != SEPTET_FINE)
            break;
        if (rules->pair_count == 1)
            septet_count_non_gsm_octets(octets, (ptrdiff_t)length, rules, counts);
        else if (septet_decode_row(octets, (ptrdiff_t)length, &scratch, &text, &is_valid))
            septet_count_non_gsm_text(&text, rules, counts);
        else
            outcome = SEPTET_NO_MEMORY;
    }
    free(scratch.chars);
    return outcome;
}

#endif
