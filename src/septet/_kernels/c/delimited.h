/* delimited.h: find the records of delimited text (CSV) in a block of octets, and their wanted fields.
 *
 * Records are read as long as they are plain: as wide as the header, their wanted fields UTF-8, quotes
 * only around whole fields and, doubled, inside these. The first other record is left to the reader in
 * Python. In plain records Python's `csv` finds the same fields.
 *
 * 64 octets at a time become masks with a bit for each octet. The parity of the quotes before an octet
 * tells whether it is inside quotes. Only the delimiters and line ends outside are visited one by one.
 */
#ifndef SEPTET_DELIMITED_H
#define SEPTET_DELIMITED_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scan_rows.h"
#include "simd/delimited_masks.h"
#include "valid.h"
#include "views.h"

#define SEPTET_WHOLE_RECORD (-1)
#define SEPTET_MASKS_AT_ONCE 64

/* How reading records ended. */
typedef enum {
    SEPTET_NO_WHOLE_RECORD, /* none is left in the block */
    SEPTET_VIEWS_FULL,
    SEPTET_OTHER_RECORD /* the next one is not plain */
} septet_records_outcome;

typedef struct {
    const uint8_t *octets;
    ptrdiff_t start, stop;
    int is_last;           /* nothing follows: the last record may lack its line end */
    uint8_t delimiter;
    ptrdiff_t width;       /* fields of a record */
    ptrdiff_t max_octets;  /* of a record with its line end */
    const int32_t *wanted; /* for each column of views the index of its field, or SEPTET_WHOLE_RECORD */
    ptrdiff_t wanted_count;
    uint8_t *views;        /* `capacity` views for each column; buffer 0 is `octets` */
    ptrdiff_t capacity;
    uint8_t *unquoted;     /* buffer 1: fields that have doubled quotes; as large as what is read */
    int64_t *field_ends;   /* memory for `width` + 1 of them */
    /* Updated. */
    ptrdiff_t row;           /* the next one of the views */
    ptrdiff_t unquoted_size;
    /* Results. */
    ptrdiff_t end;         /* where the next record begins */
    ptrdiff_t lines;       /* up to there */
} septet_records;

static inline int septet_count_marks(uint64_t bits)
{
#if defined(__GNUC__) || defined(__clang__)
    return __builtin_popcountll(bits);
#else
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    return (int)(((bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F)) * UINT64_C(0x0101010101010101) >> 56);
#endif
}

/* The position of the lowest bit that is set; one must be. */
static inline int septet_lowest_bit(uint64_t bits)
{
#if defined(__GNUC__) || defined(__clang__)
    return __builtin_ctzll(bits);
#else
    return septet_count_marks((bits & (0 - bits)) - 1);
#endif
}

/* Each bit: how many of the bits up to it are set, modulo 2. */
static inline uint64_t septet_parity(uint64_t bits)
{
    int shift;
    for (shift = 1; shift < 64; shift <<= 1)
        bits ^= bits << shift;
    return bits;
}

/* Copy the inside of a field in quotes with one quote for each two; return its size. */
static ptrdiff_t septet_unquote(const uint8_t *field, ptrdiff_t length, const uint8_t *quote, uint8_t *copy)
{
    const uint8_t *const end = field + length;
    uint8_t *target = copy;
    while (quote != NULL) {
        const ptrdiff_t count = quote + 1 - field; /* with the first of two quotes */
        memcpy(target, field, (size_t)count);
        target += count;
        field = quote + 2;
        quote = memchr(field, '"', (size_t)(end - field));
    }
    memcpy(target, field, (size_t)(end - field));
    return target + (end - field) - copy;
}

