/* counting.h: counting as other modules call it, who have no tables of the alphabets. */
#ifndef SEPTET_COUNTING_H
#define SEPTET_COUNTING_H

#include <stddef.h>

#include "scan_rows.h"
#include "scan_types.h"

typedef struct {
    /* septet_count_column of scan_column.h and septet_count_text of scan_choice.h */
    septet_outcome (*count_column)(const septet_column *column, ptrdiff_t first, ptrdiff_t stop,
                                   const septet_rules *rules, const septet_facts *facts, ptrdiff_t *row);
    septet_text_facts (*count_text)(const septet_text *text, const septet_rules *rules);
} septet_counting;

#endif
