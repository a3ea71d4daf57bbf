/* transliterate.h: replaces the characters of a text that GSM-7 lacks, as rewriting/transliteration.py does.
 *
 * A text consists of pieces: a character and all that is attached to it. A piece is changed if the alphabet lacks
 * one of its characters. Each replacement is pushed: the index of what is replaced, its length in code units, the
 * number of characters in its place, and these.
 */
#ifndef SEPTET_TRANSLITERATE_H
#define SEPTET_TRANSLITERATE_H

#include <stddef.h>
#include <stdint.h>

#include "replacements.h"

enum { SEPTET_HELPS, SEPTET_CHEAPER, SEPTET_ALWAYS };

enum { SEPTET_NO_CHAR = 0x110000, SEPTET_MICRO = 0xB5, SEPTET_MU = 0x3BC };

typedef struct {
    const septet_text *text;
    septet_alphabet alphabet;
    uint32_t previous; /* the character before, after replacements */
    int32_t count;
} septet_rewriting;

/* Count what the alphabet lacks of a character and, at the level "letters", of the capitals that a Greek letter
 * becomes. `*by_looks` is set to 0 if it lacks one of these.
 */
static ptrdiff_t septet_count_lacking(const septet_alphabet *alphabet, uint32_t c, int *by_looks)
{
    ptrdiff_t lacking = !septet_is_available(alphabet, c), count, i, j;
    uint32_t capitals[SEPTET_MAX_RULE];
    if (alphabet->level == SEPTET_PUNCTUATION || !septet_has_flag(c, SEPTET_CHAR_GREEK))
        return lacking;
    count = septet_rule_of_level(c, SEPTET_LETTERS, capitals);
    if (count < 0)
        *by_looks &= !lacking;
    for (i = 0; i < count; i++) {
        for (j = 0; j < i && capitals[j] != capitals[i];)
            j++;
        if (j == i && !septet_is_available(alphabet, capitals[i])) {
            *by_looks = 0;
            lacking++;
        }
    }
    return lacking;
}

/* Return the alphabet of the pair of tables that lacks the fewest characters of a text, composed if it has something to
 * compose.
 */
static septet_alphabet septet_choose_alphabet(const septet_text *text, int level)
{
    const septet_rules *const rules = &septet_current_rules;
    const uintptr_t top = septet_top;
    uint32_t *const chars = (uint32_t *)top;
    septet_alphabet best = {0, level, 0};
    ptrdiff_t index, count, fewest = -1;
    int pair, has_attached = 0;
    if (rules->pair_count == 1 && rules->excluded == NULL) {
        best.tables = 1u | 1u << SEPTET_SINGLE_BIT; /* with all capitals */
        return best;
    }
    for (index = 0; index < text->length;) {
        const uint32_t c = septet_next_char(text, &index);
        has_attached |= septet_has_flag(c, SEPTET_CHAR_ATTACHED);
        septet_put(c);
    }
    count = (uint32_t *)septet_top - chars;
    if (has_attached) {
        for (index = 0; index < count; index++)
            septet_push_decomposed(chars[index]);
        memmove(chars, chars + count, septet_top - (uintptr_t)(chars + count));
        count = septet_compose_decomposed(chars, (uint32_t *)septet_top - (chars + count));
    }
    for (pair = 0; pair < rules->pair_count; pair++) {
        const septet_coding coding = rules->pairs[pair].coding;
        septet_alphabet alphabet = {
            (uint32_t)1 << coding.locking | (uint32_t)1 << (SEPTET_SINGLE_BIT + coding.single), level, 0};
        ptrdiff_t lacking = 0;
        int by_looks = 1;
        for (index = 0; index < count; index++)
            lacking += septet_count_lacking(&alphabet, chars[index], &by_looks);
        if (fewest < 0 || lacking < fewest) {
            fewest = lacking;
            best = alphabet;
            best.lacks_capitals = !by_looks;
        }
    }
    septet_top = top;
    return best;
}

/* Finish the change of the characters from `start` up to `stop`, which become those behind the three words at `top`. */
static void septet_end_change(septet_rewriting *rewriting, uintptr_t top, ptrdiff_t start, ptrdiff_t stop)
{
    uint32_t *const words = (uint32_t *)top, *const chars = words + 3;
    ptrdiff_t index = start, same = 0, count;
    uint32_t last;
    if (septet_lacked_memory)
        return;
    count = (uint32_t *)septet_top - chars;
    last = count ? chars[count - 1] : rewriting->previous;
    while (index < stop && same < count) {
        if (septet_next_char(rewriting->text, &index) != chars[same])
            break;
        same++;
        if (index == stop && same == count) {
            septet_top = top;
            rewriting->previous = last;
            return;
        }
    }
    index = start;
    if (rewriting->previous >= '0' && rewriting->previous <= '9'
        && septet_has_flag(septet_next_char(rewriting->text, &index), SEPTET_CHAR_FRACTION)) {
        septet_put(0);
        if (septet_lacked_memory)
            return;
        memmove(chars + 1, chars, (size_t)count * sizeof *chars);
        chars[0] = ' ';
        count++;
    }
    words[0] = (uint32_t)start;
    words[1] = (uint32_t)(stop - start);
    words[2] = (uint32_t)count;
    rewriting->previous = last;
    rewriting->count++;
}

static uintptr_t septet_begin_change(void)
{
    const uintptr_t top = septet_top;
    septet_push(3 * sizeof(uint32_t));
    return top;
}

