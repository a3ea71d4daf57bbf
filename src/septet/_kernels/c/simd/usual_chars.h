/* usual_chars.h: pack characters that are their own septets in most locking tables.
 *
 * These are all printable ASCII but $, @, [ to ` and what follows z. Portable code, and SSE2, which every
 * x86-64 processor has.
 */
#ifndef SEPTET_USUAL_CHARS_H
#define SEPTET_USUAL_CHARS_H

#include <stdint.h>
#include <string.h>

#define SEPTET_USUAL_RUN 16 /* characters that are looked at together */

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

/* Each octet is compared by a sum, in its highest bit; an octet that has this bit is found before, so no
 * sum reaches the next octet unnoticed.
 */
static inline int septet_are_usual(uint64_t chars)
{
    const uint64_t each = 0x0101010101010101u, highest = each << 7;
#define SEPTET_FROM(c) (chars + each * (uint64_t)(0x80 - (c)))
    return !((chars | ~SEPTET_FROM(' ') | (SEPTET_FROM('$') & ~SEPTET_FROM('%'))
              | (SEPTET_FROM('@') & ~SEPTET_FROM('A')) | (SEPTET_FROM('[') & ~SEPTET_FROM('a')) | SEPTET_FROM('{'))
             & highest);
#undef SEPTET_FROM
}

static inline int septet_pack_usual_portable(const uint8_t *chars, uint64_t *packed)
{
    const uint64_t first = septet_load_eight(chars), second = septet_load_eight(chars + 8);
    packed[0] = septet_pack_eight(first);
    packed[1] = septet_pack_eight(second);
    return septet_are_usual(first) && septet_are_usual(second);
}

#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)

#include <emmintrin.h>

static inline int septet_pack_usual_vector(const uint8_t *chars, uint64_t *packed)
{
    const __m128i run = _mm_loadu_si128((const __m128i *)(const void *)chars);
    const __m128i brackets = _mm_and_si128(
        _mm_cmpgt_epi8(run, _mm_set1_epi8('Z')), _mm_cmplt_epi8(run, _mm_set1_epi8('a')));
    const __m128i others = _mm_or_si128(
        _mm_cmpeq_epi8(run, _mm_set1_epi8('$')), _mm_cmpeq_epi8(run, _mm_set1_epi8('@')));
    /* An octet from 0x80 on is negative. */
    const __m128i outside = _mm_or_si128(
        _mm_cmplt_epi8(run, _mm_set1_epi8(' ')), _mm_cmpgt_epi8(run, _mm_set1_epi8('z')));
    const __m128i pairs = _mm_or_si128(
        _mm_and_si128(run, _mm_set1_epi16(0x007F)),
        _mm_srli_epi16(_mm_and_si128(run, _mm_set1_epi16(0x7F00)), 1));
    const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x40000001)); /* first + second * 0x4000 */
    const __m128i eights = _mm_or_si128(
        _mm_and_si128(fours, _mm_set1_epi64x(0x0FFFFFFF)),
        _mm_srli_epi64(_mm_and_si128(fours, _mm_set1_epi64x(0x0FFFFFFF00000000)), 4));
    packed[0] = (uint64_t)_mm_cvtsi128_si64(eights);
    packed[1] = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(eights, eights));
    return !_mm_movemask_epi8(_mm_or_si128(outside, _mm_or_si128(brackets, others)));
}

#else
#define septet_pack_usual_vector septet_pack_usual_portable
#endif

/* Are these characters of Latin-1, SEPTET_USUAL_RUN of them, usual ones? `packed` receives the septets, 56
 * bits for each eight.
 */
static inline int septet_pack_usual(const uint8_t *chars, uint64_t *packed)
{
    return septet_pack_usual_vector(chars, packed);
}

#endif
