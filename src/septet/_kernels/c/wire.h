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
#include "simd/pack_ascii.h"
#include "standard_limits.h"

#define SEPTET_IDENTIFIERS 14 /* of tables: 0 and the national languages */
#define SEPTET_MAX_CHARS (SEPTET_SEGMENT_OCTETS * 8 / 7)
/* Information elements (TS 23.040, 9.2.3.24.1, .8, .15, .16). */
#define SEPTET_CONCATENATION_8_BIT 0x00
#define SEPTET_CONCATENATION_16_BIT 0x08
#define SEPTET_SINGLE_SHIFT 0x24
#define SEPTET_LOCKING_SHIFT 0x25
#define SEPTET_MAX_OWN_OCTETS 13 /* UDHL, a concatenation of 16 bits, two language elements */
#define SEPTET_OVERWRITTEN 16 /* octets after a result that may be overwritten: it is written by eight */
/* Space for user data while it is written: a header, and two code units for each character. */
#define SEPTET_USER_DATA_SPACE \
    (SEPTET_MAX_OWN_OCTETS + SEPTET_SEGMENT_OCTETS + 4 * SEPTET_MAX_CHARS + SEPTET_OVERWRITTEN)
#define SEPTET_TABLE_SIZE 0x80
#define SEPTET_NOT_IN_TABLE 0x80
#define SEPTET_ESCAPE 0x1B

/* Code that is compiled anew for each constant that it is called with. */
#if defined(__GNUC__) || defined(__clang__)
#define SEPTET_ALWAYS_INLINE __attribute__((always_inline)) static inline
#elif defined(_MSC_VER)
#define SEPTET_ALWAYS_INLINE static __forceinline
#else
#define SEPTET_ALWAYS_INLINE static inline
#endif

/* One locking or single shift table, both ways: the septet of each character of the BMP (no table
 * goes beyond it), or SEPTET_NOT_IN_TABLE, and the character of each septet, or 0.
 */
typedef struct {
    uint8_t septets[0x10000];
    uint16_t chars[SEPTET_TABLE_SIZE];
} septet_table;

#define SEPTET_CHAR_RUN 8 /* characters that are converted together */
#define SEPTET_NONE_IN_RUN 0x8080808080808080u /* SEPTET_NOT_IN_TABLE in each octet */

static inline uint8_t septet_find_septet(const septet_table *table, uint32_t c)
{
    return c > 0xFFFF ? SEPTET_NOT_IN_TABLE : table->septets[c];
}

/* Pack eight septets, the first in the lowest octet, into 56 bits: join neighbours, pairs, groups of four. */
static inline uint64_t septet_pack_eight(uint64_t septets)
{
    septets = (septets & 0x007F007F007F007Fu) | (septets & 0x7F007F007F007F00u) >> 1;
    septets = (septets & 0x00003FFF00003FFFu) | (septets & 0x3FFF00003FFF0000u) >> 2;
    return (septets & 0x000000000FFFFFFFu) | (septets & 0x0FFFFFFF00000000u) >> 4;
}

/* Return eight octets, the first in the lowest bits. */
static inline uint64_t septet_load_eight(const uint8_t *octets)
{
    uint64_t eight = 0;
    int i;
    for (i = 0; i < 8; i++)
        eight |= (uint64_t)octets[i] << 8 * i;
    return eight;
}

/* Where septets are written, with SEPTET_OVERWRITTEN octets after their end. */
typedef struct {
    uint8_t *end;
    uint64_t bits; /* those that are not written yet */
    int size;      /* how many bits these are, 0 to 63 */
} septet_output;

static inline void septet_store_eight(uint8_t *octets, uint64_t eight)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(octets, &eight, 8); /* compilers do not make one store of the loop below */
#else
    int i;
    for (i = 0; i < 8; i++)
        octets[i] = (uint8_t)(eight >> 8 * i);
#endif
}

/* Write the bits; fewer than eight are kept, as the beginning of the next octet. */
static inline void septet_flush(septet_output *output)
{
    septet_store_eight(output->end, output->bits);
    output->end += output->size / 8;
    output->bits >>= output->size / 8 * 8;
    output->size %= 8;
}

/* Put a septet in `width` bits: 8, or 7 if septets are packed. */
static inline void septet_put(septet_output *output, int width, uint8_t septet)
{
    output->bits |= (uint64_t)septet << output->size;
    output->size += width;
    if (output->size >= 56)
        septet_flush(output);
}

/* Put eight packed septets. */
static inline void septet_put_packed(septet_output *output, uint64_t packed)
{
    if (output->size >= 8)
        septet_flush(output);
    packed = output->bits | packed << output->size;
    septet_store_eight(output->end, packed);
    output->end += 7;
    output->bits = packed >> 56;
}

