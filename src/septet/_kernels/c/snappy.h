/* snappy.h: decompress blocks of Snappy (github.com/google/snappy, format_description.txt).
 *
 * A block may be damaged: nothing outside of its octets is read, nothing outside of its output read or
 * written. What an element is depends on the one before it, so a processor waits for each of them.
 * Therefore two blocks are decompressed at the same time, and the usual elements without branches.
 */
#ifndef SEPTET_SNAPPY_H
#define SEPTET_SNAPPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    SEPTET_SNAPPY_LITERAL, /* kinds of elements: octets that follow, or octets of the output again */
    SEPTET_SNAPPY_NEAR,
    SEPTET_SNAPPY_FAR,
    SEPTET_SNAPPY_FARTHEST,
    SEPTET_SNAPPY_MAX_SHORT = 60, /* octets of a literal whose length is in its tag */
    SEPTET_SNAPPY_MAX_LENGTH = 64, /* octets of a usual element, or more */
    SEPTET_SNAPPY_COPIED = 32,     /* octets that are copied at first, which are enough for most */
    SEPTET_SNAPPY_UNUSUAL = 255    /* a length */
};

/* What the first octet of an element tells. */
typedef struct {
    uint32_t offset_mask; /* the bits of the offset in the first four octets, from bit 8 on */
    uint16_t offset;      /* what is added to them; of a literal it is at least its length */
    uint8_t length;       /* of its output; more than any offset if it is not a usual element */
    uint8_t size;         /* of the element */
} septet_snappy_tag;

static septet_snappy_tag septet_snappy_tags[256];

typedef struct {
    const uint8_t *in, *in_end;
    uint8_t *out, *out_end;
    const uint8_t *begin; /* of the output */
} septet_snappy_block;

/* Fill the table; call this once before blocks are decompressed. */
static void septet_fill_snappy_tags(void)
{
    unsigned i;
    for (i = 0; i < 256; i++) {
        septet_snappy_tag *const tag = &septet_snappy_tags[i];
        const unsigned kind = i & 3, length = (i >> 2) + 1;
        memset(tag, 0, sizeof *tag);
        tag->length = (uint8_t)length;
        tag->size = (uint8_t)(kind + 1);
        if (kind == SEPTET_SNAPPY_NEAR) {
            tag->length = (uint8_t)((i >> 2 & 7) + 4);
            tag->offset = (uint16_t)(i >> 5 << 8);
            tag->offset_mask = 0xFF00;
        } else if (kind == SEPTET_SNAPPY_FAR) {
            tag->offset_mask = 0xFFFF00;
        } else if (kind == SEPTET_SNAPPY_LITERAL && length <= SEPTET_SNAPPY_MAX_SHORT) {
            tag->offset = SEPTET_SNAPPY_MAX_LENGTH;
            tag->size = (uint8_t)(length + 1);
        } else {
            tag->length = SEPTET_SNAPPY_UNUSUAL;
        }
    }
}

/* Begin a block; return whether its output should have `out_size` octets. */
static int septet_start_snappy(septet_snappy_block *block, const uint8_t *in, ptrdiff_t in_size, uint8_t *out,
                               ptrdiff_t out_size)
{
    uint64_t size = 0;
    int shift;
    block->in = in;
    block->in_end = in + in_size;
    block->begin = block->out = out;
    block->out_end = out + out_size;
    for (shift = 0; shift < 35 && block->in < block->in_end; shift += 7) {
        const unsigned octet = *block->in++;
        size |= (uint64_t)(octet & 0x7F) << shift;
        if (octet < 0x80)
            return size == (uint64_t)out_size;
    }
    return 0;
}

