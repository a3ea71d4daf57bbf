/* scan_classify.h: one pass over a text under the default tables, in portable code.
 *
 * Every classifier returns how many characters take two septets, or -1 when one is in neither
 * table. simd/dispatch.h chooses between these and vector code.
 */
#ifndef SEPTET_SCAN_CLASSIFY_H
#define SEPTET_SCAN_CLASSIFY_H

#include <stddef.h>
#include <stdint.h>

#include "scan_tables.h"

static uint8_t septet_latin1_cost[256];

static ptrdiff_t septet_classify_1_portable(const uint8_t *text, ptrdiff_t length)
{
    ptrdiff_t i, doubled = 0;
    for (i = 0; i < length; i++) {
        const int cost = septet_latin1_cost[text[i]];
        if (cost == 0)
            return -1;
        doubled += cost >> 1;
    }
    return doubled;
}

static ptrdiff_t septet_classify_2_portable(const uint16_t *text, ptrdiff_t length)
{
    ptrdiff_t i, doubled = 0;
    for (i = 0; i < length; i++) {
        const int cost = septet_default_cost(text[i]);
        if (cost == 0)
            return -1;
        doubled += cost >> 1;
    }
    return doubled;
}

static ptrdiff_t septet_classify_4(const uint32_t *text, ptrdiff_t length)
{
    ptrdiff_t i, doubled = 0;
    for (i = 0; i < length; i++) {
        const int cost = septet_default_cost(text[i]);
        if (cost == 0)
            return -1;
        doubled += cost >> 1;
    }
    return doubled;
}

static ptrdiff_t septet_count_astral_4(const uint32_t *text, ptrdiff_t length)
{
    ptrdiff_t at, astral = 0;
    /* Runs are short enough for a 32-bit counter, which compilers vectorise better. */
    for (at = 0; at < length; at += 0x8000) {
        const ptrdiff_t stop = length - at < 0x8000 ? length : at + 0x8000;
        uint32_t part = 0;
        ptrdiff_t i;
        for (i = at; i < stop; i++)
            part += (int32_t)text[i] > 0xFFFF; /* compared as signed numbers, for which SSE2 has an instruction */
        astral += part;
    }
    return astral;
}

/* Derive what the classifiers read, after septet_tables is filled. */
static void septet_prepare_classifiers(void)
{
    int c;
    for (c = 0; c < 256; c++)
        septet_latin1_cost[c] = (uint8_t)septet_default_cost((uint32_t)c);
}

#endif
