/* wire.h: characters to septets or code units, septets to octets, and back.
 *
 * Plain C without Python. Nothing is allocated: who calls has the room. A septet lies in an octet of
 * its own until it is packed (3GPP TS 23.038, 6.1.2.1).
 */
#ifndef SEPTET_WIRE_H
#define SEPTET_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_types.h"

#define SEPTET_IDENTIFIERS 14 /* of tables: 0 and the national languages */
#define SEPTET_OCTETS 140 /* of one segment */
#define SEPTET_MOST_CHARS (SEPTET_OCTETS * 8 / 7)
#define SEPTET_MOST_SEGMENTS 255
#define SEPTET_OWN_OCTETS 13 /* of a header: UDHL, concatenation and two languages */
#define SEPTET_TABLE_SIZE 0x80
#define SEPTET_NOT_IN_TABLE 0x80
#define SEPTET_ESCAPE 0x1B

/* One locking or single shift table, both ways: the septet of each character of the BMP (no table
 * goes beyond it), or SEPTET_NOT_IN_TABLE, and the character of each septet, or 0.
 */
typedef struct {
    uint8_t septets[0x10000];
    uint16_t chars[SEPTET_TABLE_SIZE];
} septet_table;

static inline uint8_t septet_of(const septet_table *table, uint32_t c)
{
    return c > 0xFFFF ? SEPTET_NOT_IN_TABLE : table->septets[c];
}

static inline ptrdiff_t septet_spell_width(int width, const septet_text *text, ptrdiff_t *start,
                                           ptrdiff_t stop, const septet_table *locking,
                                           const septet_table *single, uint8_t *septets)
{
    const septet_text same = {text->data, text->length, width};
    const ptrdiff_t first = *start;
    uint8_t *end = septets, all = 0;
    ptrdiff_t i;
    /* Most texts need no second table. */
    for (i = first; i < stop; i++)
        all |= septets[i - first] = septet_of(locking, septet_char(&same, i));
    *start = stop;
    if (!(all & SEPTET_NOT_IN_TABLE))
        return stop - first;
    for (i = first; i < stop; i++) {
        const uint32_t c = septet_char(&same, i);
        uint8_t septet = septet_of(locking, c);
        if (septet == SEPTET_NOT_IN_TABLE) {
            septet = septet_of(single, c);
            if (septet == SEPTET_NOT_IN_TABLE) {
                *start = i;
                break;
            }
            *end++ = SEPTET_ESCAPE;
        }
        *end++ = septet;
    }
    return end - septets;
}

/* Write the septets of the characters from `*start` on, two for each at most; return how many.
 * `*start` receives `stop`, or where the first character stands that the tables lack.
 */
static ptrdiff_t septet_spell(const septet_text *text, ptrdiff_t *start, ptrdiff_t stop,
                              const septet_table *locking, const septet_table *single,
                              uint8_t *septets)
{
    switch (text->width) {
    case 1: return septet_spell_width(1, text, start, stop, locking, single, septets);
    case 2: return septet_spell_width(2, text, start, stop, locking, single, septets);
    default: return septet_spell_width(4, text, start, stop, locking, single, septets);
    }
}

/* Write the characters of the septets from `*start` on, one for each at most; return how many.
 *
 * `*start` receives `stop`, or where the first octet stands that is no septet. `strict` ends also
 * before what stands for no character; else the escape before a septet that its table lacks is
 * passed over, and what is still nothing reads as a space (TS 23.038, 6.2.1.1).
 */
