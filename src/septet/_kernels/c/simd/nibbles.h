/* nibbles.h: the look-up tables of the vector code, the same for every processor family.
 *
 * A Latin-1 character is looked up by its two halves of four bits. Rows of the code chart (high half)
 * with the same pattern of members share a bit: `septet_rows` has the bits of a row, `septet_low_half`
 * and `septet_high_half` those of a column, for code points below and above 0x80. Row AND column is not
 * 0 exactly if a table has the character; the bits for the extension table are in `septet_doubled_bits`.
 * `septet_plain_char` fills a block that has fewer characters.
 *
 * A character of two octets of UTF-8 is looked up at its second octet: by row and column as above, and by
 * the first octet, which keeps only the bits of its own rows. The only character of three octets, the
 * euro sign, is compared. Everything is derived from septet_tables at import.
 */
#ifndef SEPTET_NIBBLES_H
#define SEPTET_NIBBLES_H

#include <stdint.h>
#include <string.h>

#include "../scan_tables.h"
#include "../scan_types.h"

static uint8_t septet_rows[16] SEPTET_ALIGNED(16);
static uint8_t septet_low_half[16] SEPTET_ALIGNED(16);
static uint8_t septet_high_half[16] SEPTET_ALIGNED(16);
static uint8_t septet_doubled_bits;
static uint8_t septet_plain_char;
static uint8_t septet_first_octet[16] SEPTET_ALIGNED(16);
static uint8_t septet_second_rows[16] SEPTET_ALIGNED(16);
static uint8_t septet_second_columns[16] SEPTET_ALIGNED(16);
static uint8_t septet_three_octets[3];

/* Give every distinct pattern of members a bit: for characters of one septet from bit 0 upwards,
 * separately in each half; for those of two from bit 7 downwards, so that these bits are not shared.
 * Return 0 if eight bits are not enough, or if no ASCII character takes one septet.
 */
static int septet_derive_nibbles(void)
{
    enum { BELOW_0X80, FROM_0X80, DOUBLED, GROUPS };
    uint16_t patterns[GROUPS][8];
    int used[GROUPS] = {0}, row, column, cost;
    for (septet_plain_char = 0; septet_default_cost(septet_plain_char) != 1; septet_plain_char++)
        if (septet_plain_char == 0x7F)
            return 0;
    memset(septet_rows, 0, sizeof septet_rows);
    memset(septet_low_half, 0, sizeof septet_low_half);
    memset(septet_high_half, 0, sizeof septet_high_half);
    septet_doubled_bits = 0;
    for (row = 0; row < 16; row++) {
        uint8_t *columns = row < 8 ? septet_low_half : septet_high_half;
        for (cost = 1; cost <= 2; cost++) {
            const int group = cost == 2 ? DOUBLED : row < 8 ? BELOW_0X80 : FROM_0X80;
            uint16_t pattern = 0;
            int known = 0, bit;
            for (column = 0; column < 16; column++)
                if (septet_default_cost((uint32_t)(row << 4 | column)) == cost)
                    pattern |= (uint16_t)(1 << column);
            if (pattern == 0)
                continue;
            while (known < used[group] && patterns[group][known] != pattern)
                known++;
            if (known == 8)
                return 0;
            bit = 1 << (group == DOUBLED ? 7 - known : known);
            patterns[group][known] = pattern;
            if (known == used[group])
                used[group]++;
            if (group == DOUBLED)
                septet_doubled_bits |= (uint8_t)bit;
            septet_rows[row] |= (uint8_t)bit;
            for (column = 0; column < 16; column++)
                if (pattern >> column & 1)
                    columns[column] |= (uint8_t)bit;
        }
    }
    return used[BELOW_0X80] + used[DOUBLED] <= 8 && used[FROM_0X80] + used[DOUBLED] <= 8;
}

/* The same for octets of UTF-8. Return 0 if the tables do not fit: more than eight rows with members, a
 * character of two octets that takes two septets, or not exactly one character of three octets.
 */
static int septet_derive_octets(void)
{
    int row, column, used = 0, of_three = 0;
    uint32_t c;
    memset(septet_first_octet, 0, sizeof septet_first_octet);
    memset(septet_second_rows, 0, sizeof septet_second_rows);
    memset(septet_second_columns, 0, sizeof septet_second_columns);
    for (row = 0x80 >> 4; row < 0x400 >> 4; row++) {
        const int bit = 1 << used;
        int members = 0;
        for (column = 0; column < 16; column++) {
            const int cost = septet_default_cost((uint32_t)(row << 4 | column));
            if (cost == 2 || (cost && used == 8))
                return 0;
            if (cost) {
                septet_second_columns[column] |= (uint8_t)bit;
                members++;
            }
        }
        if (members) {
            septet_first_octet[row >> 2] |= (uint8_t)bit;
            septet_second_rows[8 | (row & 3)] |= (uint8_t)bit;
            used++;
        }
    }
    for (c = 0x400; c < 0x10000; c++) {
        if (septet_default_cost(c) == 0)
            continue;
        if (c < 0x800 || septet_default_cost(c) != 2 || of_three++)
            return 0;
        septet_three_octets[0] = (uint8_t)(0xE0 | c >> 12);
        septet_three_octets[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        septet_three_octets[2] = (uint8_t)(0x80 | (c & 0x3F));
    }
    return of_three == 1;
}

#endif