/* Write the view of a field from `begin` to `end`, which may be known to be UTF-8; return 0 if it is not. */
static inline int septet_view_field(septet_records *records, ptrdiff_t begin, ptrdiff_t end, int is_utf8,
                                    uint8_t *view)
{
    const uint8_t *field = records->octets + begin;
    ptrdiff_t length = end - begin, offset = begin;
    int32_t buffer = 0;
    if (length > 0 && *field == '"') {
        const uint8_t *quote;
        field++;
        offset++;
        length -= 2;
        quote = memchr(field, '"', (size_t)length);
        if (quote != NULL) {
            uint8_t *const copy = records->unquoted + records->unquoted_size;
            length = septet_unquote(field, length, quote, copy);
            field = copy;
            buffer = 1;
            offset = records->unquoted_size;
            records->unquoted_size += length;
        }
    }
    if (!is_utf8 && !septet_is_utf8(field, length))
        return 0;
    septet_write_view(view, field, length, buffer, offset);
    return 1;
}

/* Write the views of a record whose fields have ends; return 0 if a wanted one is not UTF-8. */
static inline int septet_view_record(septet_records *records, ptrdiff_t begin, int is_utf8)
{
    const ptrdiff_t unquoted_size = records->unquoted_size;
    ptrdiff_t column;
    uint8_t *view = records->views + records->row * SEPTET_VIEW_OCTETS;
    for (column = 0; column < records->wanted_count; column++) {
        const int32_t field = records->wanted[column];
        if (field == SEPTET_WHOLE_RECORD) {
            const ptrdiff_t end = (ptrdiff_t)records->field_ends[records->width - 1];
            septet_write_view(view, records->octets + begin, end - begin, 0, begin);
        } else if (!septet_view_field(records,
                                       field == 0 ? begin : (ptrdiff_t)records->field_ends[field - 1] + 1,
                                       (ptrdiff_t)records->field_ends[field], is_utf8, view)) {
            records->unquoted_size = unquoted_size;
            return 0;
        }
        view += records->capacity * SEPTET_VIEW_OCTETS;
    }
    records->row++;
    return 1;
}

/* Where in the text the reader is, at the begin of 64 octets. */
typedef struct {
    ptrdiff_t begin;       /* of the record */
    ptrdiff_t field;       /* how many fields of it have ended */
    ptrdiff_t lines;       /* before the record, and those in its quotes */
    uint64_t inside;       /* all bits, if in quotes */
    uint64_t may_open;     /* 1 if the octet before is a delimiter, line end or quote */
    uint64_t closed;       /* 1 if the octet before is a quote that closes its field, or the first of two */
    uint64_t after_return; /* 1 if the octet before is CR */
    uint64_t doubtful;     /* not 0 if the record may not be UTF-8 */
} septet_position;

