/* savings.h: what a text would take after cheaper characters or line ends, or without its last units.
 *
 * The replacements of a character are the same in all texts but those with a character that depends on its
 * neighbours: such texts are left to the caller. The segments of a rewritten text follow from sums of units;
 * it is built only where the end of a segment can leave a unit unused, or where grapheme clusters are kept.
 */
#ifndef SEPTET_SAVINGS_H
#define SEPTET_SAVINGS_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "savings_tallies.h"
#include "scan_choice.h"
#include "scan_column.h"
#include "standard_limits.h"

/* Make room for characters in memory that is not empty; return 0 without memory. */
static int septet_reserve_chars(septet_scratch *scratch, ptrdiff_t length)
{
    if (length >= scratch->capacity) {
        const ptrdiff_t capacity = 2 * length + 1;
        uint32_t *const chars = realloc(scratch->chars, (size_t)capacity * sizeof *chars);
        if (chars == NULL)
            return 0;
        scratch->chars = chars;
        scratch->capacity = capacity;
    }
    return 1;
}

/* Set the replacement of a character at the next level, the first one included; return 0 without memory. */
static int septet_add_cost(septet_savings *savings, const septet_text *text)
{
    const septet_rules *const rules = savings->rules;
    const ptrdiff_t count = savings->cost_count;
    septet_cost made = {savings->pool_length, text->length, 0, 0};
    ptrdiff_t i;
    if ((count & (count - 1)) == 0) {
        septet_cost *const larger =
            realloc(savings->costs, (size_t)(count ? 2 * count : 1) * sizeof *larger);
        if (larger == NULL)
            return 0;
        savings->costs = larger;
    }
    if (!septet_reserve_chars(&savings->pool, savings->pool_length + text->length))
        return 0;
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        savings->pool.chars[savings->pool_length++] = c;
        made.code_units += c > 0xFFFF ? 2 : 1;
        if (made.septets >= 0 && septet_lacks(rules, rules->pairs[0].coding, c))
            made.septets = -1;
        if (made.septets >= 0)
            made.septets += septet_char_units(rules->pairs[0].coding, c);
    }
    savings->costs[savings->cost_count++] = made;
    return 1;
}

static inline septet_char_costs *septet_costs_of(const septet_savings *savings, uint32_t c)
{
    return savings->chars + (c < SEPTET_CODE_POINTS ? c : SEPTET_CODE_POINTS - 1);
}

/* Write a text to the memory for rewritten ones, its non-GSM characters replaced. */
static int septet_rewrite(septet_savings *savings, const septet_text *text, int level, septet_text *rewritten)
{
    const septet_rules *const rules = savings->rules;
    ptrdiff_t length = 0, i;
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        if (septet_lacks(rules, rules->pairs[0].coding, c)) {
            const septet_cost *const replacement =
                savings->costs + septet_costs_of(savings, c)->first - 1 + level;
            if (!septet_reserve_chars(&savings->rewritten, length + replacement->length))
                return 0;
            memcpy(savings->rewritten.chars + length, savings->pool.chars + replacement->start,
                   (size_t)replacement->length * sizeof c);
            length += replacement->length;
        } else {
            if (!septet_reserve_chars(&savings->rewritten, length + 1))
                return 0;
            savings->rewritten.chars[length++] = c;
        }
    }
    rewritten->data = savings->rewritten.chars;
    rewritten->length = length;
    rewritten->width = 4;
    return 1;
}

/* The units of a text after the replacements of a level, in each encoding. */
typedef struct {
    int is_gsm7;
    ptrdiff_t septets;
    ptrdiff_t code_units;
} septet_level_sum;

/* Return the segments of a text after the replacements of a level; -1 without memory. */
static ptrdiff_t septet_count_level(septet_savings *savings, const septet_text *text, int level,
                                    const septet_level_sum *sum)
{
    static const septet_coding ucs2 = {SEPTET_UCS2, 0};
    const septet_rules *const rules = savings->rules;
    const septet_capacity capacity = sum->is_gsm7 ? rules->pairs[0].capacity : rules->code_units;
    const ptrdiff_t units = sum->is_gsm7 ? sum->septets : sum->code_units;
    const ptrdiff_t fewest = septet_fewest_segments(units, capacity);
    septet_text rewritten;
    /* The same condition as in septet_count_segments. */
    if (fewest == 1 || (rules->clusters == NULL && units <= fewest * (capacity.concatenated - 1) + 1))
        return fewest;
    if (!septet_rewrite(savings, text, level, &rewritten))
        return -1;
    return septet_count_segments(&rewritten, sum->is_gsm7 ? rules->pairs[0].coding : ucs2, units, capacity,
                                 rules->clusters);
}

