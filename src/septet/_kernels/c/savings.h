/* savings.h: look at counted texts for what could be saved: non-GSM characters, CR before LF, and a few units at
 * the end.
 */
#ifndef SEPTET_SAVINGS_H
#define SEPTET_SAVINGS_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decode_utf8.h"
#include "savings_tallies.h"
#include "scan_choice.h"
#include "scan_rows.h"
#include "standard_limits.h"

/* What is known of a text after its non-GSM characters were counted. */
typedef struct {
    ptrdiff_t first; /* index of the first of them; the length of the text if there is none */
    uint32_t alone;  /* the only one, or SEPTET_NO_CHAR */
} septet_non_gsm;

/* Count the non-GSM characters of a text; return 0 without memory. */
static int septet_look_at_characters(septet_savings *savings, const septet_text *text, int32_t rate,
                                     ptrdiff_t segments, septet_non_gsm *non_gsm)
{
    const septet_rules *const rules = savings->rules;
    const septet_coding coding = septet_least_lacking_pair(text, rules);
    ptrdiff_t distinct = 0, i;
    savings->text_count++;
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        if (!septet_lacks(rules, coding, c))
            continue;
        if (distinct == 0)
            non_gsm->first = i;
        savings->characters[c].occurrences++;
        if (savings->characters[c].last_text == savings->text_count)
            continue;
        savings->characters[c].last_text = savings->text_count;
        non_gsm->alone = distinct++ == 0 ? c : SEPTET_NO_CHAR;
        if (!septet_add_tally(&savings->tallies, SEPTET_WITH_CHARACTER, c, rate, segments, 1))
            return 0;
    }
    return 1;
}

/* Count what LF in place of CR LF saves in a text with CR; return 0 without memory. */
static int septet_look_at_line_ends(septet_savings *savings, const septet_text *text, int32_t rate,
                                    ptrdiff_t segments)
{
    septet_code_points *const without_cr = &savings->without_cr;
    septet_text shorter;
    ptrdiff_t saved, i;
    if (!septet_reserve_chars(without_cr, text->length))
        return 0;
    without_cr->length = 0;
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        if (c != '\r' || i + 1 == text->length || septet_char(text, i + 1) != '\n')
            without_cr->chars[without_cr->length++] = c;
    }
    if (without_cr->length == text->length)
        return 1;
    shorter.data = without_cr->chars;
    shorter.length = without_cr->length;
    shorter.width = 4;
    saved = segments - septet_count_text(&shorter, savings->rules).segments;
    return saved <= 0 || septet_add_tally(&savings->tallies, SEPTET_SAVED_BY_CHANGE, 0, rate, saved, 1);
}

/* Find the first length from `low` up to `high` at which the beginning of a text is in UCS-2, or else has more
 * than `segments`, if a longer beginning never takes fewer; `high` if there is none.
 */
