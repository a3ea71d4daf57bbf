/* huge_pages.h: ask the system for huge pages, so that fresh memory takes few page faults.
 *
 * Linux has them; elsewhere nothing happens. On many systems a program gets them only if it asks.
 */
#ifndef SEPTET_HUGE_PAGES_H
#define SEPTET_HUGE_PAGES_H

#include <stddef.h>
#include <stdint.h>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#define SEPTET_HUGE ((size_t)1 << 22) /* bytes from which on it is worth asking: two pages of x86-64 */

static inline void septet_ask_for_huge_pages(uint8_t *memory, size_t size)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    /* All pages of the block, whose own fields are beside the memory: otherwise realloc could not move them. */
    const uintptr_t start = (uintptr_t)memory / page * page;
    const uintptr_t stop = ((uintptr_t)memory + size + page - 1) / page * page;
    if (size >= SEPTET_HUGE)
        madvise((void *)start, stop - start, MADV_HUGEPAGE); /* a hint: failure does not matter */
#else
    (void)memory;
    (void)size;
#endif
}

#endif
