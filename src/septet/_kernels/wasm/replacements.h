/* replacements.h: what replaces a character that an alphabet lacks, as rewriting/replacements.py says.
 *
 * Rules come in three kinds: those of the level "punctuation"; those that "letters" adds, which come first
 * there; and the spelling of letters in ASCII.
 */
#ifndef SEPTET_REPLACEMENTS_H
#define SEPTET_REPLACEMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "compose.h"
#include "options.h"

enum { SEPTET_PUNCTUATION, SEPTET_LETTERS, SEPTET_SPELLED, SEPTET_KINDS }; /* the first two are levels too */

enum {
    SEPTET_CHAR_ATTACHED = 1,
    SEPTET_CHAR_INVISIBLE = 2,
    SEPTET_CHAR_GREEK = 4,
    SEPTET_CHAR_FRACTION = 8,
    SEPTET_CHAR_CAPITAL = 16 /* Greek, in the default alphabet */
};

typedef struct {
    uint32_t tables;   /* bits of septet_tables, of which an available character has one */
    int level;
    int lacks_capitals; /* Greek letters are replaced by sound, so no capital is available */
} septet_alphabet;

static uint8_t septet_flags[SEPTET_CLASSES_LENGTH];
static uint16_t septet_rule_offsets[SEPTET_CLASSES_LENGTH]; /* in the data, of what is behind the head; or 0 */

static inline int septet_has_flag(uint32_t c, int flag) { return septet_flags[septet_class_index(c)] & flag; }

/* Each record is how many characters are between it and the one before, and a head. The head is a character of
 * ASCII, if this is the spelling of one character that has no other rule. Otherwise it has a bit for each kind of
 * rule, and SEPTET_RUN if the length of a run of characters follows, less one. A text for each kind comes last.
 */
enum { SEPTET_RUN = 8, SEPTET_FIRST_SPELLING = 0x20 };

static const uint8_t *septet_skip_texts(const uint8_t *at, int count)
{
    while (count-- > 0)
        at += 1 + *at;
    return at;
}

static void septet_fill_replacements(void)
{
    const uint8_t *at = septet_rule_data;
    uint32_t index = 0;
    septet_fill_runs(septet_flags, septet_flag_data, 5, 0, 0);
    septet_fill_composites();
    while (at < septet_rule_data + sizeof septet_rule_data) {
        const uint8_t *head;
        uint32_t length = 1;
        index += septet_read_number(&at);
        head = at++;
        if (*head < SEPTET_FIRST_SPELLING) {
            if (*head & SEPTET_RUN)
                length += septet_read_number(&at);
            at = septet_skip_texts(at, __builtin_popcount(*head & (SEPTET_RUN - 1)));
        }
        for (; length > 0; length--)
            septet_rule_offsets[index++] = (uint16_t)(head - septet_rule_data);
    }
}

/* Write a character's rule of a kind to `rule`, which has SEPTET_MAX_RULE places. Return its length, or -1
 * if the character has no such rule.
 */
static ptrdiff_t septet_read_rule(uint32_t c, int kind, uint32_t *rule)
{
    const uint32_t offset = septet_rule_offsets[septet_class_index(c)];
    const uint8_t *at = septet_rule_data + offset, *stop;
    const int head = *at++;
    ptrdiff_t length = 0;
    if (offset == 0)
        return -1;
    if (head >= SEPTET_FIRST_SPELLING) {
        *rule = (uint32_t)head;
        return kind == SEPTET_SPELLED ? 1 : -1;
    }
    if (!(head >> kind & 1))
        return -1;
    if (head & SEPTET_RUN)
        septet_read_number(&at);
    at = septet_skip_texts(at, __builtin_popcount(head & ((1 << kind) - 1)));
    for (stop = at + 1 + *at, at++; at < stop; length++) {
        ptrdiff_t used = 0;
        rule[length] = septet_decode_char(at, stop - at, &used);
        at += used;
    }
    return length;
}

/* The rule of a level for a character. */
static ptrdiff_t septet_rule_of_level(uint32_t c, int level, uint32_t *rule)
{
    const ptrdiff_t length = level == SEPTET_LETTERS ? septet_read_rule(c, SEPTET_LETTERS, rule) : -1;
    return length >= 0 ? length : septet_read_rule(c, SEPTET_PUNCTUATION, rule);
}

static inline int septet_is_available(const septet_alphabet *alphabet, uint32_t c)
{
    return septet_tables_of(c) & alphabet->tables && !septet_is_excluded(&septet_current_rules, c)
        && !(alphabet->lacks_capitals && septet_has_flag(c, SEPTET_CHAR_CAPITAL));
}

