/* module.c: the core as a WebAssembly module, for web/browser/septet.js.
 *
 * The caller writes a text in UTF-16 to the text buffer and calls a function with its length. Results are numbers in
 * septet_results, and lists behind the text, until the next call. Built by tools/build_browser.py.
 */
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "transliterate.h"
#include "../c/rcs.h"

#define EXPORT(name) __attribute__((export_name(name)))

enum { SEPTET_LACKS_MEMORY = -1, SEPTET_LACKS_ENCODING = -2 };

static int32_t septet_results[8];

static septet_text septet_begin(ptrdiff_t length)
{
    const septet_text text = {septet_text_buffer(), length, 2};
    septet_top = septet_align((uintptr_t)(septet_text_buffer() + length));
    septet_lacked_memory = 0;
    return text;
}

/* Fill the tables, and return the address of the results; call it once. */
EXPORT("start") int32_t *septet_start(void)
{
    septet_fill_counting_tables();
    septet_fill_replacements();
    return septet_results;
}

/* Return the address of the text buffer after making room for a text of so many code units; 0 if there is none. */
EXPORT("reserve") uint16_t *septet_reserve_text(ptrdiff_t length)
{
    septet_top = (uintptr_t)septet_text_buffer();
    return septet_make_room((size_t)length * sizeof(uint16_t) + SEPTET_ARENA_ALIGNMENT) ? septet_text_buffer() : NULL;
}

/* The most octets that `header_octets` may be. */
EXPORT("maxHeaderOctets") int septet_limit_header(int encoding, int reference_bits, uint32_t languages)
{
    return septet_max_header_octets(encoding, septet_concatenation_octets(reference_bits), languages);
}

/* Count by these options from now on; the text buffer has the excluded characters. */
EXPORT("configure") void septet_configure(int encoding, int reference_bits, uint32_t languages, int clusters,
                                          int header_octets, ptrdiff_t excluded_count)
{
    septet_set_rules(encoding, septet_concatenation_octets(reference_bits), languages, clusters, header_octets,
                     septet_text_buffer(), excluded_count);
}

/* Return the index of the first character that the tables lack; the length if there is none. */
static ptrdiff_t septet_first_lacking(const septet_text *text)
{
    const septet_rules *const rules = &septet_current_rules;
    return rules->pair_count == 0
        ? text->length : septet_next_lacking(text, rules, septet_least_lacking_pair(text, rules), 0);
}

/* Choose the encoding of a text. If there is none, the results are the index of the first character that the tables
 * lack, and the character.
 */
static int septet_choose_or_say(const septet_text *text, septet_choice *choice)
{
    ptrdiff_t index;
    if (septet_choose(text, &septet_current_rules, choice))
        return 1;
    index = septet_first_lacking(text);
    septet_results[0] = (int32_t)index;
    septet_results[1] = (int32_t)septet_next_char(text, &index);
    return 0;
}

static ptrdiff_t septet_count_any(const septet_text *text)
{
    septet_choice choice;
    if (!septet_choose_or_say(text, &choice))
        return SEPTET_LACKS_ENCODING;
    return septet_count_segments(text, choice.coding, choice.units, choice.capacity, septet_current_rules.clusters);
}

/* Return the segments of a text. */
EXPORT("count") ptrdiff_t septet_count(ptrdiff_t length)
{
    const septet_text text = septet_begin(length);
    return septet_count_any(&text);
}

/* Write to the results: whether the text is UCS-2, its units, segments, units left, the tables, its characters. */
EXPORT("analyze") int septet_analyze(ptrdiff_t length)
{
    const septet_text text = septet_begin(length);
    septet_choice choice;
    ptrdiff_t last, segments, characters = length, i;
    if (!septet_choose_or_say(&text, &choice))
        return SEPTET_LACKS_ENCODING;
    segments = septet_count_by_cutting(
        &text, choice.coding, choice.units, choice.capacity, septet_current_rules.clusters, &last);
    septet_results[0] = choice.pair < 0;
    septet_results[1] = (int32_t)choice.units;
    septet_results[2] = (int32_t)segments;
    septet_results[3] = (int32_t)((segments == 1 ? choice.capacity.single : choice.capacity.concatenated) - last);
    septet_results[4] = choice.pair < 0 ? 0 : choice.coding.locking;
    septet_results[5] = choice.pair < 0 ? 0 : choice.coding.single;
    for (i = 1; choice.pair < 0 && i < length; i++)
        characters -= septet_is_pair(&text, i);
    septet_results[6] = (int32_t)characters;
    return 0;
}

