/* columns.c: an Arrow column of texts with invalid offsets or views.
 *
 * Input: one octet each for layout and flags, the rules, the number of rows, and the first row to
 * count. Then the rows: an octet for the length, or a raw offset or view after an octet from RAW on.
 * The remaining octets are the texts. Facts that cannot be verified are always true: the last offset,
 * and the sizes of the buffers of views.
 */
#include "kernels.h"

enum { VIEW = 16, INLINE = 12, BUFFERS = 3, RAW = 0xF0, MOST_OCTETS = 0x1FFF };
enum { LAYOUTS = 3, WITH_UNITS = 4, WITH_VALIDITY = 8, UNALIGNED = 16 };

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} input;

static uint8_t take_octet(input *in) { return in->at < in->end ? *in->at++ : 0; }

static void take_octets(input *in, void *octets, size_t size)
{
    size_t i;
    for (i = 0; i < size; i++)
        ((uint8_t *)octets)[i] = take_octet(in);
}

/* The remaining input, repeated up to this size, in a buffer of exactly this size. */
static uint8_t *take_values(const input *in, int64_t size)
{
    const int64_t left = in->end - in->at;
    uint8_t *const values = allocate((size_t)size);
    int64_t i;
    for (i = 0; i < size && left; i += left)
        memcpy(values + i, in->at, (size_t)(left < size - i ? left : size - i));
    return values;
}

static int64_t make_offsets(input *in, int is_large, uint8_t *rows, ptrdiff_t stop)
{
    const size_t size = is_large ? 8 : 4;
    int64_t offset = take_octet(in), raw = 0;
    int32_t narrow;
    ptrdiff_t row;
    for (row = 0; row <= stop; row++) {
        const uint8_t octet = take_octet(in);
        raw = offset;
        if (octet >= RAW) {
            take_octets(in, &raw, size);
            if (!is_large) {
                memcpy(&narrow, &raw, sizeof narrow);
                raw = narrow;
            }
        } else if (row > 0) {
            raw = offset += octet;
        }
        if (row == stop && raw > MOST_OCTETS)
            raw &= MOST_OCTETS;
        narrow = (int32_t)raw;
        memcpy(rows + (size_t)row * size, is_large ? (void *)&raw : (void *)&narrow, size);
    }
    return raw < 0 ? 0 : raw;
}

static void make_views(input *in, uint8_t *rows, ptrdiff_t stop)
{
    ptrdiff_t row;
    for (row = 0; row < stop; row++) {
        const uint8_t octet = take_octet(in);
        int32_t fields[4] = {octet, 0, 0, 0};
        if (octet >= RAW) {
            take_octets(in, fields, sizeof fields);
        } else if (octet <= INLINE) {
            take_octets(in, fields + 1, octet);
        } else {
            fields[2] = take_octet(in) % (BUFFERS + 1);
            fields[3] = take_octet(in);
        }
        memcpy(rows + row * VIEW, fields, VIEW);
    }
}

/* Count each row separately, as a text of code points. */
static void count_slowly(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                         const septet_rules *rules, const septet_facts *facts)
{
    const int64_t last = septet_last_offset(column, stop);
    septet_scratch scratch = {NULL, 0};
    ptrdiff_t row;
    take_way(PORTABLE);
    for (row = first; row < stop; row++) {
        const uint8_t *octets;
        int64_t length;
        septet_text text;
        septet_choice choice;
        int is_valid;
        if (septet_is_null(column, row)) {
            septet_write_facts(facts, row - first, 0, 0, 0);
            continue;
        }
        EXPECT(septet_read_row(column, row, last, &octets, &length) == SEPTET_FINE);
        EXPECT(septet_decode_row(octets, (ptrdiff_t)length, &scratch, &text, &is_valid));
        EXPECT(septet_choose(&text, rules, &choice));
        septet_write_facts(facts, row - first,
                           septet_count_segments(&text, choice.coding, choice.units, choice.capacity,
                                                 is_valid ? rules->clusters : NULL),
                           choice.units, choice.pair < 0);
    }
    free(scratch.chars);
}

static septet_facts make_facts(ptrdiff_t rows, int with_units)
{
    septet_facts facts = {allocate((size_t)rows * sizeof(int32_t)), NULL, NULL};
    if (with_units) {
        facts.units = allocate((size_t)rows * sizeof(int32_t));
        facts.encodings = allocate((size_t)rows);
    }
    return facts;
}