/* Read the next `count` octets, at most 64 of them, at `base`. */
static inline septet_records_outcome septet_read_masks(septet_records *records, septet_position *position,
                                                       const septet_masks *masks, ptrdiff_t base,
                                                       ptrdiff_t count)
{
    const uint64_t line_ends = masks->feeds | masks->returns;
    /* LF after CR is not one of its own. */
    const uint64_t breaks = line_ends & ~(masks->feeds & (masks->returns << 1 | position->after_return));
    const uint64_t before_quotes = masks->delimiters | line_ends | masks->quotes;
    uint64_t borders = masks->delimiters | breaks, stray = 0, doubtful = masks->doubtful;
    uint64_t quoted_breaks = 0;
    if ((masks->quotes | position->inside | position->closed) != 0) {
        const uint64_t quoted = septet_parity(masks->quotes) ^ position->inside;
        const uint64_t closing = masks->quotes & ~quoted;
        stray = (masks->quotes & quoted & ~(before_quotes << 1 | position->may_open))
            | ((closing << 1 | position->closed) & ~before_quotes);
        if (count < SEPTET_MASK_OCTETS)
            stray &= ((uint64_t)1 << count) - 1;
        position->closed = closing >> 63;
        position->inside = (uint64_t)0 - (quoted >> 63);
        borders &= ~quoted;
        quoted_breaks = breaks & quoted;
        if (stray != 0)
            borders &= (stray & (0 - stray)) - 1;
    }
    position->may_open = before_quotes >> 63;
    position->after_return = masks->returns >> 63;
    while (borders != 0) {
        const int bit = septet_lowest_bit(borders);
        const uint64_t up_to_bit = ((uint64_t)2 << bit) - 1;
        const ptrdiff_t at = base + bit;
        ptrdiff_t end = at + 1;
        borders &= borders - 1;
        records->field_ends[position->field < records->width ? position->field : records->width] = at;
        position->field++;
        if (masks->delimiters >> bit & 1)
            continue;
        if (masks->returns >> bit & 1) {
            if (end == records->stop && !records->is_last)
                return SEPTET_NO_WHOLE_RECORD; /* LF may follow */
            if (end < records->stop && records->octets[end] == '\n')
                end++;
        }
        if (at > position->begin) { /* not a blank line */
            const int is_utf8 = (position->doubtful | (doubtful & up_to_bit)) == 0;
            if (records->row == records->capacity)
                return SEPTET_VIEWS_FULL;
            if (position->field != records->width || end - position->begin > records->max_octets
                || !septet_view_record(records, position->begin, is_utf8))
                return SEPTET_OTHER_RECORD;
        }
        records->end = position->begin = end;
        position->lines++;
        if (quoted_breaks != 0) {
            position->lines += septet_count_marks(quoted_breaks & up_to_bit);
            quoted_breaks &= ~up_to_bit;
        }
        records->lines = position->lines;
        position->field = 0;
        position->doubtful = 0;
        doubtful &= ~up_to_bit;
    }
    if (quoted_breaks != 0)
        position->lines += septet_count_marks(quoted_breaks);
    position->doubtful |= doubtful;
    return stray != 0 ? SEPTET_OTHER_RECORD : SEPTET_NO_WHOLE_RECORD;
}

/* Read the last record, which lacks its line end. */
static septet_records_outcome septet_read_last_record(septet_records *records, const septet_position *position)
{
    if (records->row == records->capacity)
        return SEPTET_VIEWS_FULL;
    if (position->inside || position->field + 1 != records->width
        || records->stop - position->begin > records->max_octets)
        return SEPTET_OTHER_RECORD;
    records->field_ends[position->field] = records->stop;
    if (!septet_view_record(records, position->begin, 0))
        return SEPTET_OTHER_RECORD;
    records->end = records->stop;
    records->lines = position->lines + 1;
    return SEPTET_NO_WHOLE_RECORD;
}

/* Read plain records from `start` on, where one begins. */
static septet_records_outcome septet_read_records(septet_records *records)
{
    septet_masks masks[SEPTET_MASKS_AT_ONCE];
    septet_mask_state state = {{0}, 0};
    septet_position position = {0, 0, 0, 0, 1, 0, 0, 0};
    ptrdiff_t base = records->start, index, blocks;
    position.begin = records->end = base;
    records->lines = 0;
    while (base < records->stop) {
        blocks = (records->stop - base) / SEPTET_MASK_OCTETS;
        if (blocks == 0) {
            uint8_t padded[SEPTET_MASK_OCTETS] = {0};
            memcpy(padded, records->octets + base, (size_t)(records->stop - base));
            blocks = 1;
            septet_find_masks(padded, blocks, records->delimiter, &state, masks);
        } else {
            blocks = blocks < SEPTET_MASKS_AT_ONCE ? blocks : SEPTET_MASKS_AT_ONCE;
            septet_find_masks(records->octets + base, blocks, records->delimiter, &state, masks);
        }
        for (index = 0; index < blocks; index++, base += SEPTET_MASK_OCTETS) {
            const septet_records_outcome outcome = septet_read_masks(
                records, &position, masks + index, base, records->stop - base);
            if (outcome != SEPTET_NO_WHOLE_RECORD)
                return outcome;
        }
    }
    if (records->is_last && records->end < records->stop)
        return septet_read_last_record(records, &position);
    return SEPTET_NO_WHOLE_RECORD;
}

#endif
