/* replacement_table.h: what replaces the characters of texts, remembered as texts bring them.
 *
 * A text consists of pieces: a character and all characters that are attached to it (marks, joiners, variation
 * selectors). What replaces a piece depends on nothing else, but for two things that are known here: a
 * fraction after a digit gets a space before it, and some signs are replaced otherwise beside certain
 * neighbours ("in context"). So each piece is asked for once, by a function that this header is given, and
 * then copied. Characters have a slot of their own by code point. Pieces of several characters are in a hash
 * table, which is emptied when it is full.
 */
#ifndef SEPTET_REPLACEMENT_TABLE_H
#define SEPTET_REPLACEMENT_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEPTET_SHORT_OCTETS = 8,
    SEPTET_PAGE = 256,
    SEPTET_PAGES = 0x110000 / SEPTET_PAGE,
    SEPTET_MAX_PIECES = 4096,
    SEPTET_PIECE_SLOTS = 4 * SEPTET_MAX_PIECES,
    SEPTET_MAX_KEPT = 1 << 20 /* octets of pieces, and of their replacements */
};

/* Of a character or a piece; the ones from SEPTET_IS_AVAILABLE on are of single characters only. */
enum {
    SEPTET_IS_KNOWN = 1,
    SEPTET_IS_CHANGED = 2,   /* it is not replaced by itself */
    SEPTET_IS_LACKING = 4,   /* the replacement has a character that is not available */
    SEPTET_IS_SPACED = 8,    /* a space goes before the replacement after a digit */
    SEPTET_IS_AVAILABLE = 16,
    SEPTET_IS_ATTACHED = 32,
    SEPTET_IS_JOINABLE = 64, /* in context after a joiner and an emoji */
    SEPTET_IS_MICRO = 128,   /* in context beside a Greek letter */
    SEPTET_IS_GREEK = 256,
    SEPTET_IS_MISSING = 512,         /* a Greek letter whose capital is not available */
    SEPTET_IS_MISSING_COMPOSED = 1024, /* the same of its composed form */
    SEPTET_CONTEXT = SEPTET_IS_JOINABLE | SEPTET_IS_MICRO
};

typedef struct {
    uint8_t octets[SEPTET_SHORT_OCTETS]; /* the replacement in UTF-8, if it is no longer */
    uint32_t offset;                      /* otherwise, where it is among the octets kept */
    uint32_t length;
    uint32_t septets;
    uint32_t code_units;
    uint32_t flags;
} septet_replacement;

typedef struct {
    uint8_t *octets;
    size_t length, capacity;
} septet_octets;

typedef struct {
    septet_replacement replacement;
    uint64_t hash;
    uint32_t key; /* offset of its characters */
    uint32_t key_size;
} septet_piece_replacement;

typedef struct septet_replacement_table septet_replacement_table;

/* Call septet_add_replacement for a piece; return 0 after an error, whatever it is. */
typedef int septet_find_replacement(void *finder, septet_replacement_table *table, const uint32_t *piece,
                                    ptrdiff_t length, int in_context);

struct septet_replacement_table {
    septet_replacement *pages[SEPTET_PAGES];
    septet_octets char_octets;
    septet_piece_replacement *pieces; /* SEPTET_MAX_PIECES, when the first one is added */
    uint16_t *slots;                  /* SEPTET_PIECE_SLOTS, each the number of a piece from 1 on, or 0 */
    uint32_t piece_count;
    septet_octets piece_octets, keys;
    uint32_t space_septets; /* 0 if a space is not available */
    septet_find_replacement *find;
    void *finder;
};

static void septet_free_replacements(septet_replacement_table *table)
{
    int page;
    for (page = 0; page < SEPTET_PAGES; page++)
        free(table->pages[page]);
    free(table->char_octets.octets);
    free(table->pieces);
    free(table->slots);
    free(table->piece_octets.octets);
    free(table->keys.octets);
}

