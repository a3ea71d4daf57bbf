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
#include <string.h>

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

/* Count a character of the current text if the tables lack it. */
static inline void septet_count_non_gsm_character(septet_non_gsm_counts *counts, const septet_rules *rules,
                                                  septet_coding coding, uint32_t c)
{
    /* SEPTET_INVALID_ASTRAL is counted as U+10FFFF. */
    const uint32_t index = c < SEPTET_CODE_POINTS ? c : SEPTET_CODE_POINTS - 1;
    septet_non_gsm_count *const non_gsm_character = counts->chars + index;
    uint64_t is_new;
    if (!septet_lacks(rules, coding, c))
        return;
    /* No branch, which could not be predicted: whether a character comes again is random. */
    is_new = non_gsm_character->last != counts->text;
    if (non_gsm_character->texts == 0)
        counts->seen[counts->seen_count++] = index;
    non_gsm_character->last = counts->text;
    non_gsm_character->texts += is_new;
}

static inline void septet_count_non_gsm_width(int width, const septet_text *text, const septet_rules *rules,
                                              septet_coding coding, septet_non_gsm_counts *counts)
{
    const septet_text same = {text->data, text->length, width};
    ptrdiff_t i;
    for (i = 0; i < same.length; i++)
        septet_count_non_gsm_character(counts, rules, coding, septet_char(&same, i));
}

/* Count the characters of a UCS-2 text that the pair of tables lacking the fewest of them lacks. */
static void septet_count_non_gsm_text(const septet_text *text, const septet_rules *rules,
                                      septet_non_gsm_counts *counts)
{
    septet_coding coding;
    if (rules->pair_count == 0)
        return;
    coding = septet_least_lacking_pair(text, rules);
    counts->text++;
    switch (text->width) {
    case 1: septet_count_non_gsm_width(1, text, rules, coding, counts); break;
    case 2: septet_count_non_gsm_width(2, text, rules, coding, counts); break;
    default: septet_count_non_gsm_width(4, text, rules, coding, counts); break;
    }
}

/* Decode the character at `*at` of valid UTF-8, and move `*at` after it. */
static inline uint32_t septet_decode_valid_char(const uint8_t *octets, ptrdiff_t *at)
{
    const uint8_t *const next = octets + *at;
    if (next[0] < 0x80) {
        *at += 1;
        return next[0];
    }
    if (next[0] < 0xE0) {
        *at += 2;
        return (uint32_t)(next[0] & 0x1F) << 6 | (next[1] & 0x3Fu);
    }
    if (next[0] < 0xF0) {
        *at += 3;
        return (uint32_t)(next[0] & 0x0F) << 12 | (uint32_t)(next[1] & 0x3F) << 6 | (next[2] & 0x3Fu);
    }
    *at += 4;
    return (uint32_t)(next[0] & 0x07) << 18 | (uint32_t)(next[1] & 0x3F) << 12
        | (uint32_t)(next[2] & 0x3F) << 6 | (next[3] & 0x3Fu);
}

/* The same for a row of valid UTF-8 if the rules have one pair of tables. */
static void septet_count_non_gsm_octets(const uint8_t *octets, ptrdiff_t length, const septet_rules *rules,
                                        septet_non_gsm_counts *counts)
{
    const septet_coding coding = rules->pairs[0].coding;
    ptrdiff_t at = 0;
    counts->text++;
    while (at < length) {
        /* Skip plain characters, which the tables have, unless there are only a few. */
        uint64_t eight;
        if (length - at >= (ptrdiff_t)sizeof eight && !rules->excludes_plain) {
            memcpy(&eight, octets + at, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                at += septet_plain_prefix(octets + at, length - at);
                if (at == length)
                    break;
            }
        }
        septet_count_non_gsm_character(counts, rules, coding, septet_decode_valid_char(octets, &at));
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
        if (rules->pair_count == 1 && septet_is_utf8(octets, (ptrdiff_t)length))
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
