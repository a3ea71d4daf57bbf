/* vector_code.c: vector code against portable code, on every character and on awkward texts.
 *
 * The words of septet_tables come on standard input. What is printed is the name of the vector code
 * and how many answers were compared, or the first text on which two answers differ.
 *
 * Texts lie between pages that cannot be touched, or in memory of just their size: a read outside
 * of them ends the program, in the first case by itself, in the second under a sanitizer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scan_column.h"
#include "simd/pack_ascii.h"

#define LENGTH_OF(array) ((ptrdiff_t)(sizeof(array) / sizeof *(array)))

static long comparisons;

static uint32_t below(uint32_t limit)
{
    static uint64_t state = 23038;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % limit;
}

static void expect(int is_equal, const char *function, const void *text, ptrdiff_t size)
{
    ptrdiff_t i;
    comparisons++;
    if (is_equal)
        return;
    printf("%s differs on %td octets:", function, size);
    for (i = 0; i < size; i++)
        printf(" %02X", ((const uint8_t *)text)[i]);
    printf("\n");
    exit(1);
}

/* Where a text lies. */
enum { AT_END, AT_START, ALONE, PLACES };
#define ROOM 0x40000

/* A copy of a text, valid until the next one. */
static void *put(const void *text, ptrdiff_t size, int place)
{
    static uint8_t *room;
    static void *alone;
    free(alone);
    alone = NULL;
    if (room == NULL) {
        const ptrdiff_t page = sysconf(_SC_PAGESIZE);
        room = mmap(NULL, (size_t)(ROOM + 2 * page), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (room == MAP_FAILED || mprotect(room += page, ROOM, PROT_READ | PROT_WRITE))
            exit(2);
    }
    if (place == ALONE)
        return memcpy(alone = malloc((size_t)size), text, (size_t)size);
    return memcpy(place == AT_END ? room + ROOM - size : room, text, (size_t)size);
}

static void compare_latin1(const uint8_t *text, ptrdiff_t length, int place)
{
    const uint8_t *const copy = put(text, length, place);
    expect(septet_classify_1(copy, length) == septet_classify_1_portable(copy, length),
           "septet_classify_1", copy, length);
}

static void compare_ucs2(const uint16_t *text, ptrdiff_t length, int place)
{
    const uint16_t *const copy = put(text, length * 2, place);
    expect(septet_classify_2(copy, length) == septet_classify_2_portable(copy, length),
           "septet_classify_2", copy, length * 2);
}

/* A row as a batch of one, and its octets in a map. */
static void compare_batch(const uint8_t *octets, ptrdiff_t length, ptrdiff_t more, const septet_row *wanted)
{
    static septet_batch batch;
    static septet_plain_map map;
    const int is_plain = septet_plain_prefix_portable(octets, length) == length;
    uint32_t before = 0;
    ptrdiff_t at;
    batch.rows = 1;
    batch.octets[0] = octets;
    batch.ends[0] = octets + length + more;
    batch.lengths[0] = (int32_t)length;
    septet_search_rows(&batch);
    expect(batch.other_count == !is_plain, "septet_search_rows", octets, length);
    septet_measure_batch(&batch);
    expect(batch.is_ucs2[0] == !wanted->is_gsm7 && batch.units[0] == wanted->units
           && batch.doubled[0] == (is_plain ? 0 : wanted->doubled), "septet_measure_batch", octets, length);
    if (length > SEPTET_BATCH_OCTETS)
        return;
    septet_map_plain(octets, length, &map);
    for (at = 0; at <= length; at++) {
        if (at % 64 == 0)
            expect(map.before[at / 64] == before, "septet_map_plain", octets, length);
        if (at < length) {
            const int is_other = septet_plain_prefix_portable(octets + at, 1) == 0;
            expect((int)(map.others[at / 64] >> at % 64 & 1) == is_other, "septet_map_plain", octets, length);
            before += (uint32_t)is_other;
        }
    }
}

/* A row of a column that goes on for `more` octets. */
static void compare_row(const uint8_t *octets, ptrdiff_t length, ptrdiff_t more, int place)
{
    const uint8_t *const copy = put(octets, length + more, place);
    const septet_row wanted = septet_measure_row_portable(copy, length);
    const ptrdiff_t plain = septet_plain_prefix_portable(copy, length);
    ptrdiff_t known = plain;
    expect(septet_plain_prefix(copy, length) == plain, "septet_plain_prefix", copy, length);
    if (septet_use_batches()) {
        int wide = septet_use_wide;
        for (; septet_use_wide >= 0; septet_use_wide--)
            compare_batch(copy, length, more, &wanted);
        septet_use_wide = wide;
    }
    for (;;) {
        const septet_row found = septet_measure_row(copy, length, known, copy + length + more);
        expect(found.is_gsm7 == wanted.is_gsm7 && found.units == wanted.units
               && found.doubled == wanted.doubled, "septet_measure_row", copy, length);
        if (known == 0)
            return;
        known = (ptrdiff_t)below((uint32_t)known);
    }
}

static ptrdiff_t encode(uint32_t c, uint8_t *octets)
{
    const int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    int i;
    octets[0] = (uint8_t)(more ? 0xF00u >> more | c >> 6 * more : c);
    for (i = 1; i <= more; i++)
        octets[i] = (uint8_t)(0x80 | (c >> 6 * (more - i) & 0x3F));
    return more + 1;
}

/* Among plain characters, at every place of two vectors; beyond the BMP at one of them. */
static void compare_every_code_point(void)
{
    enum { PLACES_OF_TWO = 32, AROUND = 48 };
    uint8_t latin1[AROUND], octets[AROUND + 3];
    uint16_t ucs2[AROUND];
    uint32_t c;
    int i, at;
    for (c = 0; c <= 0x10FFFF; c++) {
        for (at = c > 0xFFFF ? (int)c % PLACES_OF_TWO : 0; at < PLACES_OF_TWO; at++) {
            uint8_t character[4];
            const ptrdiff_t size = encode(c, character);
            memset(octets, 'a', sizeof octets);
            memcpy(octets + at, character, (size_t)size);
            compare_row(octets, AROUND - 1 + size, 0, AT_END);
            if (c > 0xFFFF)
                break;
            for (i = 0; i < AROUND; i++)
                ucs2[i] = 'a';
            ucs2[at] = (uint16_t)c;
            compare_ucs2(ucs2, AROUND, AT_END);
            if (c > 0xFF)
                continue;
            memset(latin1, 'a', sizeof latin1);
            latin1[at] = (uint8_t)c;
            compare_latin1(latin1, AROUND, AT_END);
        }
    }
}

/* Across the borders of vectors and at the ends of a row, also where a euro or an accent may be. */
static void compare_every_pair(void)
{
    static const ptrdiff_t places[] = {0, 13, 14, 15, 30, 31, 61, 62, 63, 65};
    static const uint8_t around[][2] = {{'a', 'a'}, {0xE2, 'a'}, {'a', 0x80}, {0xC3, 0xAC}};
    uint8_t octets[68];
    uint32_t pair;
    ptrdiff_t place, kind;
    for (pair = 0; pair < 0x10000; pair++) {
        for (place = 0; place < LENGTH_OF(places); place++) {
            uint8_t *const at = octets + places[place];
            for (kind = 0; kind < LENGTH_OF(around); kind++) {
                memset(octets, 'a', sizeof octets);
                at[0] = around[kind][0];
                at[1] = (uint8_t)(pair >> 8);
                at[2] = (uint8_t)pair;
                if (at + 3 < octets + sizeof octets)
                    at[3] = around[kind][1];
                compare_row(octets, sizeof octets, 0, AT_END);
            }
            compare_latin1(octets, sizeof octets, AT_END);
        }
    }
}

/* From the plainest to what is no UTF-8. */
static const char *const pieces[] = {
    "a", "Z", "7", " ", "\n", "@", "_",
    "[", "]", "{", "|", "~", "\\", "^", "\f",
    "\u00E9", "\u00E4", "\u00A1", "\u00C7", "\u0394", "\u03A9",
    "\u20AC",
    "`", "\t", "\x1B", "\u00E7", "\u00A0", "\u03B1", "\u0436", "\u2019", "\u20AD", "\u6F22", "\uFFFF",
    "\U0001F600", "\U00010000", "\U0010FFFF",
    "\x80", "\xAC", "\x82\xAC", "\xC3", "\xC3\xC3", "\xCE\x80", "\xC0\x80", "\xC1\xBF", "\xE2", "\xE2\x82",
    "\xE2\xAC", "\xE2\x82\x82\xAC", "\xE0\x82\xA9", "\xED\xA0\x80", "\xF0\x9F", "\xF0\x82\x82\xAC",
    "\xF4\x90\x80\x80", "\xF8\x80\x80\x80\x80", "\xFF",
};
static const ptrdiff_t kinds[] = {7, 15, 21, 22, 33, 36, LENGTH_OF(pieces)};

/* Fill with pieces, up to one kind of them, one in `rare` other than plain; the last may be cut. */
static void fill(uint8_t *octets, ptrdiff_t size)
{
    const uint32_t limit = (uint32_t)kinds[below((uint32_t)LENGTH_OF(kinds))], rare = 1 + below(30);
    ptrdiff_t at = 0;
    while (at < size) {
        const char *const piece = pieces[below(below(rare) ? (uint32_t)kinds[0] : limit)];
        const ptrdiff_t length = (ptrdiff_t)strlen(piece);
        memcpy(octets + at, piece, (size_t)(length < size - at ? length : size - at));
        at += length;
    }
}

/* One text as each kind of input: its octets as they are, and its characters up to U+FFFF. */
static void compare_text(const uint8_t *octets, ptrdiff_t length, ptrdiff_t more)
{
    uint16_t *const ucs2 = malloc((size_t)length * 2 + 1);
    uint8_t *const latin1 = malloc((size_t)length + 1);
    ptrdiff_t at = 0, wide = 0, narrow = 0;
    int place;
    while (at < length) {
        const uint32_t c = septet_decode_char(octets, length, &at);
        if (c <= 0xFFFF)
            ucs2[wide++] = (uint16_t)c;
        if (c <= 0xFF)
            latin1[narrow++] = (uint8_t)c;
    }
    for (place = 0; place < PLACES; place++) {
        compare_row(octets, length, more, place);
        compare_latin1(octets, length, place);
        compare_latin1(latin1, narrow, place);
        compare_ucs2(ucs2, wide, place);
    }
    free(latin1);
    free(ucs2);
}

static void compare_every_length(void)
{
    uint8_t octets[250];
    ptrdiff_t length;
    int i;
    for (length = 0; length <= 200; length++) {
        for (i = 0; i < 300; i++) {
            fill(octets, sizeof octets);
            compare_text(octets, length, i % 3 ? 0 : below(sizeof octets - 200));
        }
    }
}

/* More than a lane of eight bits can count, of each piece by itself and of a mix. */
static void compare_long_texts(void)
{
    enum { LONGEST = 0x8000 };
    static const ptrdiff_t sizes[] = {4079, 4080, 4081, 4096, 8159, 8161, 8192, LONGEST};
    uint8_t *const octets = malloc(LONGEST + 8);
    ptrdiff_t piece, size, at;
    for (piece = 0; piece < LENGTH_OF(pieces); piece++) {
        const ptrdiff_t length = (ptrdiff_t)strlen(pieces[piece]);
        for (at = 0; at < LONGEST; at += length)
            memcpy(octets + at, pieces[piece], (size_t)length + 1);
        for (size = 0; size < LENGTH_OF(sizes); size++) {
            compare_text(octets, sizes[size], 0);
            compare_text(octets, sizes[size] / length * length, 0);
        }
    }
    for (piece = 0; piece < 200; piece++) {
        size = below(LONGEST);
        fill(octets, size);
        compare_text(octets, size, 0);
    }
    free(octets);
}

/* The same rows in each layout, counted without vector code, with it, and with the widest. */
static void compare_columns(void)
{
    enum { ROWS = 700, OCTETS = 0x10000, VIEW = 16, INLINE = 12, WAYS = SEPTET_WIDEST_CODE + 1 };
    static const septet_layout layouts[] = {SEPTET_UTF8, SEPTET_LARGE_UTF8, SEPTET_UTF8_VIEW};
    static const septet_pair pair = {{0, 0}, {160, 153}};
    static const septet_rules rules = {&pair, 1, 1, {70, 67}, NULL, 0, NULL};
    static uint8_t octets[OCTETS];
    int turn, way;
    ptrdiff_t row, layout;
    for (turn = 0; turn < 200; turn++) {
        const ptrdiff_t rows = below(ROWS), longest = 1 + below(turn % 4 ? 200 : 3000);
        int32_t offsets[ROWS + 1] = {0}, fields[ROWS][VIEW / 4] = {{0}};
        int64_t large[ROWS + 1] = {0};
        uint8_t validity[ROWS / 8 + 1];
        int64_t size;
        const uint8_t *values;
        for (row = 0; row < rows; row++) {
            const int32_t begin = offsets[row], room = OCTETS - begin;
            int32_t length = (int32_t)below((uint32_t)longest);
            length = length < room ? length : room;
            fill(octets + begin, length);
            large[row + 1] = offsets[row + 1] = begin + length;
            fields[row][0] = length;
            fields[row][3] = begin;
            if (length <= INLINE)
                memcpy(fields[row] + 1, octets + begin, (size_t)length);
            validity[row >> 3] = (uint8_t)below(256);
        }
        size = offsets[rows];
        values = put(octets, size, turn % PLACES);
        for (layout = 0; layout < LENGTH_OF(layouts); layout++) {
            const septet_column column = {
                layouts[layout],
                layout == 0 ? (const void *)offsets : layout == 1 ? (const void *)large : fields,
                values, &values, &size, 1, below(2) ? validity : NULL,
            };
            const ptrdiff_t first = below((uint32_t)rows + 1);
            const ptrdiff_t stop = first + below((uint32_t)(rows - first) + 1);
            const int with_units = (int)below(2);
            int32_t segments[WAYS][ROWS] = {{0}}, units[WAYS][ROWS] = {{0}};
            uint8_t encodings[WAYS][ROWS] = {{0}};
            for (way = 0; way < WAYS; way++) {
                septet_outcome outcome;
                ptrdiff_t reached;
                const septet_facts facts = {
                    segments[way], with_units ? units[way] : NULL, encodings[way],
                };
                septet_choose_code((septet_code)way);
                outcome = septet_count_column(&column, first, stop, &rules, &facts, &reached);
                expect(outcome == SEPTET_FINE && reached == stop
                       && !memcmp(segments[0], segments[way], sizeof *segments)
                       && !memcmp(units[0], units[way], sizeof *units)
                       && !memcmp(encodings[0], encodings[way], sizeof *encodings),
                       "septet_count_column", values, size);
            }
        }
    }
}

/* Tables that the look-ups cannot express leave everything, or rows of UTF-8, to portable code. */
static void check_choices(void)
{
    enum { MOST = 0x80, SINGLE = 1 << SEPTET_SINGLE_BIT };
    static const struct { uint32_t c, step, count, word; int vector, utf8; } tables[] = {
        {0x00E9, 0, 1, SINGLE, 0, 0},    /* one pattern of members more than there are bits */
        {0x0035, 0x11, 1, 0, 1, 1},      /* below U+0080 as many as there are */
        {0x0035, 0x11, 2, 0, 0, 0},      /* and one more */
        {0x0010, 0x11, 9, SINGLE, 0, 0}, /* too many of characters of two septets alone */
        {0x0000, 1, MOST, 0, 0, 0},      /* no ASCII character */
        {0x20AD, 0, 1, SINGLE, 1, 0},    /* another character of three octets */
        {0x0400, 0, 1, 1, 1, 0},         /* one of two octets beyond the first octets looked up */
        {0x0100, 0, 1, 1, 1, 0},         /* one row of these more than there are bits */
        {0x0394, 0, 1, SINGLE, 1, 0},    /* one of them that takes two septets */
        {'a', 0, 1, 1, 1, 1},
    };
    uint32_t words[MOST], at;
    ptrdiff_t i;
    for (i = 0; i < LENGTH_OF(tables); i++) {
        for (at = 0; at < tables[i].count; at++) {
            uint32_t *const word = septet_tables + tables[i].c + at * tables[i].step;
            words[at] = *word;
            *word = tables[i].word;
        }
        expect(!strcmp(septet_choose_code(SEPTET_VECTOR_CODE), tables[i].vector ? SEPTET_VECTOR : "portable")
               && septet_use_vector_utf8 == tables[i].utf8,
               "septet_choose_code", &tables[i].c, sizeof tables[i].c);
        expect(!strcmp(septet_choose_code(SEPTET_PORTABLE_CODE), "portable"), "septet_choose_code", &i, 0);
        for (at = 0; at < tables[i].count; at++)
            septet_tables[tables[i].c + at * tables[i].step] = words[at];
    }
}

#ifdef SEPTET_HAS_UTF8_VECTOR
/* Compare the checks of valid UTF-8, with single octets replaced, and cut off anywhere. */
static void compare_utf8_checks(void)
{
    static const char *const characters[] = {
        "a", "plain text of some length", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF1\x80\x80\x80", "\xF4\x8F\xBF\xBF",
    };
    static const uint8_t edges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
                                    0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFF};
    uint8_t text[256];
    uint32_t three;
    long round;
    for (round = 0; round < 300000; round++) {
        const size_t length = below(150);
        size_t size = 0, i;
        int is_valid;
        uint8_t *octets; /* exactly as long as the text, for the sanitizers */
        while (size < length) {
            const char *const more = characters[below((uint32_t)LENGTH_OF(characters))];
            memcpy(text + size, more, strlen(more));
            size += strlen(more);
        }
        for (i = below(3); i > 0 && size > 0; i--)
            text[below((uint32_t)size)] = edges[below((uint32_t)LENGTH_OF(edges))];
        size -= size < 4 ? 0 : below(4);
        octets = malloc(size + 1);
        if (octets == NULL)
            exit(2);
        memcpy(octets + 1, text, size);
        is_valid = septet_is_utf8_portable(octets + 1, (ptrdiff_t)size);
        expect(septet_is_utf8_vector(octets + 1, (ptrdiff_t)size) == is_valid, "septet_is_utf8_vector", text, size);
        expect(septet_is_utf8(octets + 1, (ptrdiff_t)size) == is_valid, "septet_is_utf8", text, size);
        free(octets);
    }
    /* Three octets of any kind, over the end of 32. */
    memset(text, 'a', sizeof text);
    for (three = 0; three < 0x1000000; three += 1 + below(8)) {
        uint8_t *const at = text + 29 + three % 4;
        at[0] = (uint8_t)(three >> 16);
        at[1] = (uint8_t)(three >> 8);
        at[2] = (uint8_t)three;
        expect(septet_is_utf8_vector(text, 40) == septet_is_utf8_portable(text, 40), "septet_is_utf8_vector",
               text, 40);
        memset(at, 'a', 3);
    }
}
#endif

