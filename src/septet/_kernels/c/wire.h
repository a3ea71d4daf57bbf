/* wire.h: characters to septets or code units, septets to octets, and back.
 *
 * Plain C without Python. Nothing is allocated: callers pass buffers that are large enough. Each septet
 * is stored in an octet of its own until it is packed (3GPP TS 23.038, 6.1.2.1).
 */
#ifndef SEPTET_WIRE_H
#define SEPTET_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_types.h"
#include "standard_limits.h"

#define SEPTET_IDENTIFIERS 14 /* of tables: 0 and the national languages */
#define SEPTET_MAX_CHARS (SEPTET_SEGMENT_OCTETS * 8 / 7)
#define SEPTET_MAX_OWN_OCTETS 13 /* UDHL, a concatenation of 16 bits, two language elements */
#define SEPTET_TABLE_SIZE 0x80
#define SEPTET_NOT_IN_TABLE 0x80
#define SEPTET_ESCAPE 0x1B

/* One locking or single shift table, both ways: the septet of each character of the BMP (no table
 * goes beyond it), or SEPTET_NOT_IN_TABLE, and the character of each septet, or 0.
 */
typedef struct {
    uint8_t septets[0x10000];
    uint16_t chars[SEPTET_TABLE_SIZE];
    int keeps_usual; /* the characters that septet_are_usual means are their own septets */
} septet_table;

#define SEPTET_CHAR_RUN 32 /* characters that are looked at together */

static inline uint8_t septet_find_septet(const septet_table *table, uint32_t c)
{
    return c > 0xFFFF ? SEPTET_NOT_IN_TABLE : table->septets[c];
}

/* Are these characters of Latin-1, a run of them, their own septets in most locking tables? */
static inline int septet_are_usual(const uint8_t *chars)
{
    uint8_t others = 0;
    int i;
    /* Without a branch and in octets, so that compilers vectorise the loop. */
    for (i = 0; i < SEPTET_CHAR_RUN; i++) {
        const uint8_t c = chars[i];
        const uint8_t is_control = (uint8_t)((c < ' ') & (c != '\n') & (c != '\r'));
        const uint8_t is_other = (uint8_t)((c == '$') | (c == '@') | ((uint8_t)(c - '[') <= '`' - '[') | (c > 'z'));
        others = (uint8_t)(others | is_control | is_other);
    }
    return !others;
}

/* Derive `keeps_usual` from the septets of a locking table. */
static void septet_prepare_table(septet_table *table)
{
    uint8_t run[SEPTET_CHAR_RUN];
    int c;
    table->keeps_usual = 1;
    for (c = 0; c < SEPTET_TABLE_SIZE; c++) {
        memset(run, c, sizeof run);
        if (table->septets[c] != c && septet_are_usual(run))
            table->keeps_usual = 0;
    }
}

static inline ptrdiff_t septet_write_septets_width(int width, const septet_text *text, ptrdiff_t *start,
                                                   ptrdiff_t stop, const septet_table *locking,
                                                   const septet_table *single, uint8_t *septets)
{
    const septet_text same = {text->data, text->length, width};
    uint8_t *end = septets;
    ptrdiff_t i = *start;
    while (i < stop) {
        const ptrdiff_t run_stop = stop - i < SEPTET_CHAR_RUN ? stop : i + SEPTET_CHAR_RUN;
        if (width == 1 && stop - i >= SEPTET_CHAR_RUN && locking->keeps_usual
            && septet_are_usual((const uint8_t *)text->data + i)) {
            memcpy(end, (const uint8_t *)text->data + i, SEPTET_CHAR_RUN);
            end += SEPTET_CHAR_RUN;
            i += SEPTET_CHAR_RUN;
            continue;
        }
        for (; i < run_stop; i++) {
            const uint32_t c = septet_char(&same, i);
            const uint8_t plain = septet_find_septet(locking, c), escaped = septet_find_septet(single, c);
            const int is_escaped = plain == SEPTET_NOT_IN_TABLE;
            if (is_escaped && escaped == SEPTET_NOT_IN_TABLE) {
                *start = i;
                return end - septets;
            }
            /* Without a branch: which characters are escaped is hard to predict. */
            *end = SEPTET_ESCAPE;
            end += is_escaped;
            *end++ = is_escaped ? escaped : plain;
        }
    }
    *start = stop;
    return end - septets;
}