/* Count the non-GSM characters of a text in UCS-2, and what it would take at each level. */
static int septet_look_at_characters(septet_savings *savings, const septet_text *text, int32_t rate,
                                     ptrdiff_t segments, septet_non_gsm *non_gsm)
{
    const septet_rules *const rules = savings->rules;
    const septet_coding coding = septet_least_lacking_pair(text, rules);
    septet_level_sum sums[SEPTET_MAX_LEVELS];
    ptrdiff_t after[SEPTET_MAX_LEVELS], septets = 0, code_units = 0, distinct = 0, i;
    int level, depends = rules->pair_count > 1;
    for (level = 0; level < savings->level_count; level++) {
        const septet_level_sum nothing = {1, 0, 0};
        sums[level] = nothing;
    }
    savings->text++;
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        septet_char_costs *const replaced = septet_costs_of(savings, c);
        depends |= replaced->depends;
        if (!septet_lacks(rules, coding, c)) {
            septets += septet_char_units(coding, c);
            code_units++;
            continue;
        }
        if (distinct == 0)
            non_gsm->first = i;
        if (!septet_add_tally(&savings->tallies, SEPTET_OCCURRENCES, c, 0, 0, 1))
            return 0;
        if (replaced->text != savings->text) {
            replaced->text = savings->text;
            non_gsm->alone = distinct++ == 0 ? c : SEPTET_NO_CHAR;
            if (!septet_add_tally(&savings->tallies, SEPTET_WITH_CHARACTER, c, rate, segments, 1))
                return 0;
        }
        depends |= replaced->first == 0;
        for (level = 0; level < savings->level_count && !depends; level++) {
            const septet_cost *const replacement = savings->costs + replaced->first - 1 + level;
            sums[level].is_gsm7 &= replacement->septets >= 0;
            sums[level].septets += replacement->septets;
            sums[level].code_units += replacement->code_units;
        }
    }
    if (distinct == 0 || segments == 1)
        return 1;
    non_gsm->is_left = depends;
    if (depends)
        return 1;
    for (level = 0; level < savings->level_count; level++) {
        sums[level].septets += septets;
        sums[level].code_units += code_units;
        after[level] = septet_count_level(savings, text, level, sums + level);
        if (after[level] < 0)
            return 0;
    }
    return septet_count_changes(savings, rate, segments, after, non_gsm->alone);
}

/* Count the segments of a text that the rules have an encoding for. */
static ptrdiff_t septet_count_text(const septet_text *text, const septet_rules *rules)
{
    septet_choice choice;
    septet_choose(text, rules, &choice);
    return septet_count_segments(text, choice.coding, choice.units, choice.capacity, rules->clusters);
}

/* Count what LF in place of CR LF saves. */
static int septet_look_at_line_ends(septet_savings *savings, const septet_text *text, int32_t rate,
                                    ptrdiff_t segments)
{
    ptrdiff_t length = 0, i;
    if (!septet_reserve_chars(&savings->rewritten, text->length))
        return 0;
    for (i = 0; i < text->length; i++) {
        const uint32_t c = septet_char(text, i);
        if (c != '\r' || i + 1 == text->length || septet_char(text, i + 1) != '\n')
            savings->rewritten.chars[length++] = c;
    }
    if (length < text->length) {
        const septet_text rewritten = {savings->rewritten.chars, length, 4};
        const ptrdiff_t saved = segments - septet_count_text(&rewritten, savings->rules);
        return saved <= 0 || septet_add_tally(&savings->tallies, SEPTET_SAVED_BY_CHANGE, 0, rate, saved, 1);
    }
    return 1;
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
                            segments - septet_count_text(&beginning, rules), 1);
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

/* Look at a counted text that has units, unless the rules have no encoding for it; return 0 without memory. */
static int septet_look_at_text(septet_savings *savings, const septet_text *text, int32_t rate, ptrdiff_t segments,
                               septet_non_gsm *non_gsm)
{
    const septet_non_gsm none = {text->length, SEPTET_NO_CHAR, 0};
    septet_choice choice;
    *non_gsm = none;
    if (!septet_choose(text, savings->rules, &choice))
        return 1;
    if (choice.pair < 0 && savings->rules->pair_count > 0
        && !septet_look_at_characters(savings, text, rate, segments, non_gsm))
        return 0;
    if (segments == 1)
        return 1;
    if (!septet_look_at_line_ends(savings, text, rate, segments))
        return 0;
    return !septet_may_be_near(savings, text, &choice, segments, non_gsm->first)
        || septet_look_at_end(savings, text, &choice, rate, segments);
}

/* Look at the rows of a column that were counted; `*row` receives the row of an error, or `stop`. A row that is
 * not UTF-8 has the outcome SEPTET_NO_ENCODING.
 */
static septet_outcome septet_look_at_rows(septet_savings *savings, const septet_column *column, ptrdiff_t first,
                                          ptrdiff_t stop, const septet_facts *facts, const int32_t *rates,
                                          septet_left_rows *left, ptrdiff_t *row)
{
    const int64_t last = septet_last_offset(column, stop);
    for (*row = first; *row < stop; ++*row) {
        const ptrdiff_t i = *row - first;
        const uint8_t *octets;
        int64_t length;
        septet_text text;
        septet_non_gsm non_gsm;
        septet_outcome outcome;
        int is_valid;
        if (!septet_may_save(facts, i))
            continue;
        outcome = septet_read_nullable_row(column, *row, last, &octets, &length);
        if (outcome != SEPTET_FINE)
            return outcome;
        if (!septet_decode_row(octets, (ptrdiff_t)length, &savings->decoded, &text, &is_valid))
            return SEPTET_NO_MEMORY;
        if (!is_valid)
            return SEPTET_NO_ENCODING;
        if (!septet_look_at_text(savings, &text, rates[i], facts->segments[i], &non_gsm))
            return SEPTET_NO_MEMORY;
        septet_leave_row(left, i, &non_gsm);
    }
    return SEPTET_FINE;
}

#endif
