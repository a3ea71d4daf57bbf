/* delimited_masks.h: where the octets are that delimited text depends on, a bit for each of 64 octets.
 *
 * Vector code for each processor family, portable code, and the choice between them. AVX2 code checks
 * UTF-8 as well, as in Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2020).
 */
#ifndef SEPTET_DELIMITED_MASKS_H
#define SEPTET_DELIMITED_MASKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SEPTET_MASK_OCTETS = 64, SEPTET_STATE_OCTETS = 32 };

/* Bit 0 is the first octet. */
typedef struct {
    uint64_t quotes, delimiters, feeds, returns;
    uint64_t doubtful; /* octets that may not be UTF-8; an unfinished character is found at the next octet */
} septet_masks;

/* What precedes a block: at first zeros. */
typedef struct {
    uint8_t octets[SEPTET_STATE_OCTETS];
    uint64_t others; /* not 0 if the last character may be unfinished */
} septet_mask_state;

/* For each of 8 octets that is 0, bit 7 of it. */
static inline uint64_t septet_zero_octets(uint64_t octets)
{
    const uint64_t low_bits = UINT64_C(0x7F7F7F7F7F7F7F7F);
    return ~(((octets & low_bits) + low_bits) | octets | low_bits);
}

/* Bit 7 of each of 8 octets, as 8 bits; all other bits must be 0. */
static inline uint64_t septet_gather_bits(uint64_t bits)
{
    return (bits >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static void septet_find_masks_portable(const uint8_t *octets, ptrdiff_t blocks, uint8_t delimiter,
                                       septet_mask_state *state, septet_masks *masks)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    ptrdiff_t block;
    (void)state; /* all octets that are not ASCII are doubtful */
    for (block = 0; block < blocks; block++, masks++) {
        int at;
        memset(masks, 0, sizeof *masks);
        for (at = 0; at < SEPTET_MASK_OCTETS; at += 8, octets += 8) {
            uint64_t eight = 0;
            int i;
            for (i = 7; i >= 0; i--) /* whatever the order of octets; compilers make it one load */
                eight = eight << 8 | octets[i];
            masks->quotes |= septet_gather_bits(septet_zero_octets(eight ^ '"' * each)) << at;
            masks->delimiters |= septet_gather_bits(septet_zero_octets(eight ^ delimiter * each)) << at;
            masks->feeds |= septet_gather_bits(septet_zero_octets(eight ^ '\n' * each)) << at;
            masks->returns |= septet_gather_bits(septet_zero_octets(eight ^ '\r' * each)) << at;
            masks->doubtful |= septet_gather_bits(eight & 0x80 * each) << at;
        }
    }
}

#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)
#include <immintrin.h>

#define SEPTET_MASKS_AVX2 __attribute__((target("avx2")))

#define septet_has_vector_masks() __builtin_cpu_supports("avx2")

SEPTET_MASKS_AVX2 static inline uint64_t septet_join_masks(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

SEPTET_MASKS_AVX2 static inline uint64_t septet_equal_mask(__m256i low, __m256i high, uint8_t octet)
{
    const __m256i wanted = _mm256_set1_epi8((char)octet);
    return septet_join_masks(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

/* The octets `count` places before those of `octets`; `before` are the 32 octets that precede these. */
#define septet_preceding(before, octets, count) \
    _mm256_alignr_epi8(octets, _mm256_permute2x128_si256(before, octets, 0x21), 16 - (count))

/* Not 0 in each of 32 octets at which an error is found. An error shows in the first 12 bits of two octets,
 * or in octets that must be, or must not be, the third or fourth of a character.
 */
SEPTET_MASKS_AVX2 static inline __m256i septet_utf8_errors(__m256i before, __m256i octets)
{
    enum {
        TOO_SHORT = 1, TOO_LONG = 2, OVERLONG_3 = 4, TOO_LARGE = 8, SURROGATE = 16, OVERLONG_2 = 32,
        TOO_LARGE_1000 = 64, OVERLONG_4 = 64, CONTINUATIONS = 128, ANY = TOO_SHORT | TOO_LONG | CONTINUATIONS,
        AFTER_F4 = ANY | TOO_LARGE | TOO_LARGE_1000, SECOND = TOO_LONG | OVERLONG_2 | CONTINUATIONS,
    };
    const __m256i first_high = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
        (char)CONTINUATIONS, (char)CONTINUATIONS, (char)CONTINUATIONS, (char)CONTINUATIONS,
        TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
        TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4));
    const __m256i first_low = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        (char)(ANY | OVERLONG_2 | OVERLONG_3 | OVERLONG_4), (char)(ANY | OVERLONG_2), (char)ANY, (char)ANY,
        (char)(ANY | TOO_LARGE), (char)AFTER_F4, (char)AFTER_F4, (char)AFTER_F4,
        (char)AFTER_F4, (char)AFTER_F4, (char)AFTER_F4, (char)AFTER_F4,
        (char)AFTER_F4, (char)(AFTER_F4 | SURROGATE), (char)AFTER_F4, (char)AFTER_F4));
    const __m256i second_high = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        (char)(SECOND | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4), (char)(SECOND | OVERLONG_3 | TOO_LARGE),
        (char)(SECOND | SURROGATE | TOO_LARGE), (char)(SECOND | SURROGATE | TOO_LARGE),
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT));
    const __m256i low_half = _mm256_set1_epi8(0x0F);
    const __m256i one_before = septet_preceding(before, octets, 1);
    const __m256i errors = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(first_high, _mm256_and_si256(_mm256_srli_epi16(one_before, 4), low_half)),
            _mm256_shuffle_epi8(first_low, _mm256_and_si256(one_before, low_half))),
        _mm256_shuffle_epi8(second_high, _mm256_and_si256(_mm256_srli_epi16(octets, 4), low_half)));
    /* Bit 7 where a third or fourth octet must be; two continuations are right there, and only there. */
    const __m256i third = _mm256_subs_epu8(septet_preceding(before, octets, 2), _mm256_set1_epi8(0xE0 - 0x80));
    const __m256i fourth = _mm256_subs_epu8(septet_preceding(before, octets, 3), _mm256_set1_epi8(0xF0 - 0x80));
    const __m256i expected = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(errors, expected);
}

