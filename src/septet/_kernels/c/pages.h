/* pages.h: values of Parquet pages in the plain encoding (Apache Parquet, "Encodings": PLAIN). */
#ifndef SEPTET_PAGES_H
#define SEPTET_PAGES_H

#include <stddef.h>
#include <stdint.h>

#define SEPTET_LENGTH_OCTETS 4

/* Return the length of the longest value; each follows its length, and the last one may be cut off. */
static uint32_t septet_longest_value(const uint8_t *page, ptrdiff_t size)
{
    uint32_t longest = 0;
    ptrdiff_t left = size;
    while (left >= SEPTET_LENGTH_OCTETS) {
        const uint8_t *const octets = page + (size - left);
        const uint32_t length = (uint32_t)octets[0] | (uint32_t)octets[1] << 8 | (uint32_t)octets[2] << 16
            | (uint32_t)octets[3] << 24;
        if (length > longest)
            longest = length;
        left -= SEPTET_LENGTH_OCTETS;
        if (length > (uint64_t)left)
            break;
        left -= (ptrdiff_t)length;
    }
    return longest;
}

#endif