/* Write all bits; return the end. */
static inline uint8_t *septet_end_output(septet_output *output)
{
    septet_flush(output);
    return output->end + (output->size > 0);
}

/* Write the septets of characters in `bits` bits each, after some fill bits; return the end.
 * `*start` receives `stop`, or the index of the first character that neither table has.
 */
SEPTET_ALWAYS_INLINE uint8_t *septet_write_chars(int width, const septet_text *text, ptrdiff_t *start,
                                                 ptrdiff_t stop, const septet_table *locking,
                                                 const septet_table *single, int bits, int fill_bits,
                                                 uint8_t *octets)
{
    const septet_text same = {text->data, text->length, width};
    septet_output output = {octets, 0, fill_bits};
    ptrdiff_t i = *start;
    *start = stop;
    while (i < stop) {
        const ptrdiff_t run_stop = stop - i < SEPTET_CHAR_RUN ? stop : i + SEPTET_CHAR_RUN;
        if (bits == 7 && run_stop - i == SEPTET_CHAR_RUN) {
            uint64_t run = 0;
            int k;
            for (k = 0; k < SEPTET_CHAR_RUN; k++)
                run |= (uint64_t)septet_find_septet(locking, septet_char(&same, i + k)) << 8 * k;
            if (!(run & SEPTET_NONE_IN_RUN)) {
                septet_put_packed(&output, septet_pack_eight(run));
                i = run_stop;
                continue;
            }
        }
        for (; i < run_stop; i++) {
            const uint32_t c = septet_char(&same, i);
            uint8_t septet = septet_find_septet(locking, c);
            if (septet == SEPTET_NOT_IN_TABLE) {
                septet = septet_find_septet(single, c);
                if (septet == SEPTET_NOT_IN_TABLE) {
                    *start = i;
                    return septet_end_output(&output);
                }
                septet_put(&output, bits, SEPTET_ESCAPE);
            }
            septet_put(&output, bits, septet);
        }
    }
    return septet_end_output(&output);
}

/* Write the septets of the characters from `*start` on, at most two for each; return how many.
 * `*start` receives `stop`, or the index of the first character that neither table has.
 */
static ptrdiff_t septet_write_septets(const septet_text *text, ptrdiff_t *start, ptrdiff_t stop,
                                      const septet_table *locking, const septet_table *single,
                                      uint8_t *septets)
{
    switch (text->width) {
    case 1: return septet_write_chars(1, text, start, stop, locking, single, 8, 0, septets) - septets;
    case 2: return septet_write_chars(2, text, start, stop, locking, single, 8, 0, septets) - septets;
    default: return septet_write_chars(4, text, start, stop, locking, single, 8, 0, septets) - septets;
    }
}

/* Write the packed septets of characters that the tables have, after some fill bits (0 to 6), which are
 * zero. They take septet_packed_size octets.
 */
static void septet_write_packed(const septet_text *text, ptrdiff_t start, ptrdiff_t stop,
                                const septet_table *locking, const septet_table *single, int fill_bits,
                                uint8_t *octets)
{
    switch (text->width) {
    case 1: septet_write_chars(1, text, &start, stop, locking, single, 7, fill_bits, octets); break;
    case 2: septet_write_chars(2, text, &start, stop, locking, single, 7, fill_bits, octets); break;
    default: septet_write_chars(4, text, &start, stop, locking, single, 7, fill_bits, octets);
    }
}

