/* json.h: read the values of JSON in octets that end with a line feed.
 *
 * Everything here takes a pointer to octets that are followed by a line feed, which ends every part of the
 * grammar: so only code that loads several octets at once checks for the end of the octets. Functions
 * return what follows the part that they read, or NULL if it is not plain: invalid, or of many levels, or a
 * very long number. All else is valid for Python's `json.loads` too.
 */
#ifndef SEPTET_JSON_H
#define SEPTET_JSON_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "simd/dispatch.h"

enum {
    SEPTET_JSON_MAX_LEVELS = 64,
    SEPTET_JSON_MAX_NUMBER = 300, /* Python refuses integers of 4,301 digits, or of fewer on request */
    SEPTET_JSON_EXACT_DIGITS = 15 /* Python writes decimal numbers of so many digits as they were */
};

typedef enum {
    SEPTET_JSON_NULL,
    SEPTET_JSON_STRING,  /* between quotes, without escapes */
    SEPTET_JSON_ESCAPED, /* likewise, with escapes */
    SEPTET_JSON_OTHER,   /* a number, true or false, as Python writes it */
    SEPTET_JSON_UNKNOWN  /* a list, an object, or a number that Python writes in another way */
} septet_json_type;

typedef struct {
    const uint8_t *octets;
    ptrdiff_t length;
    septet_json_type type;
} septet_json_value;

static inline const uint8_t *septet_json_skip_space(const uint8_t *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\r')
        at++;
    return at;
}

