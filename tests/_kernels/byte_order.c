/* byte_order.c: count and encode texts that come on standard input, on a processor of any byte order.
 *
 * A line has the number of the rules (fuzz/rules.py), the number of characters, and each character in
 * hexadecimal. The line that is printed has the segments, the units, and the octets of the whole text as
 * one: packed septets if the rules choose the default alphabet, else code units. The result must be the
 * same for each width of character, and when the octets are read again.
 */
#include <inttypes.h>

#include "kernels.h"
#include "wire.h"

#include "alphabet.h" /* locking_chars and single_chars of the default alphabet */

enum { MAX_CHARS = 0x2000, WIDEST_CHAR = 4 };

static septet_table locking, single;

static void fill_table(septet_table *table, const uint16_t *chars)
{
    int septet;
    memset(table->septets, SEPTET_NOT_IN_TABLE, sizeof table->septets);
    memcpy(table->chars, chars, sizeof table->chars);
    for (septet = 0; septet < SEPTET_TABLE_SIZE; septet++)
        if (chars[septet])
            table->septets[chars[septet]] = (uint8_t)septet;
}

static uint32_t widest(const uint32_t *chars, ptrdiff_t count)
{
    uint32_t all = 0;
    while (count > 0)
        all |= chars[--count];
    return all;
}

/* A text of some width in memory of its size; the caller frees its data. */
static septet_text make_text(const uint32_t *chars, ptrdiff_t count, int width)
{
    uint8_t *const data = allocate((size_t)(count * width));
    const septet_text text = {data, count, width};
    ptrdiff_t i;
    for (i = 0; i < count; i++)
        switch (width) {
        case 1: data[i] = (uint8_t)chars[i]; break;
        case 2: ((uint16_t *)(void *)data)[i] = (uint16_t)chars[i]; break;
        default: ((uint32_t *)(void *)data)[i] = chars[i];
        }
    return text;
}

/* Write the octets of a text with default tables, or in UCS-2; return the end. */
static uint8_t *encode(const septet_text *text, ptrdiff_t units, int is_ucs2, uint8_t *octets)
{
    static uint8_t septets[2 * MAX_CHARS + SEPTET_OVERWRITTEN], again[2 * MAX_CHARS + SEPTET_OVERWRITTEN];
    static uint16_t chars[2 * MAX_CHARS];
    ptrdiff_t start = 0, i;
    if (is_ucs2) {
        septet_write_units(text, 0, text->length, octets);
        return octets + 2 * units;
    }
    EXPECT(septet_write_septets(text, &start, text->length, &locking, &single, septets) == units);
    septet_write_packed(text, 0, text->length, &locking, &single, 0, octets);
    septet_unpack(octets, units, 0, again);
    EXPECT(memcmp(septets, again, (size_t)units) == 0);
    start = 0;
    EXPECT(septet_read_septets(septets, &start, units, &locking, &single, 1, chars) == text->length);
    for (i = 0; i < text->length; i++)
        EXPECT(chars[i] == septet_char(text, i));
    return octets + septet_packed_size(units, 0);
}

int main(void)
{
    static uint32_t chars[MAX_CHARS];
    static uint8_t octets[WIDEST_CHAR + 1][4 * MAX_CHARS + SEPTET_OVERWRITTEN];
    unsigned number;
    ptrdiff_t count, i;
    take_way(PORTABLE);
    fill_table(&locking, locking_chars);
    fill_table(&single, single_chars);
    while (scanf("%u %td", &number, &count) == 2 && count <= MAX_CHARS) {
        const septet_rules *const rules = pick_rules((uint8_t)number);
        septet_text_facts facts = {0, 0, 0};
        ptrdiff_t size = 0;
        int width;
        for (i = 0; i < count; i++)
            if (scanf("%" SCNx32, &chars[i]) != 1)
                return 2;
        for (width = WIDEST_CHAR; width && (width == WIDEST_CHAR || !(widest(chars, count) >> 8 * width)); width /= 2) {
            const septet_text text = make_text(chars, count, width);
            const septet_text_facts found = septet_count_text(&text, rules);
            if (width == WIDEST_CHAR)
                facts = found;
            EXPECT(found.segments == facts.segments && found.units == facts.units && found.is_ucs2 == facts.is_ucs2);
            if (rules == all_rules || facts.is_ucs2) {
                size = encode(&text, facts.units, facts.is_ucs2, octets[width]) - octets[width];
                EXPECT(memcmp(octets[WIDEST_CHAR], octets[width], (size_t)size) == 0);
            }
            free((void *)(uintptr_t)text.data);
        }
        printf("%td %td ", facts.segments, facts.units);
        for (i = 0; i < size; i++)
            printf("%02x", octets[WIDEST_CHAR][i]);
        printf("\n");
    }
    return feof(stdin) ? 0 : 2;
}
