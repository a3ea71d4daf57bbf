/* scan_tables.h: the tables that hold each character, filled once at import from standard.alphabets.
 *
 * One word for each character of the BMP (no table goes beyond it): bit L is set when the locking
 * table L holds the character, bit 16 + S when the single shift table S does. Table 0 is the
 * default alphabet, respectively its extension table.
 */
#ifndef SEPTET_SCAN_TABLES_H
#define SEPTET_SCAN_TABLES_H

#include <stdint.h>

#define SEPTET_SINGLE_BIT 16
#define SEPTET_TABLES 16

static uint32_t septet_tables[0x10000];

static inline uint32_t septet_tables_of(uint32_t c) { return c > 0xFFFF ? 0 : septet_tables[c]; }

static inline int septet_in_locking(uint32_t c, int locking)
{
    return (int)(septet_tables_of(c) >> locking & 1);
}

static inline int septet_in_single(uint32_t c, int single)
{
    return (int)(septet_tables_of(c) >> (SEPTET_SINGLE_BIT + single) & 1);
}

/* Septets that the default tables need for a character; 0 when they lack it. */
static inline int septet_default_cost(uint32_t c)
{
    return septet_in_locking(c, 0) ? 1 : septet_in_single(c, 0) ? 2 : 0;
}

#endif