static int septet_are_available(const septet_alphabet *alphabet, const uint32_t *chars, ptrdiff_t count)
{
    ptrdiff_t i;
    for (i = 0; i < count; i++)
        if (!septet_is_available(alphabet, chars[i]))
            return 0;
    return 1;
}

static int septet_push_replaced(const septet_alphabet *alphabet, const uint32_t *chars, ptrdiff_t count);

/* Push what replaces a character; return 0 and push nothing if nothing does. */
static int septet_push_found(const septet_alphabet *alphabet, uint32_t c)
{
    const uintptr_t top = septet_top;
    uint32_t chars[SEPTET_MAX_RULE];
    ptrdiff_t count;
    if (septet_is_available(alphabet, c)) {
        septet_put(c);
        return 1;
    }
    count = septet_rule_of_level(c, alphabet->level, chars);
    if (count >= 0 && !(alphabet->lacks_capitals && septet_has_flag(c, SEPTET_CHAR_GREEK))
        && septet_push_replaced(alphabet, chars, count))
        return 1;
    septet_push_decomposed(c);
    count = (ptrdiff_t)(septet_top - top) / (ptrdiff_t)sizeof *chars;
    memcpy(chars, (const void *)top, (size_t)count * sizeof *chars);
    septet_top = top;
    count = septet_compose_decomposed(chars, count);
    if (count > 1 || chars[0] != c) {
        if (!septet_are_available(alphabet, chars, count))
            count = septet_join_letters(chars, count);
        if (count > 1 || chars[0] != c)
            return septet_push_replaced(alphabet, chars, count);
    }
    if (alphabet->level == SEPTET_PUNCTUATION)
        return 0;
    count = septet_read_rule(c, SEPTET_SPELLED, chars);
    return count >= 0 && septet_push_replaced(alphabet, chars, count);
}

/* Push replacement characters, with those that are not available replaced in turn; return 0 and push nothing if one of
 * them cannot be.
 */
static int septet_push_replaced(const septet_alphabet *alphabet, const uint32_t *chars, ptrdiff_t count)
{
    const uintptr_t top = septet_top;
    ptrdiff_t i;
    for (i = 0; i < count; i++) {
        if (!septet_push_found(alphabet, chars[i])) {
            septet_top = top;
            return 0;
        }
    }
    return 1;
}

/* Return the character that a C1 control stands for in Windows-1252, or the character itself. */
static uint32_t septet_windows_1252(uint32_t c)
{
    uint32_t rule[SEPTET_MAX_RULE];
    const int is_control = c >= 0x80 && c < 0xA0 && septet_read_rule(c, SEPTET_PUNCTUATION, rule) == 1;
    return is_control && rule[0] >= 0xA0 ? rule[0] : c;
}

/* Push what replaces a character, or else itself; a control that is nearly always a character becomes that. */
static void septet_push_replacement(const septet_alphabet *alphabet, uint32_t c)
{
    if (!septet_push_found(alphabet, c))
        septet_put(septet_windows_1252(c));
}

/* Replace a letter and its marks, which were pushed from `top` on. If one of them has no replacement, return 0 and
 * leave nothing there.
 */
static int septet_replace_letter(const septet_alphabet *alphabet, uintptr_t top)
{
    uint32_t *const chars = (uint32_t *)top;
    const ptrdiff_t count = (ptrdiff_t)(septet_top - top) / (ptrdiff_t)sizeof *chars;
    uint32_t *const decomposed = (uint32_t *)septet_top;
    ptrdiff_t i, composed, replaced;
    for (i = 0; i < count; i++)
        septet_push_decomposed(chars[i]);
    composed = septet_compose_decomposed(decomposed, (uint32_t *)septet_top - decomposed);
    septet_top = (uintptr_t)(decomposed + composed);
    if (!septet_are_available(alphabet, decomposed, composed)) {
        const uint32_t *const result = (const uint32_t *)septet_top;
        composed = septet_join_letters(decomposed, composed);
        for (i = 0; i < composed; i++)
            septet_push_replacement(alphabet, decomposed[i]);
        replaced = (const uint32_t *)septet_top - result;
        if (!septet_are_available(alphabet, result, replaced)) {
            septet_top = top;
            return 0;
        }
        memmove(chars, result, (size_t)replaced * sizeof *chars);
    } else {
        replaced = composed;
        memmove(chars, decomposed, (size_t)replaced * sizeof *chars);
    }
    septet_top = (uintptr_t)(chars + replaced);
    return 1;
}

#endif
