/* utf8_avx2.h: check UTF-8, 32 octets at a time.
 *
 * The algorithm is that of Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2020):
 * three look-ups, by both halves of an octet and by the first half of the next one, give a bit for each kind
 * of fault, which is there if all three have it.
 */
#ifndef SEPTET_UTF8_AVX2_H
#define SEPTET_UTF8_AVX2_H

#if !((defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__))
#error "utf8_avx2.h needs GCC or Clang for x86-64; include dispatch.h, which chooses"
#endif

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SEPTET_UTF8_AVX2 __attribute__((target("avx2"))) static inline

enum {
    UTF8_TOO_SHORT = 1 << 0, /* a lead octet, or the middle of a character, before another character */
    UTF8_TOO_LONG = 1 << 1, /* a continuation octet after a character of one octet */
    UTF8_OVERLONG_3 = 1 << 2,
    UTF8_TOO_LARGE = 1 << 3, /* from U+110000 on, second octet 0x90 or more */
    UTF8_SURROGATE = 1 << 4,
    UTF8_OVERLONG_2 = 1 << 5,
    UTF8_TOO_LARGE_8 = 1 << 6, /* from U+140000 on, second octet 0x80 to 0x8F */
    UTF8_OVERLONG_4 = 1 << 6,
    UTF8_TWO_CONTINUATIONS = 1 << 7, /* no fault in the third and fourth octet of a character */
    UTF8_ANY_LOW = UTF8_TOO_SHORT | UTF8_TOO_LONG | UTF8_TWO_CONTINUATIONS,
    UTF8_LARGE = UTF8_ANY_LOW | UTF8_TOO_LARGE | UTF8_TOO_LARGE_8,
    UTF8_SECOND = UTF8_TOO_LONG | UTF8_OVERLONG_2 | UTF8_TWO_CONTINUATIONS
};

/* Faults by the first half of an octet, by its second half, and by the first half of the next octet. */
static const uint8_t septet_faults[3][16] = {
    {UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG,
     UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TWO_CONTINUATIONS, UTF8_TWO_CONTINUATIONS,
     UTF8_TWO_CONTINUATIONS, UTF8_TWO_CONTINUATIONS, UTF8_TOO_SHORT | UTF8_OVERLONG_2,
     UTF8_TOO_SHORT, UTF8_TOO_SHORT | UTF8_OVERLONG_3 | UTF8_SURROGATE,
     UTF8_TOO_SHORT | UTF8_TOO_LARGE | UTF8_TOO_LARGE_8 | UTF8_OVERLONG_4},
    {UTF8_ANY_LOW | UTF8_OVERLONG_2 | UTF8_OVERLONG_3 | UTF8_OVERLONG_4,
     UTF8_ANY_LOW | UTF8_OVERLONG_2, UTF8_ANY_LOW, UTF8_ANY_LOW, UTF8_ANY_LOW | UTF8_TOO_LARGE,
     UTF8_LARGE, UTF8_LARGE, UTF8_LARGE, UTF8_LARGE, UTF8_LARGE, UTF8_LARGE, UTF8_LARGE,
     UTF8_LARGE, UTF8_LARGE | UTF8_SURROGATE, UTF8_LARGE, UTF8_LARGE},
    {UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT,
     UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT,
     UTF8_SECOND | UTF8_OVERLONG_3 | UTF8_TOO_LARGE_8 | UTF8_OVERLONG_4,
     UTF8_SECOND | UTF8_OVERLONG_3 | UTF8_TOO_LARGE,
     UTF8_SECOND | UTF8_SURROGATE | UTF8_TOO_LARGE,
     UTF8_SECOND | UTF8_SURROGATE | UTF8_TOO_LARGE, UTF8_TOO_SHORT, UTF8_TOO_SHORT,
     UTF8_TOO_SHORT, UTF8_TOO_SHORT},
};

SEPTET_UTF8_AVX2 __m256i septet_look_up_faults(int table, __m256i halves)
{
    const __m128i faults = _mm_loadu_si128((const __m128i *)septet_faults[table]);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(faults), halves);
}

SEPTET_UTF8_AVX2 __m256i septet_first_halves(__m256i octets)
{
    return _mm256_and_si256(_mm256_srli_epi16(octets, 4), _mm256_set1_epi8(0x0F));
}

/* Return the faults in some octets, given the 32 before them. */
SEPTET_UTF8_AVX2 __m256i septet_find_faults(__m256i octets, __m256i before)
{
    const __m256i across = _mm256_permute2x128_si256(before, octets, 0x21);
    const __m256i one_before = _mm256_alignr_epi8(octets, across, 15);
    const __m256i two_before = _mm256_alignr_epi8(octets, across, 14);
    const __m256i three_before = _mm256_alignr_epi8(octets, across, 13);
    const __m256i pairs = _mm256_and_si256(
        _mm256_and_si256(
            septet_look_up_faults(0, septet_first_halves(one_before)),
            septet_look_up_faults(1, _mm256_and_si256(one_before, _mm256_set1_epi8(0x0F)))),
        septet_look_up_faults(2, septet_first_halves(octets)));
    /* The third and fourth octet of a character follow a continuation octet; no others may. */
    const __m256i third = _mm256_subs_epu8(two_before, _mm256_set1_epi8((char)(0xE0 - 0x80)));
    const __m256i fourth = _mm256_subs_epu8(three_before, _mm256_set1_epi8((char)(0xF0 - 0x80)));
    const __m256i late = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(late, pairs);
}

/* Return whether octets are UTF-8. */
SEPTET_UTF8_AVX2 int septet_is_utf8_vector(const uint8_t *octets, ptrdiff_t length)
{
    __m256i faults = _mm256_setzero_si256(), before = _mm256_setzero_si256();
    uint8_t end[32] = {0};
    ptrdiff_t at = 0;
    for (; at + 32 <= length; at += 32) {
        const __m256i now = _mm256_loadu_si256((const __m256i *)(octets + at));
        /* Of plain octets only the first three can have a fault. */
        if (_mm256_movemask_epi8(_mm256_or_si256(now, before)) != 0)
            faults = _mm256_or_si256(faults, septet_find_faults(now, before));
        before = now;
    }
    /* Zeros follow, so that a character that is cut off has a fault. */
    if (at < length)
        memcpy(end, octets + at, (size_t)(length - at));
    faults = _mm256_or_si256(
        faults, septet_find_faults(_mm256_loadu_si256((const __m256i *)end), before));
    if (length - at > 29) {
        before = _mm256_loadu_si256((const __m256i *)end);
        faults = _mm256_or_si256(faults, septet_find_faults(_mm256_setzero_si256(), before));
    }
    return _mm256_testz_si256(faults, faults);
}

#endif