static void free_facts(const septet_facts *facts)
{
    free(facts->segments);
    free(facts->units);
    free(facts->encodings);
}

static void expect_equal(const septet_facts *one, const septet_facts *other, ptrdiff_t rows)
{
    ptrdiff_t row;
    for (row = 0; row < rows; row++) {
        EXPECT(one->segments[row] == other->segments[row]);
        if (one->units != NULL) {
            EXPECT(one->units[row] == other->units[row]);
            EXPECT(one->encodings[row] == other->encodings[row]);
        }
    }
}

static void count(const septet_column *column, ptrdiff_t first, ptrdiff_t stop, const septet_rules *rules,
                  int with_units)
{
    static septet_non_gsm_counts non_gsm_characters;
    const ptrdiff_t rows = stop - first;
    const septet_facts wanted = make_facts(rows, with_units);
    septet_outcome outcome = SEPTET_FINE;
    ptrdiff_t reached = stop;
    int way;
    if (non_gsm_characters.chars == NULL && !septet_make_non_gsm_counts(&non_gsm_characters))
        abort();
    for (way = PORTABLE; way < WAYS; way++) {
        const septet_facts facts = way == PORTABLE ? wanted : make_facts(rows, with_units);
        ptrdiff_t row;
        septet_outcome found;
        take_way(way);
        found = septet_count_column(column, first, stop, rules, &facts, &row);
        if (way == PORTABLE) {
            outcome = found;
            reached = row;
            continue;
        }
        EXPECT(found == outcome && row == reached);
        expect_equal(&wanted, &facts, reached - first);
        free_facts(&facts);
    }
    if (outcome == SEPTET_FINE) {
        const septet_facts facts = make_facts(rows, with_units);
        EXPECT(reached == stop);
        count_slowly(column, first, stop, rules, &facts);
        expect_equal(&wanted, &facts, rows);
        free_facts(&facts);
        if (with_units && rules->pair_count > 0)
            EXPECT(septet_count_non_gsm_rows(column, first, stop, wanted.encodings, rules, &non_gsm_characters)
                   == SEPTET_FINE);
    }
    free_facts(&wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = {data, data + size};
    const uint8_t flags = take_octet(&in);
    const septet_rules *const rules = pick_rules(take_octet(&in));
    const ptrdiff_t stop = take_octet(&in), first = stop ? take_octet(&in) % stop : 0;
    const septet_layout layout = (septet_layout)((flags & 3) % LAYOUTS);
    const int shift = flags & UNALIGNED ? 1 : 0;
    const size_t width = layout == SEPTET_UTF8 ? 4 : layout == SEPTET_LARGE_UTF8 ? 8 : VIEW;
    uint8_t *const rows = allocate((size_t)(stop + (layout != SEPTET_UTF8_VIEW)) * width + (size_t)shift);
    uint8_t *const validity = flags & WITH_VALIDITY ? allocate((size_t)(stop + 7) / 8) : NULL;
    uint8_t *buffers[BUFFERS] = {NULL, NULL, NULL};
    int64_t sizes[BUFFERS] = {0, 0, 0};
    septet_column column = {layout, rows + shift, NULL, NULL, NULL, 0, validity};
    int i;
    if (validity != NULL)
        take_octets(&in, validity, (size_t)(stop + 7) / 8);
    if (layout == SEPTET_UTF8_VIEW) {
        for (i = 0; i < BUFFERS; i++)
            sizes[i] = take_octet(&in);
        make_views(&in, rows + shift, stop);
        column.buffers = (const uint8_t *const *)buffers;
        column.sizes = sizes;
        column.buffer_count = BUFFERS;
    } else {
        sizes[0] = make_offsets(&in, layout == SEPTET_LARGE_UTF8, rows + shift, stop);
    }
    for (i = 0; i < BUFFERS; i++)
        buffers[i] = take_values(&in, sizes[i]);
    column.values = buffers[0];
    if (first < stop)
        count(&column, first, stop, rules, flags & WITH_UNITS);
    for (i = 0; i < BUFFERS; i++)
        free(buffers[i]);
    free(validity);
    free(rows);
    return 0;
}
