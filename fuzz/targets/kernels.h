/* kernels.h: shared by the C targets: the rules, the code paths of the kernels, and EXPECT.
 *
 * Every buffer that a kernel reads is allocated with its exact size, so that AddressSanitizer detects
 * a read outside it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan_non_gsm.h"

#include "rules.h"

#define EXPECT(holds)                                                       \
    do {                                                                    \
        if (!(holds)) {                                                     \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #holds); \
            abort();                                                        \
        }                                                                   \
    } while (0)

/* Portable code, vector code, and the widest vector code, if the processor supports them. */
enum { PORTABLE = SEPTET_PORTABLE_CODE, VECTOR = SEPTET_VECTOR_CODE, WIDEST = SEPTET_WIDEST_CODE, WAYS };

static void take_way(int way)
{
    static int is_ready, has_vector, has_vector_utf8, has_wide;
    if (!is_ready) {
        memcpy(septet_tables, tables, sizeof septet_tables);
        septet_choose_code(SEPTET_WIDEST_CODE);
        septet_prepare_languages();
        has_vector = septet_use_vector;
        has_vector_utf8 = septet_use_vector_utf8;
        has_wide = septet_use_wide;
        is_ready = 1;
    }
    septet_use_vector = has_vector && way != PORTABLE;
    septet_use_vector_utf8 = has_vector_utf8 && way != PORTABLE;
    septet_use_wide = has_wide && way == WIDEST;
}

static const septet_rules *pick_rules(uint8_t number)
{
    return &all_rules[number % (sizeof all_rules / sizeof *all_rules)];
}

/* A buffer of exactly this size; the caller frees it. */
static void *allocate(size_t size)
{
    void *const memory = calloc(size ? size : 1, 1);
    if (memory == NULL)
        abort();
    return memory;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
