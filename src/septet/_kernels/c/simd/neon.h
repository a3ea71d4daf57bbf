/* neon.h: vector code for AArch64, 16 octets at a time: texts of one and two octets a character, and
 * one row of UTF-8. Characters are looked up as nibbles.h describes.
 *
 * Results of a loop stay in vector registers, because moving a mask out of them is slow here. A mask
 * is -1 in each lane where it holds, so subtracting it counts; the counts are read once for as many
 * blocks as a lane can count.
 */
#ifndef SEPTET_NEON_H
#define SEPTET_NEON_H

#if !(defined(__AARCH64EL__) && defined(__ARM_NEON))
#error "neon.h needs little-endian AArch64 with NEON; include dispatch.h, which chooses"
#endif

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

#include "../scan_classify.h"
#include "../scan_utf8.h"
#include "nibbles.h"

#define septet_has_vector() 1

#define SEPTET_LANE_COUNTS (255 * 16)

/* For each of 16 characters, the bits of the tables that have it, or 0. */
static inline uint8x16_t septet_table_bits(uint8x16_t chars)
{
    /* An index beyond 15 gives 0, or the previous value with `x`, so each half matches only its own
     * characters.
     */
    const uint8x16_t column = vandq_u8(chars, vdupq_n_u8(0x8F));
    const uint8x16_t other = veorq_u8(column, vdupq_n_u8(0x80));
    const uint8x16_t columns = vqtbx1q_u8(vqtbl1q_u8(vld1q_u8(septet_low_half), column),
                                          vld1q_u8(septet_high_half), other);
    return vandq_u8(columns, vqtbl1q_u8(vld1q_u8(septet_rows), vshrq_n_u8(chars, 4)));
}

/* 0 to 15. */
static inline uint8x16_t septet_lane_numbers(void)
{
    static const uint8_t numbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return vld1q_u8(numbers);
}

/* A mask of the last `count` lanes. */
static inline uint8x16_t septet_last_lanes(ptrdiff_t count)
{
    return vcgeq_u8(septet_lane_numbers(), vdupq_n_u8((uint8_t)(16 - count)));
}

/* Four bits for each lane of a mask. */
static inline uint64_t septet_nibble_mask(uint8x16_t mask)
{
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(mask), 4)), 0);
}

typedef struct {
    uint8x16_t min_bits; /* the minimum of the bits of all characters; 0 if a character is in no table */
    uint8x16_t doubled;  /* the number of characters that take two septets */
} septet_lanes;

/* Look up 16 characters, and count those marked in `fresh`. */
static inline septet_lanes septet_add_chars(septet_lanes lanes, uint8x16_t chars, uint8x16_t fresh)
{
    const uint8x16_t bits = septet_table_bits(chars);
    const uint8x16_t doubled = vtstq_u8(bits, vdupq_n_u8(septet_doubled_bits));
    lanes.min_bits = vminq_u8(lanes.min_bits, bits);
    lanes.doubled = vsubq_u8(lanes.doubled, vandq_u8(doubled, fresh));
    return lanes;
}

static ptrdiff_t septet_classify_1_vector(const uint8_t *text, ptrdiff_t length)
{
    const uint8x16_t all = vdupq_n_u8(0xFF);
    ptrdiff_t at = 0, doubled = 0;
    if (length < 16)
        return septet_classify_1_portable(text, length);
    while (at < length) {
        const ptrdiff_t stop = length - at < SEPTET_LANE_COUNTS ? length : at + SEPTET_LANE_COUNTS;
        septet_lanes lanes = {all, vdupq_n_u8(0)};
        for (; at + 16 <= stop; at += 16)
            lanes = septet_add_chars(lanes, vld1q_u8(text + at), all);
        if (at < stop) {
            lanes = septet_add_chars(lanes, vld1q_u8(text + stop - 16), septet_last_lanes(stop - at));
            at = stop;
        }
        if (vminvq_u8(lanes.min_bits) == 0)
            return -1;
        doubled += vaddlvq_u8(lanes.doubled);
    }
    return doubled;
}