/* Allocate memory for `more` octets, and a copy of SEPTET_SHORT_OCTETS; return 0 if there is none. */
static inline int septet_reserve(septet_octets *memory, size_t more)
{
    if (memory->capacity - memory->length < more + SEPTET_SHORT_OCTETS) {
        const size_t capacity = (memory->length + more + 64) * 2;
        uint8_t *const octets = realloc(memory->octets, capacity);
        if (octets == NULL)
            return 0;
        memory->octets = octets;
        memory->capacity = capacity;
    }
    return 1;
}

static inline int septet_append(septet_octets *memory, const void *octets, size_t length)
{
    if (!septet_reserve(memory, length))
        return 0;
    if (length > 0)
        memcpy(memory->octets + memory->length, octets, length);
    memory->length += length;
    return 1;
}

static inline uint64_t septet_hash_piece(const uint32_t *piece, ptrdiff_t length, int in_context)
{
    uint64_t hash = (uint64_t)in_context + 1;
    ptrdiff_t i;
    for (i = 0; i < length; i++) {
        hash = (hash ^ piece[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

/* Return the slot of a piece, or the empty one where it belongs. */
static inline uint16_t *septet_piece_slot(const septet_replacement_table *table, const uint32_t *piece,
                                          ptrdiff_t length, uint64_t hash)
{
    const size_t size = (size_t)length * sizeof *piece;
    size_t slot = (size_t)hash & (SEPTET_PIECE_SLOTS - 1);
    while (table->slots[slot] != 0) {
        const septet_piece_replacement *const found = table->pieces + table->slots[slot] - 1;
        if (found->hash == hash && found->key_size == size
            && memcmp(table->keys.octets + found->key, piece, size) == 0)
            break;
        slot = (slot + 1) & (SEPTET_PIECE_SLOTS - 1);
    }
    return table->slots + slot;
}

static septet_replacement *septet_add_piece(septet_replacement_table *table, const uint32_t *piece,
                                            ptrdiff_t length, int in_context)
{
    const uint64_t hash = septet_hash_piece(piece, length, in_context);
    septet_piece_replacement *added;
    if (table->pieces == NULL)
        table->pieces = malloc(SEPTET_MAX_PIECES * sizeof *table->pieces);
    if (table->slots == NULL)
        table->slots = calloc(SEPTET_PIECE_SLOTS, sizeof *table->slots);
    if (table->pieces == NULL || table->slots == NULL)
        return NULL;
    if (table->piece_count == SEPTET_MAX_PIECES || table->piece_octets.length > SEPTET_MAX_KEPT
        || table->keys.length > SEPTET_MAX_KEPT) {
        memset(table->slots, 0, SEPTET_PIECE_SLOTS * sizeof *table->slots);
        table->piece_count = 0;
        table->piece_octets.length = table->keys.length = 0;
    }
    added = table->pieces + table->piece_count;
    added->hash = hash;
    added->key = (uint32_t)table->keys.length;
    added->key_size = (uint32_t)((size_t)length * sizeof *piece);
    if (!septet_append(&table->keys, piece, added->key_size))
        return NULL;
    *septet_piece_slot(table, piece, length, hash) = (uint16_t)++table->piece_count;
    return &added->replacement;
}

/* Remember what replaces a piece: `length` octets of UTF-8. Return 0 without memory. */
static int septet_add_replacement(septet_replacement_table *table, const uint32_t *piece, ptrdiff_t piece_length,
                                  int in_context, const uint8_t *octets, size_t length, uint32_t septets,
                                  uint32_t code_units, uint32_t flags)
{
    const int is_char = piece_length == 1 && !in_context;
    septet_octets *const kept = is_char ? &table->char_octets : &table->piece_octets;
    septet_replacement *added;
    if (is_char) {
        septet_replacement **const page = table->pages + piece[0] / SEPTET_PAGE;
        if (*page == NULL && (*page = calloc(SEPTET_PAGE, sizeof **page)) == NULL)
            return 0;
        added = *page + piece[0] % SEPTET_PAGE;
    } else {
        added = septet_add_piece(table, piece, piece_length, in_context);
        if (added == NULL)
            return 0;
    }
    memset(added->octets, 0, sizeof added->octets);
    if (length <= SEPTET_SHORT_OCTETS)
        memcpy(added->octets, octets, length);
    added->offset = (uint32_t)kept->length;
    if (length > SEPTET_SHORT_OCTETS && !septet_append(kept, octets, length))
        return 0;
    added->length = (uint32_t)length;
    added->septets = septets;
    added->code_units = code_units;
    added->flags = flags | SEPTET_IS_KNOWN;
    return 1;
}

/* Return what is known of a character; NULL after an error. */
static inline const septet_replacement *septet_replacement_of(septet_replacement_table *table, uint32_t c)
{
    const septet_replacement *page = table->pages[c / SEPTET_PAGE];
    if (page != NULL && page[c % SEPTET_PAGE].flags != 0)
        return page + c % SEPTET_PAGE;
    if (!table->find(table->finder, table, &c, 1, 0))
        return NULL;
    return table->pages[c / SEPTET_PAGE] + c % SEPTET_PAGE;
}

/* The same of a piece of several characters, or in context. */
static inline const septet_replacement *septet_replacement_of_piece(septet_replacement_table *table,
                                                                    const uint32_t *piece, ptrdiff_t length,
                                                                    int in_context)
{
    if (table->slots != NULL) {
        const uint64_t hash = septet_hash_piece(piece, length, in_context);
        const uint16_t slot = *septet_piece_slot(table, piece, length, hash);
        if (slot != 0)
            return &table->pieces[slot - 1].replacement;
    }
    if (!table->find(table->finder, table, piece, length, in_context))
        return NULL;
    return &table->pieces[table->piece_count - 1].replacement; /* the last one added */
}

/* A text after replacements. Its octets end with SEPTET_SHORT_OCTETS that may be overwritten. */
typedef struct {
    septet_octets octets;
    ptrdiff_t septets;
    ptrdiff_t code_units;
    uint32_t flags; /* of all replacements */
} septet_rewritten;

static int septet_append_replacement(const septet_replacement_table *table, const septet_replacement *found,
                                     const septet_octets *kept, septet_rewritten *rewritten)
{
    septet_octets *const octets = &rewritten->octets;
    if (!septet_reserve(octets, (size_t)found->length + 1))
        return 0;
    if (found->flags & SEPTET_IS_SPACED && octets->length > 0
        && (uint8_t)(octets->octets[octets->length - 1] - '0') < 10) {
        octets->octets[octets->length++] = ' ';
        rewritten->septets += table->space_septets;
        rewritten->code_units++;
        rewritten->flags |= table->space_septets == 0 ? SEPTET_IS_LACKING : 0;
    }
    if (found->length <= SEPTET_SHORT_OCTETS)
        memcpy(octets->octets + octets->length, found->octets, SEPTET_SHORT_OCTETS);
    else
        memcpy(octets->octets + octets->length, kept->octets + found->offset, found->length);
    octets->length += found->length;
    rewritten->septets += found->septets;
    rewritten->code_units += found->code_units;
    rewritten->flags |= found->flags;
    return 1;
}

/* Is the sign at `index` in context? 1 or 0; -1 after an error. */
static int septet_is_in_context(septet_replacement_table *table, const uint32_t *chars, ptrdiff_t length,
                                ptrdiff_t index, uint32_t flags)
{
    enum { JOINER = 0x200D, FIRST_EMOJI = 0x203C };
    const septet_replacement *beside = NULL;
    ptrdiff_t at = index - 1;
    for (; at >= 0; at--) {
        if ((beside = septet_replacement_of(table, chars[at])) == NULL)
            return -1;
        if (!(beside->flags & SEPTET_IS_ATTACHED))
            break;
    }
    if (flags & SEPTET_IS_JOINABLE)
        return at >= 0 && chars[index - 1] == JOINER && chars[at] > FIRST_EMOJI;
    if (at >= 0 && beside->flags & SEPTET_IS_GREEK)
        return 1;
    for (at = index + 1; at < length; at++) {
        if ((beside = septet_replacement_of(table, chars[at])) == NULL)
            return -1;
        if (!(beside->flags & SEPTET_IS_ATTACHED))
            return (beside->flags & SEPTET_IS_GREEK) != 0;
    }
    return 0;
}

/* Replace a piece that does not consist of one character that is replaced by itself alone. */
static int septet_replace_piece(septet_replacement_table *table, const uint32_t *chars, ptrdiff_t length,
                                ptrdiff_t start, ptrdiff_t stop, int is_available, septet_rewritten *rewritten)
{
    const septet_replacement *const first = septet_replacement_of(table, chars[start]);
    const septet_replacement *found = first;
    int in_context = 0;
    if (is_available) {
        for (; start < stop; start++)
            if (!septet_append_replacement(table, septet_replacement_of(table, chars[start]), &table->char_octets,
                                           rewritten))
                return 0;
        return 1;
    }
    if (first->flags & SEPTET_CONTEXT)
        in_context = septet_is_in_context(table, chars, length, start, first->flags);
    if (in_context < 0)
        return 0;
    if (stop - start > 1 || in_context)
        found = septet_replacement_of_piece(table, chars + start, stop - start, in_context);
    return found != NULL
        && septet_append_replacement(table, found, found == first ? &table->char_octets : &table->piece_octets,
                                     rewritten);
}

/* Replace what is not available in a text of code points; return 0 after an error. If nothing but a text in
 * which all characters are available is wanted, the rest is not looked at after the first one that is not.
 */
static int septet_rewrite_text(septet_replacement_table *table, const uint32_t *chars, ptrdiff_t length,
                               int wants_available, septet_rewritten *rewritten)
{
    const uint32_t ends = wants_available ? SEPTET_IS_LACKING : 0;
    const septet_replacement *next = NULL;
    ptrdiff_t start = 0, stop;
    uint8_t *end, *limit; /* of the octets; these and the counts in variables of their own, which is faster */
    ptrdiff_t septets = 0, code_units = 0;
    uint32_t flags = 0;
    rewritten->octets.length = 0;
    if (!septet_reserve(&rewritten->octets, 0)
        || (length > 0 && (next = septet_replacement_of(table, chars[0])) == NULL))
        return 0;
    end = rewritten->octets.octets;
    limit = end + rewritten->octets.capacity - SEPTET_SHORT_OCTETS;
    for (; start < length && !(flags & ends); start = stop) {
        const septet_replacement *const first = next;
        uint32_t all = first->flags;
        for (stop = start + 1; stop < length; stop++) {
            if ((next = septet_replacement_of(table, chars[stop])) == NULL)
                return 0;
            if (!(next->flags & SEPTET_IS_ATTACHED))
                break;
            all &= next->flags;
        }
        if (stop - start == 1 && !(first->flags & (SEPTET_CONTEXT | SEPTET_IS_SPACED))
            && first->length <= SEPTET_SHORT_OCTETS && end <= limit) {
            memcpy(end, first->octets, SEPTET_SHORT_OCTETS);
            end += first->length;
            septets += first->septets;
            code_units += first->code_units;
            flags |= first->flags;
            continue;
        }
        rewritten->octets.length = (size_t)(end - rewritten->octets.octets);
        rewritten->septets = septets;
        rewritten->code_units = code_units;
        rewritten->flags = flags;
        if (!septet_replace_piece(table, chars, length, start, stop, (all & SEPTET_IS_AVAILABLE) != 0, rewritten))
            return 0;
        end = rewritten->octets.octets + rewritten->octets.length;
        limit = rewritten->octets.octets + rewritten->octets.capacity - SEPTET_SHORT_OCTETS;
        septets = rewritten->septets;
        code_units = rewritten->code_units;
        flags = rewritten->flags;
    }
    rewritten->octets.length = (size_t)(end - rewritten->octets.octets);
    rewritten->septets = septets;
    rewritten->code_units = code_units;
    rewritten->flags = flags;
    return 1;
}

#endif
