/* batch.h: rows of UTF-8 that are measured together, whatever the processor. */
#ifndef SEPTET_BATCH_H
#define SEPTET_BATCH_H

#include <stdint.h>

#include "../scan_types.h"

enum { SEPTET_BLOCK = 64, SEPTET_BLOCKS = 3, SEPTET_BATCH = 64 };

/* Octets of the longest row that a batch can hold. */
#define SEPTET_MAX_BATCH_OCTETS (SEPTET_BLOCK * SEPTET_BLOCKS)

typedef struct {
    const uint8_t *octets[SEPTET_BATCH];
    int32_t lengths[SEPTET_BATCH] SEPTET_ALIGNED(64);
    int32_t units[SEPTET_BATCH] SEPTET_ALIGNED(64);
    int32_t doubled[SEPTET_BATCH] SEPTET_ALIGNED(64); /* characters that take two units */
    int32_t is_ucs2[SEPTET_BATCH] SEPTET_ALIGNED(64);
    int rows;
} septet_batch;

#endif