/* Change one character, which stands for `meant`: itself, or what it means beside its neighbours. */
static void septet_change_char(septet_rewriting *rewriting, ptrdiff_t start, ptrdiff_t stop, uint32_t c, uint32_t meant)
{
    const uintptr_t top = septet_begin_change(), behind = septet_top;
    septet_push_replacement(&rewriting->alphabet, meant);
    if (!septet_lacked_memory && septet_top - behind == sizeof meant && *(uint32_t *)behind == meant)
        *(uint32_t *)behind = c; /* it has no replacement */
    septet_end_change(rewriting, top, start, stop);
}

/* Remove the characters from `start` up to `stop`, one by one. */
static void septet_remove_invisible(septet_rewriting *rewriting, ptrdiff_t start, ptrdiff_t stop)
{
    ptrdiff_t next = start;
    for (; start < stop; start = next) {
        septet_next_char(rewriting->text, &next);
        septet_end_change(rewriting, septet_begin_change(), start, next);
    }
}

/* Replace the parts of a piece, whose first character stands for `meant`. A letter is replaced together with its
 * marks, and stays if one of them has no replacement; what is invisible goes in any case.
 */
static void septet_change_piece(septet_rewriting *rewriting, ptrdiff_t start, ptrdiff_t stop, uint32_t meant)
{
    const septet_text *const text = rewriting->text;
    ptrdiff_t index, next, first = -1, end = start, visible = 0;
    uintptr_t top, letter;
    for (index = start; index < stop;) {
        next = index;
        if (!septet_has_flag(septet_next_char(text, &next), SEPTET_CHAR_INVISIBLE)) {
            first = visible++ ? first : index;
            end = next;
        }
        index = next;
    }
    if (visible < 2) {
        for (index = start; index < stop; index = next) {
            uint32_t c;
            next = index;
            c = septet_next_char(text, &next);
            septet_change_char(rewriting, index, next, c, index == start ? meant : c);
        }
        return;
    }
    septet_remove_invisible(rewriting, start, first);
    top = septet_begin_change();
    letter = septet_top;
    for (index = first; index < end;) {
        const int is_first = index == start;
        const uint32_t c = septet_next_char(text, &index);
        if (!septet_has_flag(c, SEPTET_CHAR_INVISIBLE))
            septet_put(is_first ? meant : c);
    }
    if (septet_replace_letter(&rewriting->alphabet, letter)) {
        septet_end_change(rewriting, top, first, end);
        septet_remove_invisible(rewriting, end, stop);
        return;
    }
    septet_top = top;
    for (index = first; index < stop; index = next) {
        uint32_t c;
        next = index;
        c = septet_next_char(text, &next);
        top = septet_begin_change();
        if (!septet_has_flag(c, SEPTET_CHAR_INVISIBLE))
            septet_put(septet_windows_1252(c));
        septet_end_change(rewriting, top, index, next);
    }
}

/* Change the pieces that have a character which the alphabet lacks. */
static void septet_change_pieces(septet_rewriting *rewriting)
{
    const septet_text *const text = rewriting->text;
    const septet_alphabet *const alphabet = &rewriting->alphabet;
    uint32_t base = SEPTET_NO_CHAR; /* the last character before the piece that was not attached */
    ptrdiff_t start, stop = 0, next;
    for (start = 0; start < text->length; start = stop) {
        const uint32_t first = septet_next_char(text, &stop);
        uint32_t last = first, following = SEPTET_NO_CHAR;
        int lacks = !septet_is_available(alphabet, first);
        while (stop < text->length) {
            next = stop;
            following = septet_next_char(text, &next);
            if (!septet_has_flag(following, SEPTET_CHAR_ATTACHED))
                break;
            lacks |= !septet_is_available(alphabet, following);
            last = following;
            stop = next;
        }
        if (stop == text->length)
            following = SEPTET_NO_CHAR;
        if (lacks) {
            const int is_letter = first == SEPTET_MICRO
                && (septet_has_flag(base, SEPTET_CHAR_GREEK) || septet_has_flag(following, SEPTET_CHAR_GREEK));
            septet_change_piece(rewriting, start, stop, is_letter ? SEPTET_MU : first);
        } else {
            rewriting->previous = last;
        }
        if (!septet_has_flag(first, SEPTET_CHAR_ATTACHED))
            base = first;
    }
}

/* Push the text after the changes at `records`, and return it. */
static septet_text septet_push_rewritten(const septet_text *text, const uint32_t *records, ptrdiff_t count)
{
    const uint16_t *const units = text->data;
    const uint32_t *record = records;
    ptrdiff_t length = text->length, i, copied = 0;
    septet_text rewritten = {NULL, 0, 2};
    uint16_t *at;
    for (i = 0; i < count; i++) {
        uint32_t j;
        length -= (ptrdiff_t)record[1];
        for (j = 0; j < record[2]; j++)
            length += record[3 + j] > 0xFFFF ? 2 : 1;
        record += 3 + record[2];
    }
    at = septet_push((size_t)length * sizeof *at);
    if (at == NULL)
        return rewritten;
    rewritten.data = at;
    rewritten.length = length;
    for (record = records, i = 0; i <= count; i++) {
        const ptrdiff_t until = i < count ? (ptrdiff_t)record[0] : text->length;
        uint32_t j;
        memcpy(at, units + copied, (size_t)(until - copied) * sizeof *at);
        at += until - copied;
        if (i == count)
            break;
        for (j = 0; j < record[2]; j++) {
            const uint32_t c = record[3 + j];
            if (c > 0xFFFF)
                *at++ = (uint16_t)(0xD7C0 + (c >> 10));
            *at++ = (uint16_t)(c > 0xFFFF ? 0xDC00 | (c & 0x3FF) : c);
        }
        copied = until + (ptrdiff_t)record[1];
        record += 3 + record[2];
    }
    return rewritten;
}

#endif