/* Write the septets of the characters from `*start` on, at most two for each; return how many.
 * `*start` receives `stop`, or the index of the first character that neither table has.
 */
static ptrdiff_t septet_write_septets(const septet_text *text, ptrdiff_t *start, ptrdiff_t stop,
                                      const septet_table *locking, const septet_table *single,
                                      uint8_t *septets)
{
    switch (text->width) {
    case 1: return septet_write_septets_width(1, text, start, stop, locking, single, septets);
    case 2: return septet_write_septets_width(2, text, start, stop, locking, single, septets);
    default: return septet_write_septets_width(4, text, start, stop, locking, single, septets);
    }
}

/* Write the characters of the septets from `*start` on, at most one for each; return how many.
 *
 * `*start` receives `stop`, or the index of the first octet that is not a septet. With `strict`,
 * decoding also ends before a septet without a character. Otherwise an escape is ignored if the
 * single shift table lacks the next septet, and a septet without a character is read as a space
 * (TS 23.038, 6.2.1.1).
 */
static ptrdiff_t septet_read_septets(const uint8_t *septets, ptrdiff_t *start, ptrdiff_t stop,
                                     const septet_table *locking, const septet_table *single, int strict,
                                     uint16_t *chars)
{
    uint16_t *end = chars;
    ptrdiff_t i = *start;
    while (i < stop && septets[i] < SEPTET_TABLE_SIZE) {
        ptrdiff_t next = i + 1;
        uint16_t c = locking->chars[septets[i]];
        if (septets[i] == SEPTET_ESCAPE && next < stop && septets[next] < SEPTET_TABLE_SIZE) {
            c = single->chars[septets[next]];
            if (c == 0 && !strict)
                c = locking->chars[septets[next]];
            next++;
        }
        if (c == 0) {
            if (strict)
                break;
            c = ' ';
        }
        *end++ = c;
        i = next;
    }
    *start = i;
    return end - chars;
}

/* Octets of `count` packed septets after some fill bits. */
static inline ptrdiff_t septet_packed_size(ptrdiff_t count, int fill_bits)
{
    return (fill_bits + 7 * count + 7) / 8;
}

/* Pack eight septets into 56 bits: join neighbours, then pairs, then groups of four. */
static inline uint64_t septet_pack_eight(const uint8_t *septets)
{
    uint64_t bits = 0;
    int i;
    for (i = 0; i < 8; i++)
        bits |= (uint64_t)septets[i] << 8 * i;
    bits = (bits & 0x007F007F007F007Fu) | (bits & 0x7F007F007F007F00u) >> 1;
    bits = (bits & 0x00003FFF00003FFFu) | (bits & 0x3FFF00003FFF0000u) >> 2;
    return (bits & 0x000000000FFFFFFFu) | (bits & 0x0FFFFFFF00000000u) >> 4;
}

/* Pack septets after some fill bits (0 to 6), which are zero. */
static void septet_pack(const uint8_t *septets, ptrdiff_t count, int fill_bits, uint8_t *octets)
{
    uint64_t bits = 0;
    int size = fill_bits, i;
    for (; count >= 8; count -= 8, septets += 8, octets += 7) {
        bits |= septet_pack_eight(septets) << fill_bits;
        for (i = 0; i < 7; i++)
            octets[i] = (uint8_t)(bits >> 8 * i);
        bits >>= 56;
    }
    for (; count > 0; count--, size += 7)
        bits |= (uint64_t)*septets++ << size;
    for (; size > 0; size -= 8, bits >>= 8)
        *octets++ = (uint8_t)bits;
}

