/* Arena: memory that dies together. One per request or job; nothing in it is freed singly.
 * Running out of memory aborts: all state is in the store, and the caps on every size a
 * stranger controls keep an arena small. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A new, empty arena; arena_free releases it and all that came from it. */
struct arena *arena_new_arena(void);
void arena_free(struct arena *a);

/* Forgets everything but keeps the first block, for the next request. */
void arena_reset(struct arena *a);

/* Zeroed memory, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);

/* Makes an allocation of old_size bytes larger, in place if it can, and answers where it is now;
 * contents up to old_size stay. Nobody may use the old place any more. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);

/* Copies into the arena, with a final NUL. arena_dup(a, NULL) is NULL. */
char *arena_dup(struct arena *a, const char *s);
char *arena_dup_n(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_new_n(a, type, n) ((type *)arena_array((a), (n), sizeof(type)))
