/* delimited_masks.h: where the octets are that delimited text depends on, a bit for each of 64 octets.
 *
 * Vector code for each processor family, portable code, and the choice between them.
 */
#ifndef SEPTET_DELIMITED_MASKS_H
#define SEPTET_DELIMITED_MASKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SEPTET_MASK_OCTETS = 64 };

/* Bit 0 is the first octet. */
typedef struct {
    uint64_t quotes, delimiters, feeds, returns;
    uint64_t others; /* octets from 0x80 on: not ASCII */
} septet_masks;

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
                                       septet_masks *masks)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    ptrdiff_t block;
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
            masks->others |= septet_gather_bits(eight & 0x80 * each) << at;
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

SEPTET_MASKS_AVX2 static void septet_find_masks_vector(const uint8_t *octets, ptrdiff_t blocks,
                                                       uint8_t delimiter, septet_masks *masks)
{
    ptrdiff_t block;
    for (block = 0; block < blocks; block++, masks++, octets += SEPTET_MASK_OCTETS) {
        const __m256i low = _mm256_loadu_si256((const __m256i *)octets);
        const __m256i high = _mm256_loadu_si256((const __m256i *)(octets + 32));
        masks->quotes = septet_equal_mask(low, high, '"');
        masks->delimiters = septet_equal_mask(low, high, delimiter);
        masks->feeds = septet_equal_mask(low, high, '\n');
        masks->returns = septet_equal_mask(low, high, '\r');
        masks->others = septet_join_masks(low, high);
    }
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
                                     septet_masks *masks)
{
    const uint8x16_t first_other = vdupq_n_u8(0x80);
    ptrdiff_t block;
    for (block = 0; block < blocks; block++, masks++, octets += SEPTET_MASK_OCTETS) {
        const uint8x16_t parts[4] = {
            vld1q_u8(octets), vld1q_u8(octets + 16), vld1q_u8(octets + 32), vld1q_u8(octets + 48),
        };
        masks->quotes = septet_equal_mask(parts, '"');
        masks->delimiters = septet_equal_mask(parts, delimiter);
        masks->feeds = septet_equal_mask(parts, '\n');
        masks->returns = septet_equal_mask(parts, '\r');
        masks->others = septet_pack_masks(vcgeq_u8(parts[0], first_other), vcgeq_u8(parts[1], first_other),
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

/* Find the masks of blocks of 64 octets. */
static void septet_find_masks(const uint8_t *octets, ptrdiff_t blocks, uint8_t delimiter,
                              septet_masks *masks)
{
    if (septet_use_vector_masks)
        septet_find_masks_vector(octets, blocks, delimiter, masks);
    else
        septet_find_masks_portable(octets, blocks, delimiter, masks);
}

#endif