/* Characters beyond Latin-1 are replaced by a plain one, and looked up one by one. */
static ptrdiff_t septet_classify_2_vector(const uint16_t *text, ptrdiff_t length)
{
    const uint8x16_t plain = vdupq_n_u8(septet_plain_char);
    ptrdiff_t i = 0, doubled = 0;
    if (length < 16)
        return septet_classify_2_portable(text, length);
    while (i < length) {
        const ptrdiff_t stop = length - i < SEPTET_LANE_COUNTS ? length : i + SEPTET_LANE_COUNTS;
        septet_lanes lanes = {vdupq_n_u8(0xFF), vdupq_n_u8(0)};
        for (; i < stop; i += 16) {
            const ptrdiff_t at = i + 16 <= length ? i : length - 16;
            const uint8x16_t fresh = septet_last_lanes(16 - (i - at));
            const uint8x16x2_t halves = vld2q_u8((const uint8_t *)(text + at));
            const uint8x16_t beyond = vtstq_u8(halves.val[1], halves.val[1]);
            uint64_t each = septet_nibble_mask(vandq_u8(beyond, fresh)) & 0x1111111111111111;
            lanes = septet_add_chars(lanes, vbslq_u8(beyond, plain, halves.val[0]), fresh);
            for (; each; each &= each - 1) {
                const int cost = septet_default_cost(text[at + (__builtin_ctzll(each) >> 2)]);
                if (cost == 0)
                    return -1;
                doubled += cost >> 1;
            }
        }
        if (vminvq_u8(lanes.min_bits) == 0)
            return -1;
        doubled += vaddlvq_u8(lanes.doubled);
    }
    return doubled;
}

/* The rows of the code chart that are ASCII; the others have no bits. */
static inline uint8x16_t septet_ascii_rows(void)
{
    return vcombine_u8(vld1_u8(septet_rows), vdup_n_u8(0));
}

/* Not 0 for each ASCII octet that takes one septet. */
static inline uint8x16_t septet_plain_at(const uint8_t *octets)
{
    const uint8x16_t rows = vbicq_u8(septet_ascii_rows(), vdupq_n_u8(septet_doubled_bits));
    const uint8x16_t now = vld1q_u8(octets);
    return vandq_u8(vqtbl1q_u8(vld1q_u8(septet_low_half), vandq_u8(now, vdupq_n_u8(0x0F))),
                    vqtbl1q_u8(rows, vshrq_n_u8(now, 4)));
}

static ptrdiff_t septet_plain_prefix_vector(const uint8_t *octets, ptrdiff_t length)
{
    ptrdiff_t i = 0;
    for (; i + 64 <= length; i += 64) {
        const uint8x16_t a = septet_plain_at(octets + i), b = septet_plain_at(octets + i + 16);
        const uint8x16_t c = septet_plain_at(octets + i + 32), d = septet_plain_at(octets + i + 48);
        if (vminvq_u8(vminq_u8(vminq_u8(a, b), vminq_u8(c, d))) == 0) {
            /* A bit for each of the 64: neighbours are added until eight of them fill an octet. */
            const uint8x16_t bit = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201));
            const uint8x16_t ab = vpaddq_u8(vandq_u8(vceqzq_u8(a), bit), vandq_u8(vceqzq_u8(b), bit));
            const uint8x16_t cd = vpaddq_u8(vandq_u8(vceqzq_u8(c), bit), vandq_u8(vceqzq_u8(d), bit));
            const uint8x16_t abcd = vpaddq_u8(ab, cd);
            return i + __builtin_ctzll(vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(abcd, abcd)), 0));
        }
    }
    for (; i + 16 <= length; i += 16) {
        const uint64_t others = septet_nibble_mask(vceqzq_u8(septet_plain_at(octets + i)));
        if (others)
            return i + (__builtin_ctzll(others) >> 2);
    }
    return i + septet_plain_prefix_portable(octets + i, length - i);
}

/* Load the octets of a row of at least 16 from `at` on, and fill up with plain characters. */
static inline uint8x16_t septet_load_octets(const uint8_t *octets, ptrdiff_t length, ptrdiff_t at)
{
    const ptrdiff_t beyond = at + 16 - length;
    if (__builtin_expect(beyond <= 0, 1))
        return vld1q_u8(octets + at);
    return vqtbx1q_u8(vdupq_n_u8(septet_plain_char), vld1q_u8(octets + length - 16),
                      vaddq_u8(septet_lane_numbers(), vdupq_n_u8((uint8_t)beyond)));
}