/* Read an element of any kind; return whether it is sound. */
static int septet_read_snappy_element(septet_snappy_block *block)
{
    const unsigned tag = *block->in++, kind = tag & 3;
    const size_t left = (size_t)(block->in_end - block->in), room = (size_t)(block->out_end - block->out);
    const uint8_t *source;
    size_t length = tag >> 2, number = 0, size = kind, i;
    if (kind == SEPTET_SNAPPY_LITERAL)
        size = length < SEPTET_SNAPPY_MAX_SHORT ? 0 : length - SEPTET_SNAPPY_MAX_SHORT + 1;
    else if (kind == SEPTET_SNAPPY_FARTHEST)
        size = 4;
    if (left < size)
        return 0;
    for (i = 0; i < size; i++)
        number |= (size_t)block->in[i] << 8 * i;
    block->in += size;
    if (kind == SEPTET_SNAPPY_LITERAL) {
        length = (size ? number : length) + 1;
        if (length == 0 || length > left - size || length > room)
            return 0;
        memcpy(block->out, block->in, length);
        block->in += length;
    } else {
        length++;
        if (kind == SEPTET_SNAPPY_NEAR) {
            number |= tag >> 5 << 8;
            length = (tag >> 2 & 7) + 4;
        }
        if (number == 0 || number > (size_t)(block->out - block->begin) || length > room)
            return 0;
        source = block->out - number;
        for (i = 0; i < length; i++) /* which may repeat what it writes */
            block->out[i] = source[i];
    }
    block->out += length;
    return 1;
}

/* Return how many usual elements can be read without a look at the ends of the buffers. */
static ptrdiff_t septet_count_safe_elements(const septet_snappy_block *block)
{
    const ptrdiff_t in = (block->in_end - block->in) / (1 + SEPTET_SNAPPY_MAX_LENGTH);
    const ptrdiff_t out = (block->out_end - block->out) / SEPTET_SNAPPY_MAX_LENGTH;
    return in < out ? in : out;
}

/* Copy octets that may overlap; only those that are read before they are written need be right. */
static inline void septet_copy_snappy(uint8_t *out, const uint8_t *source)
{
    uint8_t octets[SEPTET_SNAPPY_COPIED];
    memcpy(octets, source, sizeof octets);
    memcpy(out, octets, sizeof octets);
}

/* Read a usual element, of which there is a safe number; return 0 if it is another one, or damaged. */
static inline int septet_read_usual_element(septet_snappy_block *block)
{
    const uint8_t *const in = block->in;
    uint8_t *const out = block->out;
    const uint32_t head = (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;
    const septet_snappy_tag *const tag = &septet_snappy_tags[head & 0xFF];
    const size_t offset = ((head & tag->offset_mask) >> 8) + tag->offset, length = tag->length;
    const uintptr_t literal = (uintptr_t)(in + 1), copy = (uintptr_t)out - offset;
    const uint8_t *source;
    if (offset < length || offset > (size_t)(out - block->begin))
        return 0;
    source = (const uint8_t *)((head & 3) == SEPTET_SNAPPY_LITERAL ? literal : copy);
    septet_copy_snappy(out, source);
    if (length > SEPTET_SNAPPY_COPIED)
        septet_copy_snappy(out + SEPTET_SNAPPY_COPIED, source + SEPTET_SNAPPY_COPIED);
    block->in += tag->size;
    block->out += length;
    return 1;
}

/* Decompress the rest of a block; return whether it is sound and has all of its output. */
static int septet_end_snappy(septet_snappy_block *block)
{
    while (block->in < block->in_end) {
        ptrdiff_t safe = septet_count_safe_elements(block);
        while (safe > 0 && septet_read_usual_element(block))
            safe--;
        if (block->in < block->in_end && !septet_read_snappy_element(block))
            return 0;
    }
    return block->out == block->out_end;
}

/* Decompress two blocks; return whether both are sound and have all of their output. */
static int septet_read_two_snappy(septet_snappy_block *block, septet_snappy_block *other)
{
    septet_snappy_block first = *block, second = *other; /* in registers */
    for (;;) {
        const ptrdiff_t limit = septet_count_safe_elements(&first), other_limit = septet_count_safe_elements(&second);
        ptrdiff_t safe = limit < other_limit ? limit : other_limit;
        if (safe < 1)
            return septet_end_snappy(&first) & septet_end_snappy(&second);
        while (safe > 0) {
            if (!septet_read_usual_element(&first)) {
                if (!septet_read_snappy_element(&first))
                    return 0;
                break;
            }
            if (!septet_read_usual_element(&second)) {
                if (!septet_read_snappy_element(&second))
                    return 0;
                break;
            }
            safe--;
        }
    }
}

#endif
