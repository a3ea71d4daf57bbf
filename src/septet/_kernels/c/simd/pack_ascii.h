/* pack_ascii.h: pack ASCII characters that take one septet each in the default alphabet.
 *
 * $, @ and _ have septets of their own there; the others are their own septets. There is vector code for SSE2,
 * which every x86-64 processor has.
 */
#ifndef SEPTET_PACK_ASCII_H
#define SEPTET_PACK_ASCII_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)

#include <emmintrin.h>

#define SEPTET_PACKS_ASCII 1

static inline __m128i septet_where(__m128i chars, char c, char value)
{
    return _mm_and_si128(_mm_cmpeq_epi8(chars, _mm_set1_epi8(c)), _mm_set1_epi8(value));
}

/* Pack 16 characters after `size` bits, which are the lowest of `bits`, to 14 octets, and two more that are
 * overwritten later; return the bits that are left.
 */
static inline uint64_t septet_pack_sixteen(__m128i chars, uint64_t bits, int size, uint8_t *octets)
{
    const __m128i changes = _mm_or_si128(
        _mm_or_si128(septet_where(chars, '$', '$' ^ 0x02), septet_where(chars, '@', '@')),
        septet_where(chars, '_', '_' ^ 0x11));
    const __m128i septets = _mm_xor_si128(chars, changes);
    const __m128i pairs = _mm_or_si128(
        _mm_and_si128(septets, _mm_set1_epi16(0x007F)),
        _mm_srli_epi16(_mm_and_si128(septets, _mm_set1_epi16(0x7F00)), 1));
    const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x40000001)); /* first + second * 0x4000 */
    const __m128i eights = _mm_sll_epi64(
        _mm_or_si128(
            _mm_and_si128(fours, _mm_set1_epi64x(0x0FFFFFFF)),
            _mm_srli_epi64(_mm_and_si128(fours, _mm_set1_epi64x(0x0FFFFFFF00000000)), 4)),
        _mm_cvtsi32_si128(size));
    const uint64_t first = bits | (uint64_t)_mm_cvtsi128_si64(eights);
    const uint64_t second = first >> 56 | (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(eights, eights));
    memcpy(octets, &first, 8);
    memcpy(octets + 7, &second, 8);
    return second >> 56;
}

/* Pack characters after some fill bits (0 to 6), which are zero; up to 16 octets after them are overwritten. */
static void septet_pack_ascii(const uint8_t *chars, ptrdiff_t count, int fill_bits, uint8_t *octets)
{
    const uint8_t *const stop = chars + count;
    uint64_t bits = 0, last[2] = {0, 0};
    int skipped;
    for (; stop - chars >= 16; chars += 16, octets += 14)
        bits = septet_pack_sixteen(_mm_loadu_si128((const __m128i *)(const void *)chars), bits, fill_bits, octets);
    if (count < 16) {
        memcpy(last, chars, (size_t)count);
    } else if (stop > chars) { /* reading the last 16 again takes less time than a copy */
        memcpy(last, stop - 16, 16);
        skipped = 8 * (int)(16 - (stop - chars));
        last[0] = skipped < 64 ? last[0] >> skipped | last[1] << (64 - skipped) : last[1] >> (skipped - 64);
        last[1] = skipped < 64 ? last[1] >> skipped : 0;
    }
    bits = septet_pack_sixteen(_mm_set_epi64x((long long)last[1], (long long)last[0]), bits, fill_bits, octets);
    octets[14] = (uint8_t)bits;
}

#else

#define SEPTET_PACKS_ASCII 0

static inline void septet_pack_ascii(const uint8_t *chars, ptrdiff_t count, int fill_bits, uint8_t *octets)
{
    (void)chars, (void)count, (void)fill_bits, (void)octets;
}

#endif

#endif