/* Measure a row that is not GSM-7: every octet that is not a continuation begins a character. */
static septet_row septet_measure_ucs2(const uint8_t *octets, ptrdiff_t length, ptrdiff_t plain)
{
    septet_row row = {0, length, 0};
    ptrdiff_t at = plain;
    while (at < length) {
        const ptrdiff_t stop = length - at < SEPTET_LANE_COUNTS ? length : at + SEPTET_LANE_COUNTS;
        uint8x16_t continued = vdupq_n_u8(0), astral = vdupq_n_u8(0);
        for (; at < stop; at += 16) {
            const uint8x16_t now = septet_load_octets(octets, length, at);
            continued = vsubq_u8(continued, vcltq_s8(vreinterpretq_s8_u8(now), vdupq_n_s8(0xC0 - 0x100)));
            astral = vsubq_u8(astral, vcgeq_u8(now, vdupq_n_u8(0xF0)));
        }
        row.units -= vaddlvq_u8(continued);
        row.doubled += vaddlvq_u8(astral);
    }
    row.units += row.doubled + septet_is_continuation(octets[0]);
    return row;
}

/* Counts for each of 16 lanes: octets that are not an ASCII character of a table; last octets of a
 * character of two octets in a table, and of the euro sign; ASCII characters that take two septets.
 */
typedef struct {
    uint8x16_t before; /* the octets of the previous block */
    uint8x16_t others, of_two, of_three, escaped;
} septet_matches;

static inline septet_matches septet_match_block(septet_matches so_far, uint8x16_t now)
{
    const uint8x16_t previous = vextq_u8(so_far.before, now, 15);
    const uint8x16_t column = vandq_u8(now, vdupq_n_u8(0x0F)), row = vshrq_n_u8(now, 4);
    const uint8x16_t ascii = vandq_u8(vqtbl1q_u8(vld1q_u8(septet_low_half), column),
                                      vqtbl1q_u8(septet_ascii_rows(), row));
    const uint8x16_t second = vandq_u8(vqtbl1q_u8(vld1q_u8(septet_second_columns), column),
                                       vqtbl1q_u8(vld1q_u8(septet_second_rows), row));
    /* 0xC0 to 0xCF become 0 to 15, and all others an index for which a look-up gives 0. */
    const uint8x16_t first = vqtbl1q_u8(vld1q_u8(septet_first_octet), veorq_u8(previous, vdupq_n_u8(0xC0)));
    const uint8x16_t euro = vandq_u8(
        vceqq_u8(vextq_u8(so_far.before, now, 14), vdupq_n_u8(septet_three_octets[0])),
        vandq_u8(vceqq_u8(previous, vdupq_n_u8(septet_three_octets[1])),
                 vceqq_u8(now, vdupq_n_u8(septet_three_octets[2]))));
    so_far.before = now;
    so_far.others = vsubq_u8(so_far.others, vceqzq_u8(ascii));
    so_far.of_two = vsubq_u8(so_far.of_two, vtstq_u8(second, first));
    so_far.of_three = vsubq_u8(so_far.of_three, euro);
    so_far.escaped = vsubq_u8(so_far.escaped, vtstq_u8(ascii, vdupq_n_u8(septet_doubled_bits)));
    return so_far;
}

/* Octets of a row that are measured between checks whether it can still be GSM-7. */
#define SEPTET_STEP 64

static septet_row septet_measure_row_vector(const uint8_t *octets, ptrdiff_t length, ptrdiff_t plain,
                                            const uint8_t *end)
{
    static const int32_t explained[4] = {1, -2, -3, 0};
    const uint8x16_t zero = vdupq_n_u8(0);
    uint8x16_t before = zero;
    uint32x4_t sums = vdupq_n_u32(0); /* of the lanes of others, of_two, of_three and escaped */
    ptrdiff_t at = plain, of_two, of_three;
    septet_row row = {1, length, 0};
    (void)end;
    if (length < 16)
        return septet_measure_row_portable(octets, length);
    while (at < length) {
        const ptrdiff_t stop = length - at < SEPTET_STEP ? length : at + SEPTET_STEP;
        septet_matches step = {before, zero, zero, zero, zero};
        for (; at < stop; at += 16)
            step = septet_match_block(step, septet_load_octets(octets, length, at));
        before = step.before;
        sums = vpadalq_u16(sums, vpaddlq_u8(vpaddq_u8(vpaddq_u8(step.others, step.of_two),
                                                      vpaddq_u8(step.of_three, step.escaped))));
        /* The next block can explain at most two octets of this one. */
        if (vaddvq_s32(vmulq_s32(vreinterpretq_s32_u32(sums), vld1q_s32(explained))) > (at < length ? 2 : 0))
            return septet_measure_ucs2(octets, length, plain);
    }
    of_two = vgetq_lane_u32(sums, 1);
    of_three = vgetq_lane_u32(sums, 2);
    row.doubled = of_three + vgetq_lane_u32(sums, 3);
    row.units += row.doubled - of_two - 2 * of_three;
    return row;
}

#endif
