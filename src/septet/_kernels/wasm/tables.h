/* tables.h: fills the tables that count from compact data, once, before the first text.
 *
 * tools/browser_data.py writes the data. Numbers have seven bits in each octet, the lowest first; the highest bit
 * says that another octet follows.
 */
#ifndef SEPTET_WASM_TABLES_H
#define SEPTET_WASM_TABLES_H

#include <stdint.h>

#include "../c/scan_choice.h"
#include "data.h"

static uint32_t septet_read_number(const uint8_t **at)
{
    uint32_t number = 0;
    int shift = 0;
    uint8_t octet;
    do {
        octet = *(*at)++;
        number |= (uint32_t)(octet & 0x7F) << shift;
        shift += 7;
    } while (octet & 0x80);
    return number;
}

/* Where the tables have a character: planes 0 and 1, the tags, all others (see scan_types.h). */
static inline uint32_t septet_class_index(uint32_t c)
{
    const uint32_t tag = c - SEPTET_FIRST_TAG;
    if (c < SEPTET_CLASS_PLANES)
        return c;
    return SEPTET_CLASS_PLANES + (tag < SEPTET_CLASS_TAGS ? tag : SEPTET_CLASS_TAGS);
}

/* Runs of characters: how many are between a run and the one before, and its length less one with its value in the
 * lowest `bits`. The highest value means two: the first one of each 28 syllables of Hangul has `lv`, the others
 * have `lvt`.
 */
static void septet_fill_runs(uint8_t *values, const uint8_t *data, int bits, int lv, int lvt)
{
    const uint32_t syllables = (1u << bits) - 1;
    uint32_t runs = septet_read_number(&data), index = 0, i;
    while (runs--) {
        uint32_t word, value, length;
        index += septet_read_number(&data);
        word = septet_read_number(&data);
        value = word & syllables;
        length = (word >> bits) + 1;
        for (i = 0; i < length; i++)
            values[index + i] = (uint8_t)(value != syllables ? value : i % 28 == 0 ? (uint32_t)lv : (uint32_t)lvt);
        index += length;
    }
}

static uint8_t septet_classes[2][SEPTET_CLASSES_LENGTH];
static septet_clusters septet_cluster_tables[2]; /* of Unicode, and of "unicode-10" */

static void septet_fill_clusters(int which, const uint8_t *classes, int lv, int lvt, const uint8_t *transitions,
                                 const uint32_t *certain)
{
    int c;
    septet_fill_runs(septet_classes[which], classes, 5, lv, lvt);
    septet_cluster_tables[which].classes = septet_classes[which];
    septet_cluster_tables[which].transitions = transitions;
    for (c = 0; c < SEPTET_CLUSTER_WIDTH; c++)
        septet_cluster_tables[which].certain[c] = certain[c];
}

/* Runs of characters that are in the same tables: as above, but the value is an index of the masks. */
static void septet_fill_alphabets(void)
{
    const uint8_t *data = septet_alphabet_data;
    uint32_t runs = septet_read_number(&data), c = 0;
    while (runs--) {
        uint32_t length, mask;
        c += septet_read_number(&data);
        length = septet_read_number(&data) + 1;
        for (mask = septet_alphabet_masks[septet_read_number(&data)]; length > 0; length--)
            septet_tables[c++] = mask;
    }
}

static void septet_fill_counting_tables(void)
{
    septet_fill_alphabets();
    septet_prepare_languages();
    septet_choose_code(SEPTET_PORTABLE_CODE);
    septet_fill_clusters(0, septet_class_data, SEPTET_LV, SEPTET_LVT, septet_transition_data, septet_certain_data);
    septet_fill_clusters(1, septet_class_10_data, SEPTET_LV_10, SEPTET_LVT_10, septet_transition_10_data,
                         septet_certain_10_data);
}

#endif
