/* arena.h: the memory behind the module's own, which grows as texts need it.
 *
 * It begins with the text of a call, in UTF-16. What the call makes is pushed behind the text, and
 * forgotten when the next call begins.
 */
#ifndef SEPTET_ARENA_H
#define SEPTET_ARENA_H

#include <stddef.h>
#include <stdint.h>

extern uint8_t __heap_base[]; /* the linker's name for the end of the module's own memory */

enum { SEPTET_PAGE_OCTETS = 0x10000, SEPTET_ARENA_ALIGNMENT = 8 };

static uintptr_t septet_top; /* of what is in use */
static int septet_lacked_memory; /* something of this call could not be pushed */

static inline uintptr_t septet_align(uintptr_t address)
{
    return (address + SEPTET_ARENA_ALIGNMENT - 1) & ~(uintptr_t)(SEPTET_ARENA_ALIGNMENT - 1);
}

static inline uint16_t *septet_text_buffer(void) { return (uint16_t *)septet_align((uintptr_t)__heap_base); }

/* Make `octets` more of the memory usable; return 0 if there is not as much. */
static int septet_make_room(size_t octets)
{
    const size_t pages = __builtin_wasm_memory_size(0);
    const uint64_t wanted = (uint64_t)septet_top + octets, present = (uint64_t)pages * SEPTET_PAGE_OCTETS;
    size_t more;
    if (wanted <= present)
        return 1;
    more = (size_t)((wanted - present + SEPTET_PAGE_OCTETS - 1) / SEPTET_PAGE_OCTETS);
    /* Grow by a half, so that pushing many small things is cheap; or else by what is needed. */
    return (more < pages / 2 && __builtin_wasm_memory_grow(0, pages / 2) != (size_t)-1)
        || __builtin_wasm_memory_grow(0, more) != (size_t)-1;
}

/* Allocate octets at the top of the arena. Return their address, or NULL if memory is exhausted. */
static void *septet_push(size_t octets)
{
    void *const memory = (void *)septet_top;
    if (!septet_make_room(octets)) {
        septet_lacked_memory = 1;
        return NULL;
    }
    septet_top += octets;
    return memory;
}

static void septet_put(uint32_t word)
{
    uint32_t *const pushed = septet_push(sizeof word);
    if (pushed != NULL)
        *pushed = word;
}

#endif