/* Unpack `count` septets from octets that hold at least as many after the fill bits. */
static void septet_unpack(const uint8_t *octets, ptrdiff_t count, int fill_bits, uint8_t *septets)
{
    uint32_t bits = 0;
    int size = -fill_bits;
    ptrdiff_t i;
    for (i = 0; i < count; i++) {
        while (size < 7) {
            bits |= size < 0 ? (uint32_t)*octets++ >> -size : (uint32_t)*octets++ << size;
            size += 8;
        }
        septets[i] = bits & 0x7F;
        bits >>= 7;
        size -= 7;
    }
}

static inline uint8_t *septet_write_unit(uint8_t *octets, uint32_t unit)
{
    octets[0] = (uint8_t)(unit >> 8);
    octets[1] = (uint8_t)unit;
    return octets + 2;
}

static inline ptrdiff_t septet_write_units_width(int width, const septet_text *text, ptrdiff_t start,
                                                 ptrdiff_t stop, uint8_t *octets)
{
    const septet_text same = {text->data, text->length, width};
    uint8_t *end = octets;
    ptrdiff_t i;
    for (i = start; i < stop; i++) {
        const uint32_t c = septet_char(&same, i);
        if (c > 0xFFFF) {
            end = septet_write_unit(end, 0xD7C0 + (c >> 10));
            end = septet_write_unit(end, 0xDC00 + (c & 0x3FF));
        } else {
            end = septet_write_unit(end, c);
        }
    }
    return end - octets;
}

/* Write the characters as UTF-16BE, at most four octets for each; return how many. A lone surrogate is
 * one code unit.
 */
static ptrdiff_t septet_write_units(const septet_text *text, ptrdiff_t start, ptrdiff_t stop,
                                    uint8_t *octets)
{
    switch (text->width) {
    case 1: return septet_write_units_width(1, text, start, stop, octets);
    case 2: return septet_write_units_width(2, text, start, stop, octets);
    default: return septet_write_units_width(4, text, start, stop, octets);
    }
}

/* The user data header of the segments of one text (TS 23.040, 9.2.3.24); no octets if it is empty.
 * The concatenation element comes first; its last octet is the sequence.
 */
typedef struct {
    uint8_t octets[SEPTET_MAX_OWN_OCTETS + SEPTET_SEGMENT_OCTETS];
    int size;
    int sequence_index; /* 0 without a concatenation */
} septet_header;

static inline uint8_t *septet_write_language(uint8_t *octets, uint8_t iei, int language)
{
    if (language <= 0)
        return octets;
    octets[0] = iei;
    octets[1] = 1;
    octets[2] = (uint8_t)language;
    return octets + 3;
}

/* Write a header; `elements` are other elements of at most SEPTET_SEGMENT_OCTETS octets. */
static void septet_write_header(septet_header *header, int total, int reference, int reference_bits,
                                int locking, int single, const uint8_t *elements, size_t size)
{
    uint8_t *end = header->octets + 1;
    header->sequence_index = 0;
    if (total > 1) {
        *end++ = reference_bits == 8 ? 0x00 : 0x08; /* 9.2.3.24.1, 9.2.3.24.8 */
        *end++ = (uint8_t)(reference_bits / 8 + 2);
        if (reference_bits == 16)
            *end++ = (uint8_t)(reference >> 8);
        *end++ = (uint8_t)reference;
        *end++ = (uint8_t)total;
        header->sequence_index = (int)(end++ - header->octets);
    }
    end = septet_write_language(end, 0x24, single);  /* 9.2.3.24.15 */
    end = septet_write_language(end, 0x25, locking); /* 9.2.3.24.16 */
    memcpy(end, elements, size);
    end += size;
    header->octets[0] = (uint8_t)(end - header->octets - 1);
    header->size = header->octets[0] ? header->octets[0] + 1 : 0;
}

static inline void septet_set_sequence(septet_header *header, int sequence)
{
    if (header->sequence_index)
        header->octets[header->sequence_index] = (uint8_t)sequence;
}

#endif
