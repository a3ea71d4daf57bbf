/* json_lines.h: read the values of some keys from the JSON object on each line of a block.
 *
 * Values are written as views of Arrow's utf8_view: into the block, or where a string has escapes, into a
 * buffer of decoded strings. A line that is not plain is left to the caller: it is no object that json.h
 * reads, or has a value of another kind, a key with escapes or a lone surrogate, or is too long.
 */
#ifndef SEPTET_JSON_LINES_H
#define SEPTET_JSON_LINES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "json.h"
#include "views.h"

typedef struct {
    const uint8_t *key;
    ptrdiff_t key_length;
    int takes_numbers; /* and true and false */
    int is_required;   /* null is not plain */
    uint8_t *views;    /* of `max_rows` rows, like the bits of the validity */
    uint8_t *validity;
    ptrdiff_t null_count;
    septet_json_value value; /* on the line that is being read */
} septet_json_column;

typedef struct {
    septet_json_column *columns;
    ptrdiff_t column_count;
    const uint8_t *block;
    ptrdiff_t size;
    ptrdiff_t max_line; /* of octets without the end; a longer line is not plain */
    ptrdiff_t max_rows;
    ptrdiff_t position; /* of the next line */
    ptrdiff_t line_count, row_count;
    uint8_t *decoded;
    ptrdiff_t decoded_size, decoded_capacity;
} septet_json_lines;

typedef enum {
    SEPTET_JSON_DONE, /* the end of the block, or the largest number of rows */
    SEPTET_JSON_NOT_PLAIN,
    SEPTET_JSON_NO_ROOM /* for decoded strings: the line is read again with more of it */
} septet_json_outcome;

static inline void septet_json_set_value(const septet_json_lines *lines, const septet_json_value *key,
                                         const septet_json_value *value)
{
    ptrdiff_t i;
    for (i = 0; i < lines->column_count; i++) {
        septet_json_column *const column = lines->columns + i;
        if (column->key_length == key->length
            && memcmp(column->key, key->octets, (size_t)key->length) == 0)
            column->value = *value; /* of several, the last is read */
    }
}

/* Read the object of a line. Return what follows it, NULL if it is not plain. */
static const uint8_t *septet_json_read_object(const septet_json_lines *lines, const uint8_t *at)
{
    const uint8_t *const end = lines->block + lines->size;
    ptrdiff_t i;
    for (i = 0; i < lines->column_count; i++)
        lines->columns[i].value.type = SEPTET_JSON_NULL;
    if (*at != '{')
        return NULL;
    at = septet_json_skip_space(at + 1);
    if (*at == '}')
        return at + 1;
    for (;;) {
        septet_json_value key, value;
        if (*at != '"' || (at = septet_json_read_string(at + 1, end, &key)) == NULL
            || key.type != SEPTET_JSON_STRING)
            return NULL;
        at = septet_json_skip_space(at);
        if (*at != ':')
            return NULL;
        at = septet_json_skip_space(at + 1);
        value.type = SEPTET_JSON_UNKNOWN;
        at = *at == '{' || *at == '[' ? septet_json_skip_nested(at, end)
                                      : septet_json_read_simple(at, end, &value);
        if (at == NULL)
            return NULL;
        septet_json_set_value(lines, &key, &value);
        at = septet_json_skip_space(at);
        if (*at == '}')
            return at + 1;
        if (*at != ',')
            return NULL;
        at = septet_json_skip_space(at + 1);
    }
}

/* Decode the strings with escapes of a line, if all of its values are plain. */
static septet_json_outcome septet_json_decode_values(septet_json_lines *lines)
{
    ptrdiff_t size = lines->decoded_size, needed = 0, i;
    for (i = 0; i < lines->column_count; i++) {
        const septet_json_column *const column = lines->columns + i;
        const septet_json_type type = column->value.type;
        if (type == SEPTET_JSON_UNKNOWN || (type == SEPTET_JSON_OTHER && !column->takes_numbers)
            || (type == SEPTET_JSON_NULL && column->is_required))
            return SEPTET_JSON_NOT_PLAIN;
        if (type == SEPTET_JSON_ESCAPED)
            needed += column->value.length;
    }
    if (needed == 0)
        return SEPTET_JSON_DONE;
    if (needed > lines->decoded_capacity - size)
        return SEPTET_JSON_NO_ROOM;
    for (i = 0; i < lines->column_count; i++) {
        septet_json_value *const value = &lines->columns[i].value;
        if (value->type != SEPTET_JSON_ESCAPED)
            continue;
        value->length = septet_json_decode(value, lines->decoded + size);
        if (value->length < 0)
            return SEPTET_JSON_NOT_PLAIN;
        value->octets = lines->decoded + size;
        size += value->length;
    }
    lines->decoded_size = size;
    return SEPTET_JSON_DONE;
}

static void septet_json_write_row(septet_json_lines *lines)
{
    const ptrdiff_t row = lines->row_count;
    ptrdiff_t i;
    for (i = 0; i < lines->column_count; i++) {
        septet_json_column *const column = lines->columns + i;
        const septet_json_value *const value = &column->value;
        uint8_t *const view = column->views + row * SEPTET_VIEW_OCTETS;
        if (value->type == SEPTET_JSON_NULL) {
            memset(view, 0, SEPTET_VIEW_OCTETS);
            column->null_count++;
            continue;
        }
        column->validity[row >> 3] |= (uint8_t)(1 << (row & 7));
        if (value->type == SEPTET_JSON_ESCAPED)
            septet_write_view(view, value->octets, value->length, 1, value->octets - lines->decoded);
        else
            septet_write_view(view, value->octets, value->length, 0, value->octets - lines->block);
    }
    lines->row_count++;
}

/* Read lines from `position` on, up to one that is not plain. Blank lines are no rows. */
static septet_json_outcome septet_json_read_lines(septet_json_lines *lines)
{
    while (lines->position < lines->size && lines->row_count < lines->max_rows) {
        const uint8_t *const line = lines->block + lines->position;
        const uint8_t *at = septet_json_skip_space(line);
        const int is_blank = *at == '\n';
        septet_json_outcome outcome;
        if (!is_blank) {
            at = septet_json_read_object(lines, at);
            if (at == NULL || *(at = septet_json_skip_space(at)) != '\n')
                return SEPTET_JSON_NOT_PLAIN;
        }
        if (at - line > lines->max_line)
            return SEPTET_JSON_NOT_PLAIN;
        if (!is_blank) {
            outcome = septet_json_decode_values(lines);
            if (outcome != SEPTET_JSON_DONE)
                return outcome;
            septet_json_write_row(lines);
        }
        lines->line_count++;
        lines->position = at + 1 - lines->block;
    }
    return SEPTET_JSON_DONE;
}

#endif
