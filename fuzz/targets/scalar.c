/* scalar.c: one text with characters of 1, 2 or 4 octets: the segments match the count.
 *
 * Input: one octet for the rules, one for the width (lower two bits), then the characters.
 */
#include "kernels.h"

/* Check that portable and vector code make the same choice for the text. */
static int choose_in_each_way(const septet_text *text, const septet_rules *rules,
                              septet_choice *choice)
{
    septet_choice found[2] = {{0, {0, 0}, {0, 0}, 0}, {0, {0, 0}, {0, 0}, 0}};
    ptrdiff_t doubled[2];
    int is_carried[2], way;
    for (way = PORTABLE; way <= VECTOR; way++) {
        take_way(way);
        doubled[way] = septet_classify(text, 0, text->length);
        is_carried[way] = septet_choose(text, rules, &found[way]);
    }
    EXPECT(doubled[0] == doubled[1]);
    EXPECT(is_carried[0] == is_carried[1]);
    EXPECT(found[0].pair == found[1].pair && found[0].units == found[1].units);
    *choice = found[1];
    return is_carried[1];
}

/* Where the clusters of the whole text begin: a non-zero octet for each such character. */
static uint8_t *find_breaks(const septet_text *text, const septet_clusters *clusters)
{
    uint8_t *const breaks = allocate((size_t)text->length);
    ptrdiff_t index = 0, start;
    int state = 0;
    while (index < text->length) {
        int transition;
        start = index;
        transition = septet_transition(clusters, state, septet_next_char(text, &index));
        breaks[start] = (transition & SEPTET_CLUSTER_BREAK) != 0;
        state = transition & (SEPTET_CLUSTER_WIDTH - 1);
    }
    return breaks;
}

/* Check that a segment ends inside a cluster only if the cluster fits into no segment. */
static void expect_whole_clusters(const septet_text *text, const septet_choice *choice, const uint8_t *breaks,
                                  ptrdiff_t start, ptrdiff_t end)
{
    ptrdiff_t first = end, stop = end;
    if (end == text->length || breaks[end])
        return;
    while (first > 0 && !breaks[first])
        first--;
    while (stop < text->length && !breaks[stop])
        stop++;
    EXPECT(first <= start
           || septet_count_units(text, choice->coding, first, stop - first) > choice->capacity.concatenated);
}

static void cut(const septet_text *text, const septet_choice *choice, const septet_clusters *clusters)
{
    septet_cluster_search search = septet_start_search(clusters);
    uint8_t *const breaks = clusters == NULL ? NULL : find_breaks(text, clusters);
    const ptrdiff_t guess = septet_guess_length(text, choice->units, choice->capacity.concatenated);
    ptrdiff_t last, units, end = 0, sum = 0, segments = 0;
    const ptrdiff_t count = septet_count_segments(text, choice->coding, choice->units, choice->capacity, clusters);
    EXPECT(count == septet_count_by_cutting(text, choice->coding, choice->units, choice->capacity, clusters, &last));
    EXPECT(count >= septet_fewest_segments(choice->units, choice->capacity));
    if (choice->units <= choice->capacity.single) {
        free(breaks);
        return;
    }
    for (; end < text->length; segments++) {
        const ptrdiff_t start = end;
        end = septet_segment_end(text, choice->coding, guess, start, choice->capacity.concatenated,
                                 &search, &units);
        EXPECT(start < end && end <= text->length);
        EXPECT(units == septet_count_units(text, choice->coding, start, end - start));
        EXPECT(units <= choice->capacity.concatenated);
        EXPECT(end == text->length || !septet_is_pair(text, end));
        if (breaks != NULL)
            expect_whole_clusters(text, choice, breaks, start, end);
        sum += units;
    }
    free(breaks);
    EXPECT(segments == count && sum == choice->units && units == last);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static septet_non_gsm_counts non_gsm_characters;
    const septet_rules *rules;
    septet_text text;
    septet_choice choice;
    void *chars;
    ptrdiff_t i;
    if (size < 2)
        return 0;
    rules = pick_rules(data[0]);
    text.width = (data[1] & 3) % 3 == 2 ? 4 : (data[1] & 3) % 3 + 1;
    text.length = (ptrdiff_t)(size - 2) / text.width;
    text.data = chars = allocate((size_t)(text.length * text.width));
    memcpy(chars, data + 2, (size_t)(text.length * text.width));
    for (i = 0; text.width == 4 && i < text.length; i++)
        ((uint32_t *)chars)[i] %= SEPTET_CODE_POINTS;
    if (non_gsm_characters.chars == NULL && !septet_make_non_gsm_counts(&non_gsm_characters))
        abort();
    if (choose_in_each_way(&text, rules, &choice))
        cut(&text, &choice, rules->clusters);
    if (choice.pair < 0)
        septet_count_non_gsm_text(&text, rules, &non_gsm_characters);
    free(chars);
    return 0;
}