/* Return how many indexes of characters were pushed that the tables lack; the first one's address is in the results. */
EXPORT("findNonGsm") ptrdiff_t septet_find_non_gsm(ptrdiff_t length)
{
    const septet_text text = septet_begin(length);
    const septet_rules *const rules = &septet_current_rules;
    septet_coding coding;
    ptrdiff_t count = 0, index;
    if (rules->pair_count == 0)
        return 0;
    coding = septet_least_lacking_pair(&text, rules);
    septet_results[0] = (int32_t)septet_top;
    for (index = septet_next_lacking(&text, rules, coding, 0); index < length;
         index = septet_next_lacking(&text, rules, coding, index + 1)) {
        int32_t *pushed;
        if (index > 0 && septet_is_pair(&text, index))
            continue;
        pushed = septet_push(sizeof *pushed);
        if (pushed == NULL)
            return SEPTET_LACKS_MEMORY;
        *pushed = (int32_t)index;
        count++;
    }
    return count;
}

/* Return the segments of a text; for each, the index after it and its units were pushed. The first one's address is in
 * the results.
 */
EXPORT("split") ptrdiff_t septet_split(ptrdiff_t length)
{
    const septet_text text = septet_begin(length);
    septet_cluster_search search = septet_start_search(septet_current_rules.clusters);
    septet_choice choice;
    ptrdiff_t count = 0, start = 0;
    if (!septet_choose_or_say(&text, &choice))
        return SEPTET_LACKS_ENCODING;
    septet_results[0] = (int32_t)septet_top;
    do {
        ptrdiff_t units = choice.units, end = length;
        int32_t *pushed;
        if (choice.units > choice.capacity.single) {
            const ptrdiff_t capacity = choice.capacity.concatenated;
            end = septet_segment_end(&text, choice.coding, septet_guess_length(&text, choice.units, capacity), start,
                                     capacity, &search, &units);
        }
        pushed = septet_push(2 * sizeof *pushed);
        if (pushed == NULL)
            return SEPTET_LACKS_MEMORY;
        pushed[0] = (int32_t)end;
        pushed[1] = (int32_t)units;
        start = end;
        count++;
    } while (start < length);
    return count;
}

/* Should a text be replaced by the result? An outcome below 0 if the rules allow no encoding of one of them. */
static ptrdiff_t septet_is_worth_it(const septet_text *text, const septet_text *result, int when)
{
    ptrdiff_t before, after;
    if (when == SEPTET_ALWAYS)
        return 1;
    if (when == SEPTET_HELPS && septet_first_lacking(result) < result->length)
        return 0;
    after = septet_count_any(result);
    if (after < 0)
        return after;
    before = septet_count_any(text);
    if (when == SEPTET_HELPS)
        return before < 0 || after <= before; /* a text without an encoding cannot be sent as it is */
    return before < 0 ? before : after < before;
}

/* Replace what the tables lack, and return the number of replacements; 0 if the text stays as it is. The results
 * are the address of the replacements (see transliterate.h), and address and length of the new text.
 */
EXPORT("transliterate") ptrdiff_t septet_transliterate(ptrdiff_t length, int level, int when)
{
    const septet_text text = septet_begin(length);
    septet_rewriting rewriting = {&text, {0, 0, 0}, SEPTET_NO_CHAR, 0};
    const uint32_t *const records = (const uint32_t *)septet_top;
    septet_text result;
    ptrdiff_t outcome;
    if (septet_first_lacking(&text) == length)
        return 0;
    rewriting.alphabet = septet_choose_alphabet(&text, level);
    septet_change_pieces(&rewriting);
    if (septet_lacked_memory)
        return SEPTET_LACKS_MEMORY;
    if (rewriting.count == 0)
        return 0;
    result = septet_push_rewritten(&text, records, rewriting.count);
    if (septet_lacked_memory)
        return SEPTET_LACKS_MEMORY;
    outcome = septet_is_worth_it(&text, &result, when);
    if (outcome <= 0)
        return outcome;
    septet_results[0] = (int32_t)(uintptr_t)records;
    septet_results[1] = (int32_t)(uintptr_t)result.data;
    septet_results[2] = (int32_t)result.length;
    return rewriting.count;
}

/* Return the segments of a rich message of RCS; the results are its bytes. */
EXPORT("countRcs") int32_t septet_count_rcs(ptrdiff_t length)
{
    const septet_text text = septet_begin(length);
    const int64_t bytes = septet_utf8_length(&text);
    septet_results[0] = (int32_t)bytes;
    return septet_rcs_segments(bytes, SEPTET_RCS_SEGMENT_BYTES);
}
