/* scan_neon.h: the classifiers for AArch64, 16 characters at a time, by scan_nibbles.h.
 *
 * What a loop finds stays in vector registers, because to move a mask out of them is slow here. A
 * mask is -1 in each lane where it holds, so that to subtract it is to count, and the counts are
 * read once for as many blocks as a lane can count.
 */
#ifndef SEPTET_SCAN_NEON_H
#define SEPTET_SCAN_NEON_H

#include <arm_neon.h>

#include "scan_nibbles.h"

#define SEPTET_VECTOR "neon"
#define septet_has_vector() 1

#define SEPTET_LANE_COUNTS (255 * 16)

/* For each of 16 characters the bits of the tables that hold it; 0 when none does. */
static inline uint8x16_t septet_look_up(uint8x16_t chars)
{
    /* An index beyond 15 gives 0, or with `x` what was there: so each half answers only for its own. */
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
static inline uint64_t septet_bits_of_four(uint8x16_t mask)
{
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(mask), 4)), 0);
}

typedef struct {
    uint8x16_t least;   /* bits of any character so far; 0 when a table lacks one */
    uint8x16_t doubled; /* how many take two septets */
} septet_lanes;

/* Look 16 characters up; only those marked in `fresh` are counted. */
static inline septet_lanes septet_join(septet_lanes lanes, uint8x16_t chars, uint8x16_t fresh)
{
    const uint8x16_t bits = septet_look_up(chars);
    const uint8x16_t doubled = vtstq_u8(bits, vdupq_n_u8(septet_doubled_bits));
    lanes.least = vminq_u8(lanes.least, bits);
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
            lanes = septet_join(lanes, vld1q_u8(text + at), all);
        if (at < stop) {
            lanes = septet_join(lanes, vld1q_u8(text + stop - 16), septet_last_lanes(stop - at));
            at = stop;
        }
        if (vminvq_u8(lanes.least) == 0)
            return -1;
        doubled += vaddlvq_u8(lanes.doubled);
    }
    return doubled;
}

/* Beyond Latin-1 the tables are asked for each character; a plain one stands in for it meanwhile. */
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
            uint64_t each = septet_bits_of_four(vandq_u8(beyond, fresh)) & 0x1111111111111111;
            lanes = septet_join(lanes, vbslq_u8(beyond, plain, halves.val[0]), fresh);
            for (; each; each &= each - 1) {
                const int cost = septet_default_cost(text[at + (__builtin_ctzll(each) >> 2)]);
                if (cost == 0)
                    return -1;
                doubled += cost >> 1;
            }
        }
        if (vminvq_u8(lanes.least) == 0)
            return -1;
        doubled += vaddlvq_u8(lanes.doubled);
    }
    return doubled;
}

#endif