/* Write the characters of eight septets; return 0 if one of them is an escape, or has no character. */
static inline int septet_read_eight(uint64_t eight, const septet_table *locking, uint16_t *chars)
{
    const uint64_t each = 0x0101010101010101u, others = eight ^ each * SEPTET_ESCAPE;
    int i, is_whole = 1;
    if ((eight | ((others - each) & ~others)) & each << 7) /* the highest bit of an octet that is 0 in `others` */
        return 0;
    for (i = 0; i < 8; i++) {
        chars[i] = locking->chars[eight >> 8 * i & 0x7F];
        is_whole &= chars[i] != 0;
    }
    return is_whole;
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
        uint16_t c;
        if (stop - i >= 8 && septet_read_eight(septet_load_eight(septets + i), locking, end)) {
            i += 8;
            end += 8;
            continue;
        }
        c = locking->chars[septets[i]];
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

/* Pack septets after some fill bits (0 to 6), which are zero. */
static void septet_pack(const uint8_t *septets, ptrdiff_t count, int fill_bits, uint8_t *octets)
{
    septet_output output = {octets, 0, fill_bits};
    for (; count >= 8; count -= 8, septets += 8)
        septet_put_packed(&output, septet_pack_eight(septet_load_eight(septets)));
    for (; count > 0; count--)
        septet_put(&output, 7, *septets++);
    septet_end_output(&output);
}

/* Unpack the lowest 56 bits to eight octets: part groups of four, then pairs, then neighbours. */
static inline uint64_t septet_unpack_eight(uint64_t bits)
{
    bits = (bits & 0x000000000FFFFFFFu) | (bits << 4 & 0x0FFFFFFF00000000u);
    bits = (bits & 0x00003FFF00003FFFu) | (bits << 2 & 0x3FFF00003FFF0000u);
    return (bits & 0x007F007F007F007Fu) | (bits << 1 & 0x7F007F007F007F00u);
}

/* Unpack `count` septets from octets that hold at least as many after the fill bits. */
static void septet_unpack(const uint8_t *octets, ptrdiff_t count, int fill_bits, uint8_t *septets)
{
    uint32_t bits = 0;
    int size = -fill_bits;
    ptrdiff_t i = 0;
    for (; count - i > 8; i += 8, octets += 7) /* with one more septet there are eight octets */
        septet_store_eight(septets + i, septet_unpack_eight(septet_load_eight(octets) >> fill_bits));
    for (; i < count; i++) {
        while (size < 7) {
            bits |= size < 0 ? (uint32_t)*octets++ >> -size : (uint32_t)*octets++ << size;
            size += 8;
        }
        septets[i] = bits & 0x7F;
        bits >>= 7;
        size -= 7;
    }
}

/* Write one or two code units; four octets are written in any case. */
static inline uint8_t *septet_write_char(uint8_t *octets, uint32_t c)
{
    const uint32_t units = c > 0xFFFF ? (0xD7C0 + (c >> 10)) << 16 | (0xDC00 + (c & 0x3FF)) : c << 16;
    octets[0] = (uint8_t)(units >> 24);
    octets[1] = (uint8_t)(units >> 16);
    octets[2] = (uint8_t)(units >> 8);
    octets[3] = (uint8_t)units;
    return octets + (c > 0xFFFF ? 4 : 2);
}

SEPTET_ALWAYS_INLINE void septet_write_units_width(int width, const septet_text *text, ptrdiff_t start,
                                                   ptrdiff_t stop, uint8_t *octets)
{
    const septet_text same = {text->data, text->length, width};
    for (; start < stop; start++) {
        const uint32_t c = septet_char(&same, start);
        if (width < 4) {
            octets[0] = (uint8_t)(c >> 8);
            octets[1] = (uint8_t)c;
            octets += 2;
        } else {
            octets = septet_write_char(octets, c);
        }
    }
}

/* Write the characters as UTF-16BE: two octets for each unit. A lone surrogate is one code unit. */
static void septet_write_units(const septet_text *text, ptrdiff_t start, ptrdiff_t stop, uint8_t *octets)
{
    switch (text->width) {
    case 1: septet_write_units_width(1, text, start, stop, octets); break;
    case 2: septet_write_units_width(2, text, start, stop, octets); break;
    default: septet_write_units_width(4, text, start, stop, octets);
    }
}

/* The user data header of the segments of one text (TS 23.040, 9.2.3.24); no octets if it is empty.
 * The concatenation element comes first; its last octet is the sequence.
 */
typedef struct {
    uint8_t *octets; /* SEPTET_MAX_OWN_OCTETS and those of the elements */
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

/* Write a header to octets; `elements` are other elements of at most SEPTET_SEGMENT_OCTETS octets. */
static void septet_write_header(septet_header *header, uint8_t *octets, int total, int reference, int reference_bits,
                                int locking, int single, const uint8_t *elements, size_t size)
{
    uint8_t *end = octets + 1;
    header->octets = octets;
    header->sequence_index = 0;
    if (total > 1) {
        *end++ = reference_bits == 8 ? SEPTET_CONCATENATION_8_BIT : SEPTET_CONCATENATION_16_BIT;
        *end++ = (uint8_t)(reference_bits / 8 + 2);
        if (reference_bits == 16)
            *end++ = (uint8_t)(reference >> 8);
        *end++ = (uint8_t)reference;
        *end++ = (uint8_t)total;
        header->sequence_index = (int)(end++ - header->octets);
    }
    end = septet_write_language(end, SEPTET_SINGLE_SHIFT, single);
    end = septet_write_language(end, SEPTET_LOCKING_SHIFT, locking);
    if (size > 0)
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