/* Eight octets, the first in the lowest bits, on all processors. */
static inline uint64_t septet_json_load(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24
        | (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

/* Return the first quote, backslash or control character; `*high` collects the bits of the octets before
 * it, and of some after it.
 */
static inline const uint8_t *septet_json_find_special(const uint8_t *at, const uint8_t *end, uint64_t *high)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    while (end - at >= 8) {
        const uint64_t octets = septet_json_load(at);
        const uint64_t quotes = octets ^ ones * '"', backslashes = octets ^ ones * '\\';
        const uint64_t special = (((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes)
                                  | ((octets - ones * ' ') & ~octets)) & tops;
        *high |= octets;
        /* Only the lowest bit is certain: the subtractions borrow from the octets above. */
        if (special != 0)
            return at + ((((special & (~special + 1)) - 1) & ones) * ones >> 56) - 1;
        at += 8;
    }
    while (*at != '"' && *at != '\\' && *at >= ' ')
        *high |= *at++;
    return at;
}

static inline int septet_json_hex(uint8_t octet)
{
    const uint8_t letter = octet | 0x20;
    return octet >= '0' && octet <= '9' ? octet - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Return the code unit of four hexadecimal digits, or -1. */
static inline int32_t septet_json_unit(const uint8_t *at)
{
    int32_t unit = 0;
    int i;
    for (i = 0; i < 4; i++) {
        const int digit = septet_json_hex(at[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* The octet that an escape of one letter stands for; 0 if it is none. */
static inline uint8_t septet_json_escaped(uint8_t letter)
{
    switch (letter) {
    case '"': case '\\': case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

/* Read a string whose first octet follows the quote. Return what follows the other quote, NULL if it is
 * invalid.
 */
static inline const uint8_t *septet_json_read_string(const uint8_t *at, const uint8_t *end,
                                                     septet_json_value *value)
{
    uint64_t high = 0;
    value->octets = at;
    value->type = SEPTET_JSON_STRING;
    while (*(at = septet_json_find_special(at, end, &high)) == '\\') {
        value->type = SEPTET_JSON_ESCAPED;
        if (at[1] == 'u' ? septet_json_unit(at + 2) < 0 : septet_json_escaped(at[1]) == 0)
            return NULL;
        at += at[1] == 'u' ? 6 : 2;
    }
    value->length = at - value->octets;
    if (*at != '"')
        return NULL;
    if ((high & UINT64_C(0x8080808080808080)) != 0 && !septet_is_utf8(value->octets, value->length))
        return NULL;
    return at + 1;
}

static inline const uint8_t *septet_json_skip_digits(const uint8_t *at)
{
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

static inline const uint8_t *septet_json_skip_word(const uint8_t *at, const char *word)
{
    for (; *word != '\0'; at++, word++)
        if (*at != (uint8_t)*word)
            return NULL;
    return at;
}

/* Set the octets that Python writes for a number without an exponent, if they are its first ones: an
 * integer but -0, or a decimal number of few digits that is not very small, without zeros at its end.
 */
static inline void septet_json_set_number(septet_json_value *value, const uint8_t *digits,
                                          const uint8_t *point, const uint8_t *end)
{
    const int is_zero = *digits == '0';
    const uint8_t *last = end, *nonzero = point + 1;
    value->type = SEPTET_JSON_OTHER;
    if (point == end) {
        if (is_zero && value->octets != digits)
            value->type = SEPTET_JSON_UNKNOWN;
    } else {
        while (last - point > 2 && last[-1] == '0')
            last--;
        while (nonzero < last && *nonzero == '0')
            nonzero++;
        if (end - digits > SEPTET_JSON_EXACT_DIGITS + 1 || (is_zero && nonzero < last && nonzero - point > 4))
            value->type = SEPTET_JSON_UNKNOWN;
    }
    value->length = last - value->octets;
}

static inline const uint8_t *septet_json_read_number(const uint8_t *at, septet_json_value *value)
{
    const uint8_t *digits, *point, *end;
    value->octets = at;
    digits = at + (*at == '-');
    if (*digits < '0' || *digits > '9')
        return NULL;
    point = end = *digits == '0' ? digits + 1 : septet_json_skip_digits(digits);
    if (*point == '.') {
        end = septet_json_skip_digits(point + 1);
        if (end == point + 1)
            return NULL;
    }
    septet_json_set_number(value, digits, point, end);
    if (*end == 'e' || *end == 'E') {
        end += end[1] == '+' || end[1] == '-' ? 2 : 1;
        if (*end < '0' || *end > '9')
            return NULL;
        end = septet_json_skip_digits(end);
        value->type = SEPTET_JSON_UNKNOWN;
    }
    return end - at > SEPTET_JSON_MAX_NUMBER ? NULL : end;
}

/* Read a value that is no list and no object. */
static inline const uint8_t *septet_json_read_simple(const uint8_t *at, const uint8_t *end,
                                                     septet_json_value *value)
{
    const uint8_t *after;
    if (*at == '"')
        return septet_json_read_string(at + 1, end, value);
    if (*at == 'n') {
        value->type = SEPTET_JSON_NULL;
        return septet_json_skip_word(at, "null");
    }
    if (*at != 't' && *at != 'f')
        return septet_json_read_number(at, value);
    after = septet_json_skip_word(at, *at == 't' ? "true" : "false");
    value->type = SEPTET_JSON_OTHER;
    value->octets = at;
    value->length = *at == 't' ? 4 : 5;
    return after;
}

/* Skip the key of an object, and the colon behind it. */
static inline const uint8_t *septet_json_skip_key(const uint8_t *at, const uint8_t *end)
{
    septet_json_value key;
    if (*at != '"' || (at = septet_json_read_string(at + 1, end, &key)) == NULL)
        return NULL;
    at = septet_json_skip_space(at);
    return *at == ':' ? septet_json_skip_space(at + 1) : NULL;
}

/* Skip a list or an object. */
static const uint8_t *septet_json_skip_nested(const uint8_t *at, const uint8_t *end)
{
    uint64_t objects = 0; /* the bit of each level, the innermost in the lowest: whether it is an object */
    int levels = 0;
    for (;;) {
        if (*at == '{' || *at == '[') {
            if (levels++ == SEPTET_JSON_MAX_LEVELS)
                return NULL;
            objects = objects << 1 | (*at == '{');
            at = septet_json_skip_space(at + 1);
            if (*at != (objects & 1 ? '}' : ']')) {
                if (objects & 1 && (at = septet_json_skip_key(at, end)) == NULL)
                    return NULL;
                continue;
            }
        } else {
            septet_json_value value;
            if ((at = septet_json_read_simple(at, end, &value)) == NULL)
                return NULL;
            at = septet_json_skip_space(at);
        }
        while (*at == (objects & 1 ? '}' : ']')) {
            at++;
            if (--levels == 0)
                return at;
            objects >>= 1;
            at = septet_json_skip_space(at);
        }
        if (*at != ',')
            return NULL;
        at = septet_json_skip_space(at + 1);
        if (objects & 1 && (at = septet_json_skip_key(at, end)) == NULL)
            return NULL;
    }
}

static inline uint8_t *septet_json_write_utf8(uint8_t *to, int32_t code)
{
    const int length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    int i;
    for (i = length - 1; i > 0; i--, code >>= 6)
        to[i] = (uint8_t)(0x80 | (code & 0x3F));
    to[0] = (uint8_t)(length == 1 ? code : (0xF00 >> length & 0xFF) | code);
    return to + length;
}

/* Decode a string with escapes, which takes at most its own length. Return its new length, -1 if it has a
 * lone surrogate.
 */
static ptrdiff_t septet_json_decode(const septet_json_value *value, uint8_t *decoded)
{
    const uint8_t *at = value->octets, *const end = at + value->length;
    uint8_t *to = decoded;
    for (;;) {
        const uint8_t *const escape = memchr(at, '\\', (size_t)(end - at));
        const size_t length = (size_t)((escape == NULL ? end : escape) - at);
        int32_t code, low;
        memcpy(to, at, length);
        to += length;
        if (escape == NULL)
            return to - decoded;
        at = escape + 2;
        if (escape[1] != 'u') {
            *to++ = septet_json_escaped(escape[1]);
            continue;
        }
        code = septet_json_unit(at);
        at += 4;
        if (code >= 0xD800 && code < 0xE000) {
            if (code >= 0xDC00 || end - at < 6 || at[0] != '\\' || at[1] != 'u')
                return -1;
            low = septet_json_unit(at + 2);
            if (low < 0xDC00 || low >= 0xE000)
                return -1;
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            at += 6;
        }
        to = septet_json_write_utf8(to, code);
    }
}

#endif
