/* string.h: what the headers call of C's string.h, for there is no library in the module. */
#ifndef SEPTET_STRING_H
#define SEPTET_STRING_H

#include <stddef.h>

/* The compiler has instructions for these. */
static inline void *memcpy(void *to, const void *from, size_t size) { return __builtin_memcpy(to, from, size); }
static inline void *memmove(void *to, const void *from, size_t size) { return __builtin_memmove(to, from, size); }
static inline void *memset(void *to, int octet, size_t size) { return __builtin_memset(to, octet, size); }

#endif
