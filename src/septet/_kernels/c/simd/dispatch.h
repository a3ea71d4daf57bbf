/* dispatch.h: the only place that chooses between portable and vector code.
 *
 * The compiler chooses the processor family. At run time, vector code is used if the processor has
 * the instructions and the tables fit into its look-ups, unless portable code is asked for. Callers
 * use the functions at the end of this file and need not know the choice.
 *
 * A new family is a header of its own with the functions that the portable branch below defines as
 * macros, and a branch here.
 */
#ifndef SEPTET_DISPATCH_H
#define SEPTET_DISPATCH_H

#include <stddef.h>
#include <stdint.h>

#include "../scan_classify.h"
#include "../scan_types.h"
#include "../scan_utf8.h"
#include "../valid_utf8.h"
#include "batch.h"

#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)
#include "avx2.h"
#include "avx512.h"
#include "utf8_avx2.h"
#define SEPTET_HAS_UTF8_VECTOR 1
#define SEPTET_VECTOR "avx2"
#define SEPTET_HAS_BATCHES 1
#elif defined(__AARCH64EL__) && defined(__ARM_NEON)
#include "neon.h"
#define SEPTET_VECTOR "neon"
#define SEPTET_HAS_BATCHES 0
#else
#define SEPTET_VECTOR "portable"
#define SEPTET_HAS_BATCHES 0
#define septet_has_vector() 0
#define septet_derive_nibbles() 0
#define septet_derive_octets() 0
#define septet_classify_1_vector septet_classify_1_portable
#define septet_classify_2_vector septet_classify_2_portable
#define septet_plain_prefix_vector septet_plain_prefix_portable
#define septet_measure_row_vector(octets, length, plain, end) \
    ((void)(plain), (void)(end), septet_measure_row_portable(octets, length))
#endif

#if !SEPTET_HAS_BATCHES
#define septet_derive_batches() 0
#define septet_measure_batch(batch) ((void)(batch), 0)
#define septet_count_batch(batch, septets, code_units, segments) \
    ((void)(batch), (void)(septets), (void)(code_units), (void)(segments), 0)
#endif

static int septet_use_vector, septet_use_vector_utf8, septet_use_batches;

/* Choose the code to use, after septet_tables is filled; return the name of the choice. */
static const char *septet_choose_code(int only_portable)
{
    septet_prepare_classifiers();
    septet_use_vector = !only_portable && septet_has_vector() && septet_derive_nibbles();
    septet_use_vector_utf8 = septet_use_vector && septet_derive_octets();
    septet_use_batches = septet_use_vector_utf8 && septet_derive_batches();
    return septet_use_vector ? SEPTET_VECTOR : "portable";
}

static ptrdiff_t septet_classify_1(const uint8_t *text, ptrdiff_t length)
{
    return septet_use_vector ? septet_classify_1_vector(text, length)
                             : septet_classify_1_portable(text, length);
}

static ptrdiff_t septet_classify_2(const uint16_t *text, ptrdiff_t length)
{
    return septet_use_vector ? septet_classify_2_vector(text, length)
                             : septet_classify_2_portable(text, length);
}

static ptrdiff_t septet_plain_prefix(const uint8_t *octets, ptrdiff_t length)
{
    return septet_use_vector_utf8 ? septet_plain_prefix_vector(octets, length)
                                  : septet_plain_prefix_portable(octets, length);
}

/* `plain` octets at the start are known to be characters of one septet; memory up to `end` may be
 * read.
 */
static septet_row septet_measure_row(const uint8_t *octets, ptrdiff_t length, ptrdiff_t plain,
                                     const uint8_t *end)
{
    return septet_use_vector_utf8 ? septet_measure_row_vector(octets, length, plain, end)
                                  : septet_measure_row_portable(octets, length);
}

/* Modules that check UTF-8 need not choose code before. */
static int septet_is_utf8(const uint8_t *octets, ptrdiff_t length)
{
#ifdef SEPTET_HAS_UTF8_VECTOR
    enum { MIN_VECTOR = 64 };
    if (length >= MIN_VECTOR && septet_has_vector())
        return septet_is_utf8_vector(octets, length);
#endif
    return septet_is_utf8_portable(octets, length);
}

#endif