SEPTET_MASKS_AVX2 static void septet_find_masks_vector(const uint8_t *octets, ptrdiff_t blocks,
                                                       uint8_t delimiter, septet_mask_state *state,
                                                       septet_masks *masks)
{
    __m256i before = _mm256_loadu_si256((const __m256i *)state->octets);
    uint64_t others_before = state->others;
    ptrdiff_t block;
    for (block = 0; block < blocks; block++, masks++, octets += SEPTET_MASK_OCTETS) {
        const __m256i low = _mm256_loadu_si256((const __m256i *)octets);
        const __m256i high = _mm256_loadu_si256((const __m256i *)(octets + 32));
        const uint64_t others = septet_join_masks(low, high);
        masks->quotes = septet_equal_mask(low, high, '"');
        masks->delimiters = septet_equal_mask(low, high, delimiter);
        masks->feeds = septet_equal_mask(low, high, '\n');
        masks->returns = septet_equal_mask(low, high, '\r');
        masks->doubtful = 0;
        if ((others | others_before) != 0) {
            const __m256i errors =
                _mm256_or_si256(septet_utf8_errors(before, low), septet_utf8_errors(low, high));
            masks->doubtful = _mm256_testz_si256(errors, errors) ? 0 : ~(uint64_t)0;
        }
        others_before = others >> (SEPTET_MASK_OCTETS - 3);
        before = high;
    }
    _mm256_storeu_si256((__m256i *)state->octets, before);
    state->others = others_before;
}

#elif defined(__AARCH64EL__) && defined(__ARM_NEON)
#include <arm_neon.h>

#define septet_has_vector_masks() 1

/* One bit of each of 64 octets, which are 0 or 0xFF. */
static inline uint64_t septet_pack_masks(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
    static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bit = vld1q_u8(bits);
    const uint8x16_t ab = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
    const uint8x16_t cd = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
    const uint8x16_t all = vpaddq_u8(ab, cd);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

static inline uint64_t septet_equal_mask(const uint8x16_t *octets, uint8_t octet)
{
    const uint8x16_t wanted = vdupq_n_u8(octet);
    return septet_pack_masks(vceqq_u8(octets[0], wanted), vceqq_u8(octets[1], wanted),
                             vceqq_u8(octets[2], wanted), vceqq_u8(octets[3], wanted));
}

static void septet_find_masks_vector(const uint8_t *octets, ptrdiff_t blocks, uint8_t delimiter,
                                     septet_mask_state *state, septet_masks *masks)
{
    const uint8x16_t first_other = vdupq_n_u8(0x80);
    ptrdiff_t block;
    (void)state; /* all octets that are not ASCII are doubtful */
    for (block = 0; block < blocks; block++, masks++, octets += SEPTET_MASK_OCTETS) {
        const uint8x16_t parts[4] = {
            vld1q_u8(octets), vld1q_u8(octets + 16), vld1q_u8(octets + 32), vld1q_u8(octets + 48),
        };
        masks->quotes = septet_equal_mask(parts, '"');
        masks->delimiters = septet_equal_mask(parts, delimiter);
        masks->feeds = septet_equal_mask(parts, '\n');
        masks->returns = septet_equal_mask(parts, '\r');
        masks->doubtful = septet_pack_masks(vcgeq_u8(parts[0], first_other), vcgeq_u8(parts[1], first_other),
                                            vcgeq_u8(parts[2], first_other), vcgeq_u8(parts[3], first_other));
    }
}

#else
#define septet_has_vector_masks() 0
#define septet_find_masks_vector septet_find_masks_portable
#endif

static int septet_use_vector_masks;

/* Choose the code to use; return whether it is vector code. */
static int septet_choose_masks(int only_portable)
{
    septet_use_vector_masks = !only_portable && septet_has_vector_masks();
    return septet_use_vector_masks;
}

/* Find the masks of blocks of 64 octets, which follow those of the state. */
static void septet_find_masks(const uint8_t *octets, ptrdiff_t blocks, uint8_t delimiter,
                              septet_mask_state *state, septet_masks *masks)
{
    if (septet_use_vector_masks)
        septet_find_masks_vector(octets, blocks, delimiter, state, masks);
    else
        septet_find_masks_portable(octets, blocks, delimiter, state, masks);
}

#endif