#if SEPTET_PACKS_ASCII
/* Texts of every length after every number of fill bits, beside one bit at a time. */
static void compare_packed_ascii(void)
{
    static const char characters[] = "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@AMYZ_abmxyz";
    uint8_t expected[160], packed[160];
    ptrdiff_t length, i;
    int fill_bits, bit, round;
    for (round = 0; round < 20; round++)
        for (length = 0; length <= 160; length++)
            for (fill_bits = 0; fill_bits < 7; fill_bits++) {
                const size_t size = (size_t)(fill_bits + 7 * length + 7) / 8;
                uint8_t *const chars = malloc((size_t)length + 1); /* exactly as long, for the sanitizers */
                if (chars == NULL)
                    exit(2);
                memset(expected, 0, sizeof expected);
                for (i = 0; i < length; i++) {
                    const char c = characters[below(sizeof characters - 1)];
                    const int septet = c == '$' ? 0x02 : c == '@' ? 0x00 : c == '_' ? 0x11 : c;
                    chars[i + 1] = (uint8_t)c;
                    for (bit = 0; bit < 7; bit++)
                        if (septet >> bit & 1)
                            expected[(fill_bits + 7 * i + bit) / 8] |= (uint8_t)(1 << (fill_bits + 7 * i + bit) % 8);
                }
                septet_pack_ascii(chars + 1, length, fill_bits, packed);
                expect(!memcmp(packed, expected, size), "septet_pack_ascii", chars + 1, (size_t)length);
                free(chars);
            }
}
#endif

int main(void)
{
    const char *chosen;
    if (fread(septet_tables, sizeof *septet_tables, 0x10000, stdin) != 0x10000)
        return 2;
    if (!strcmp(septet_choose_code(SEPTET_VECTOR_CODE), "portable")) {
        printf("portable: nothing to compare\n");
        return 0;
    }
    check_choices();
    chosen = septet_choose_code(SEPTET_WIDEST_CODE);
#if SEPTET_HAS_BATCHES
    /* A processor that has this has all that the widest code needs. */
    expect(septet_use_wide == !!__builtin_cpu_supports("avx512vbmi"), "septet_choose_code", NULL, 0);
#endif
    septet_prepare_languages();
    compare_every_length();
    compare_long_texts();
    compare_columns();
    compare_every_pair();
    compare_every_code_point();
#if SEPTET_PACKS_ASCII
    compare_packed_ascii();
#endif
#ifdef SEPTET_HAS_UTF8_VECTOR
    compare_utf8_checks();
#endif
    printf("%s: %ld answers compared\n", chosen, comparisons);
    return 0;
}
