/* scan_types.h: the types for texts, rules and choices.
 *
 * A text is an array of code points of 1, 2 or 4 octets each (the three widths of PEP 393).
 */
#ifndef SEPTET_SCAN_TYPES_H
#define SEPTET_SCAN_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* Align an array for vector loads, which only compilers with vector code need. */
#if defined(__GNUC__) || defined(__clang__)
#define SEPTET_ALIGNED(octets) __attribute__((aligned(octets)))
#else
#define SEPTET_ALIGNED(octets)
#endif

#define SEPTET_CODE_POINTS 0x110000

typedef struct {
    const void *data;
    ptrdiff_t length;
    int width;
} septet_text;

/* If all texts have the same width, the code for others is left out. */
#ifdef SEPTET_ONLY_WIDTH
#define septet_width(text) ((void)(text), SEPTET_ONLY_WIDTH)
#else
#define septet_width(text) ((text)->width)
#endif

static inline uint32_t septet_char(const septet_text *text, ptrdiff_t index)
{
    switch (septet_width(text)) {
    case 1: return ((const uint8_t *)text->data)[index];
    case 2: return ((const uint16_t *)text->data)[index];
    default: return ((const uint32_t *)text->data)[index];
    }
}

static inline int septet_is_high(uint32_t c) { return (c & 0xFFFFFC00u) == 0xD800u; }
static inline int septet_is_low(uint32_t c) { return (c & 0xFFFFFC00u) == 0xDC00u; }

static inline uint32_t septet_join_pair(uint32_t high, uint32_t low)
{
    return 0x10000u + ((high - 0xD800u) << 10) + (low - 0xDC00u);
}

/* Are the characters before and at `index` a surrogate pair? A Python string may contain two adjacent
 * surrogates, which are one character when they are sent.
 */
static inline int septet_is_pair(const septet_text *text, ptrdiff_t index)
{
    return septet_is_low(septet_char(text, index)) && septet_is_high(septet_char(text, index - 1));
}

/* Units that fit into a segment: a single one, and one of several. */
typedef struct {
    ptrdiff_t single;
    ptrdiff_t concatenated;
} septet_capacity;

/* The number of segments if no boundary leaves a unit unused. */
static inline ptrdiff_t septet_fewest_segments(ptrdiff_t units, septet_capacity capacity)
{
    const ptrdiff_t full = capacity.concatenated;
    return units <= capacity.single ? 1 : (units + full - 1) / full;
}

/* The number of segments that follows from the units alone; 0 if the exact boundaries can matter. */
static inline ptrdiff_t septet_segments_by_units(ptrdiff_t units, septet_capacity capacity, int keeps_clusters)
{
    const ptrdiff_t fewest = septet_fewest_segments(units, capacity);
    /* A boundary leaves at most one unit unused, so `fewest` segments hold at least this many units. */
    return fewest == 1 || (!keeps_clusters && units <= fewest * (capacity.concatenated - 1) + 1) ? fewest : 0;
}

/* How the characters of a text are counted: by a pair of tables, or as UCS-2. */
typedef struct {
    int locking; /* or SEPTET_UCS2 */
    int single;
} septet_coding;

#define SEPTET_UCS2 (-1)

typedef struct {
    septet_coding coding;
    septet_capacity capacity;
} septet_pair;

/* How grapheme clusters are found, as `ClusterRules` in standard/graphemes.py describes. The classes are those
 * of planes 0 and 1, of U+E0000 to U+E0FFF, and of all others.
 */
enum {
    SEPTET_CLUSTER_WIDTH = 32,
    SEPTET_CLASS_PLANES = 0x20000,
    SEPTET_FIRST_TAG = 0xE0000,
    SEPTET_CLASS_TAGS = 0x1000,
    SEPTET_CLASSES_LENGTH = SEPTET_CLASS_PLANES + SEPTET_CLASS_TAGS + 1
};

typedef struct {
    const uint8_t *classes;     /* SEPTET_CLASSES_LENGTH of them */
    const uint8_t *transitions; /* SEPTET_CLUSTER_WIDTH for each of as many states */
    uint32_t certain[SEPTET_CLUSTER_WIDTH];
} septet_clusters;

typedef struct {
    const septet_pair *pairs;
    int pair_count;
    int allows_ucs2;
    septet_capacity code_units;
    const uint8_t *excluded; /* NULL, or a bit for each BMP character: set for those to be sent in UCS-2 */
    int excludes_plain;      /* an excluded character is ASCII and takes one septet otherwise */
    const septet_clusters *clusters; /* NULL if clusters may be cut */
} septet_rules;

typedef struct {
    int pair; /* index in the rules; -1 for UCS-2 */
    septet_coding coding;
    septet_capacity capacity;
    ptrdiff_t units;
} septet_choice;

/* What a text is billed as: 0 segments if the rules allow no encoding that has all its characters. */
typedef struct {
    ptrdiff_t segments;
    ptrdiff_t units;
    int is_ucs2;
} septet_text_facts;

#endif