static ptrdiff_t septet_read(const uint8_t *septets, ptrdiff_t *start, ptrdiff_t stop,
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

/* Octets of `count` septets behind some fill bits. */
static inline ptrdiff_t septet_packed(ptrdiff_t count, int fill_bits)
{
    return (fill_bits + 7 * count + 7) / 8;
}

/* Eight septets without the eighth bit of each: neighbours close up, then pairs, then fours. */
static inline uint64_t septet_squeeze(const uint8_t *septets)
{
    uint64_t bits = 0;
    int i;
    for (i = 0; i < 8; i++)
        bits |= (uint64_t)septets[i] << 8 * i;
    bits = (bits & 0x007F007F007F007Fu) | (bits & 0x7F007F007F007F00u) >> 1;
    bits = (bits & 0x00003FFF00003FFFu) | (bits & 0x3FFF00003FFF0000u) >> 2;
    return (bits & 0x000000000FFFFFFFu) | (bits & 0x0FFFFFFF00000000u) >> 4;
}

/* Pack septets, the first bit behind the fill bits (0 to 6), which are zero. */
static void septet_pack(const uint8_t *septets, ptrdiff_t count, int fill_bits, uint8_t *octets)
{
    uint64_t bits = 0;
    int size = fill_bits, i;
    for (; count >= 8; count -= 8, septets += 8, octets += 7) {
        bits |= septet_squeeze(septets) << fill_bits;
        for (i = 0; i < 7; i++)
            octets[i] = (uint8_t)(bits >> 8 * i);
        bits >>= 56;
    }
    for (; count > 0; count--, size += 7)
        bits |= (uint64_t)*septets++ << size;
    for (; size > 0; size -= 8, bits >>= 8)
        *octets++ = (uint8_t)bits;
}

/* The reverse: `count` septets out of octets that hold as many behind the fill bits. */
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

static inline uint8_t *septet_put_unit(uint8_t *octets, uint32_t unit)
{
    octets[0] = (uint8_t)(unit >> 8);
    octets[1] = (uint8_t)unit;
    return octets + 2;
}

static inline ptrdiff_t septet_put_width(int width, const septet_text *text, ptrdiff_t start,
                                         ptrdiff_t stop, uint8_t *octets)
{
    const septet_text same = {text->data, text->length, width};
    uint8_t *end = octets;
    ptrdiff_t i;
    for (i = start; i < stop; i++) {
        const uint32_t c = septet_char(&same, i);
        if (c > 0xFFFF) {
            end = septet_put_unit(end, 0xD7C0 + (c >> 10));
            end = septet_put_unit(end, 0xDC00 + (c & 0x3FF));
        } else {
            end = septet_put_unit(end, c);
        }
    }
    return end - octets;
}

/* Write the characters as UTF-16BE, four octets for each at most; return how many. A lone half of a
 * surrogate pair is a code unit like any other.
 */
static ptrdiff_t septet_put_units(const septet_text *text, ptrdiff_t start, ptrdiff_t stop,
                                  uint8_t *octets)
{
    switch (text->width) {
    case 1: return septet_put_width(1, text, start, stop, octets);
    case 2: return septet_put_width(2, text, start, stop, octets);
    default: return septet_put_width(4, text, start, stop, octets);
    }
}

/* The user data header of the segments of one text (TS 23.040, 9.2.3.24); no octets if it is empty.
 * A concatenation element stands first, and the sequence in its last octet.
 */
typedef struct {
    uint8_t octets[SEPTET_OWN_OCTETS + SEPTET_OCTETS];
    int size;
    int sequence_at; /* 0 without a concatenation */
} septet_header;

static inline uint8_t *septet_put_language(uint8_t *octets, uint8_t iei, int language)
{
    if (language <= 0)
        return octets;
    octets[0] = iei;
    octets[1] = 1;
    octets[2] = (uint8_t)language;
    return octets + 3;
}

/* Begin a header with at most SEPTET_OCTETS octets of other elements behind our own. */
static void septet_begin(septet_header *header, int total, int reference, int reference_bits,
                         int locking, int single, const uint8_t *elements, size_t size)
{
    uint8_t *end = header->octets + 1;
    header->sequence_at = 0;
    if (total > 1) {
        *end++ = reference_bits == 8 ? 0x00 : 0x08; /* 9.2.3.24.1, 9.2.3.24.8 */
        *end++ = (uint8_t)(reference_bits / 8 + 2);
        if (reference_bits == 16)
            *end++ = (uint8_t)(reference >> 8);
        *end++ = (uint8_t)reference;
        *end++ = (uint8_t)total;
        header->sequence_at = (int)(end++ - header->octets);
    }
    end = septet_put_language(end, 0x24, single);  /* 9.2.3.24.15 */
    end = septet_put_language(end, 0x25, locking); /* 9.2.3.24.16 */
    memcpy(end, elements, size);
    end += size;
    header->octets[0] = (uint8_t)(end - header->octets - 1);
    header->size = header->octets[0] ? header->octets[0] + 1 : 0;
}

static inline void septet_number(septet_header *header, int sequence)
{
    if (header->sequence_at)
        header->octets[header->sequence_at] = (uint8_t)sequence;
}

#endif
