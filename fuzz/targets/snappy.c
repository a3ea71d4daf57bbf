/* snappy.c: two blocks of Snappy: decompressed together, alone, and element by element, they agree.
 *
 * Input: the size of the first block (two octets), then both blocks.
 */
#include "kernels.h"
#include "snappy.h"

enum { MAX_CONTENT = 0x4000 };

/* A block in buffers of exactly its sizes, and the same with an output of its own. */
typedef struct {
    uint8_t *in, *out, *other_out;
    ptrdiff_t in_size, out_size;
    septet_snappy_block block, other;
    int is_started;
} sample;

static sample start(const uint8_t *data, size_t size)
{
    sample made = {NULL, NULL, NULL, (ptrdiff_t)size, 0, {0}, {0}, 0};
    size_t i;
    for (i = 0; i < size && i < 3; i++) {
        made.out_size |= (ptrdiff_t)(data[i] & 0x7F) << 7 * i;
        if (data[i] < 0x80)
            break;
    }
    made.out_size %= MAX_CONTENT;
    made.in = allocate(size);
    memcpy(made.in, data, size);
    made.out = allocate((size_t)made.out_size);
    made.other_out = allocate((size_t)made.out_size);
    made.is_started = septet_start_snappy(&made.block, made.in, made.in_size, made.out, made.out_size)
        & septet_start_snappy(&made.other, made.in, made.in_size, made.other_out, made.out_size);
    return made;
}

static int read_by_element(septet_snappy_block *block)
{
    while (block->in < block->in_end)
        if (!septet_read_snappy_element(block))
            return 0;
    return block->out == block->out_end;
}

static void release(sample *made)
{
    free(made->in);
    free(made->out);
    free(made->other_out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sample first, second;
    size_t half;
    if (size < 2)
        return 0;
    septet_fill_snappy_tags();
    half = ((size_t)data[0] | (size_t)data[1] << 8) % (size - 1);
    first = start(data + 2, half);
    second = start(data + 2 + half, size - 2 - half);
    if (first.is_started && second.is_started) {
        septet_snappy_block alone = first.other;
        const int is_first = septet_end_snappy(&first.block), is_second = read_by_element(&second.other);
        EXPECT(is_first == read_by_element(&alone));
        EXPECT(!is_first || memcmp(first.out, first.other_out, (size_t)first.out_size) == 0);
        EXPECT(septet_read_two_snappy(&first.other, &second.block) == (is_first && is_second));
        EXPECT(!is_second || !is_first || memcmp(second.out, second.other_out, (size_t)second.out_size) == 0);
        EXPECT(!is_second || !is_first || memcmp(first.out, first.other_out, (size_t)first.out_size) == 0);
    }
    release(&first);
    release(&second);
    return 0;
}