static ptrdiff_t septet_search_beginnings(const septet_text *text, const septet_rules *rules, ptrdiff_t low,
                                          ptrdiff_t high, ptrdiff_t segments)
{
    while (low < high) {
        const ptrdiff_t middle = low + (high - low) / 2;
        const septet_text beginning = {text->data, middle, text->width};
        septet_choice choice;
        septet_choose(&beginning, rules, &choice);
        if (segments == 0 ? choice.pair < 0
                          : septet_count_segments(&beginning, choice.coding, choice.units, choice.capacity,
                                                  rules->clusters) > segments)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Return where the cluster begins that the character at an index is in. */
static ptrdiff_t septet_cut_before(const septet_text *text, const septet_clusters *clusters, ptrdiff_t index)
{
    septet_cluster_search search = septet_start_search(clusters);
    return septet_cluster_start(text, &search, index - (index > 0 && septet_is_pair(text, index)));
}

/* Return the length of the longest beginning that has at most `segments`, as `truncate` finds it; a smaller one
 * than `low` may be too small.
 */
static ptrdiff_t septet_find_beginning(const septet_savings *savings, const septet_text *text, ptrdiff_t low,
                                       ptrdiff_t segments)
{
    const septet_rules *const rules = savings->rules;
    const ptrdiff_t most = segments * SEPTET_SEGMENT_SEPTETS + 1, high = most < text->length ? most : text->length;
    ptrdiff_t first_ucs2, cut;
    low = low < high ? low : high;
    first_ucs2 = septet_search_beginnings(text, rules, low, high, 0);
    cut = septet_search_beginnings(text, rules, first_ucs2, high, segments);
    cut = cut > first_ucs2 ? septet_cut_before(text, savings->clusters, cut - 1) : 0;
    if (cut < first_ucs2) {
        cut = septet_search_beginnings(text, rules, low, first_ucs2, segments);
        cut = cut > low ? septet_cut_before(text, savings->clusters, cut - 1) : 0;
    }
    return cut;
}

/* Count what the removal of a few units at the end saves. */
static int septet_look_at_end(septet_savings *savings, const septet_text *text, const septet_choice *choice,
                              int32_t rate, ptrdiff_t segments)
{
    const septet_rules *const rules = savings->rules;
    /* With clusters, `truncate` does not find the longest beginning if one of them fills a segment. */
    const ptrdiff_t low = rules->clusters == NULL && text->length > savings->near_units
        ? text->length - savings->near_units : 0;
    const ptrdiff_t cut = septet_find_beginning(savings, text, low, segments - 1);
    const septet_text beginning = {text->data, cut, text->width};
    ptrdiff_t over;
    if (text->length - cut > savings->near_units)
        return 1;
    over = septet_count_units(text, choice->coding, cut, text->length - cut);
    return over > savings->near_units
        || septet_add_tally(&savings->tallies, SEPTET_NEAR_FEWER, (uint32_t)over, rate,
                            segments - septet_count_text(&beginning, rules).segments, 1);
}

/* Can a text be near a segment less? One segment less holds no more units than the capacity, so most texts need
 * no closer look: unless the beginning may be counted in another encoding, or in other tables.
 */
static int septet_may_be_near(const septet_savings *savings, const septet_text *text, const septet_choice *choice,
                              ptrdiff_t segments, ptrdiff_t first_non_gsm)
{
    const septet_capacity capacity = choice->capacity;
    const ptrdiff_t fewer = segments == 2 ? capacity.single : capacity.concatenated * (segments - 1);
    return savings->rules->pair_count > 1 || choice->units - fewer <= savings->near_units
        || (first_non_gsm < text->length && first_non_gsm >= text->length - savings->near_units);
}

/* Look at a counted text, unless the rules have no encoding for it; return 0 without memory. */
static int septet_look_at_text(septet_savings *savings, const septet_text *text, int has_cr, int32_t rate,
                               ptrdiff_t segments, const septet_rows_to_change *rows, ptrdiff_t row)
{
    septet_non_gsm non_gsm = {0, SEPTET_NO_CHAR};
    septet_choice choice;
    non_gsm.first = text->length;
    if (!septet_choose(text, savings->rules, &choice))
        return 1;
    if (choice.pair < 0 && savings->rules->pair_count > 0
        && !septet_look_at_characters(savings, text, rate, segments, &non_gsm))
        return 0;
    if (segments == 1)
        return 1;
    if (non_gsm.first < text->length) {
        rows->selected[row] = 1;
        rows->alone[row] = non_gsm.alone;
    }
    if (has_cr && !septet_look_at_line_ends(savings, text, rate, segments))
        return 0;
    return !septet_may_be_near(savings, text, &choice, segments, non_gsm.first)
        || septet_look_at_end(savings, text, &choice, rate, segments);
}

/* Look at the rows of a column that were counted; `*row` receives the row of an error, or `stop`. A row that is not
 * UTF-8 has the outcome SEPTET_NO_ENCODING. `rows` has zeros, and receives those whose characters may be replaced.
 */
static septet_outcome septet_look_at_rows(septet_savings *savings, const septet_column *column, ptrdiff_t first,
                                          ptrdiff_t stop, int allows_surrogates, const septet_facts *facts,
                                          const int32_t *rates, const septet_rows_to_change *rows, ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    for (*row = first; *row < stop; ++*row) {
        const ptrdiff_t i = *row - first;
        const int32_t segments = facts->segments[i];
        const uint8_t *octets;
        int64_t length;
        septet_text text;
        septet_outcome outcome;
        /* A single segment of GSM-7 saves nothing, and too many segments cannot be sent. */
        if (facts->units[i] <= 0 || segments < 1 || segments > SEPTET_MAX_SEGMENTS
            || (segments == 1 && !facts->encodings[i]))
            continue;
        outcome = septet_read_nullable_row(column, *row, last, &octets, &length);
        if (outcome == SEPTET_FINE)
            outcome = septet_decode_text(octets, (ptrdiff_t)length, allows_surrogates, &savings->text);
        if (outcome != SEPTET_FINE)
            return outcome;
        text.data = savings->text.chars;
        text.length = savings->text.length;
        text.width = 4;
        if (!septet_look_at_text(savings, &text, memchr(octets, '\r', (size_t)length) != NULL, rates[i],
                                 segments, rows, i))
            return SEPTET_NO_MEMORY;
    }
    return SEPTET_FINE;
}

#endif
