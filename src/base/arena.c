/* A chain of blocks, newest first. Small requests are cut from the newest block; one that does
 * not fit starts a block of at least its own size. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct block {
    struct block *older;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *newest;
};

static struct block *block_new(struct block *older, size_t size)
{
    struct block *b = malloc(sizeof(*b) + size);

    if (b == NULL)
        abort();
    b->older = older;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new_arena(void)
{
    struct arena *a = malloc(sizeof(*a));

    if (a == NULL)
        abort();
    a->newest = block_new(NULL, BLOCK_SIZE);
    return a;
}

void arena_reset(struct arena *a)
{
    while (a->newest->older != NULL) {
        struct block *gone = a->newest;

        a->newest = gone->older;
        free(gone);
    }
    a->newest->used = 0;
}

void arena_free(struct arena *a)
{
    if (a == NULL)
        return;
    arena_reset(a);
    free(a->newest);
    free(a);
}

static size_t align_up(size_t n)
{
    const size_t to = alignof(max_align_t);

    return (n + to - 1) / to * to;
}

/* Uninitialized memory. */
static void *take(struct arena *a, size_t size)
{
    struct block *b = a->newest;
    size_t start = align_up(b->used);

    if (size > SIZE_MAX / 4)
        abort();
    if (start > b->size || size > b->size - start) {
        b = block_new(b, size > BLOCK_SIZE ? align_up(size) : BLOCK_SIZE);
        a->newest = b;
        start = 0;
    }
    b->used = start + size;
    return b->bytes + start;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(take(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        abort();
    return arena_alloc(a, total);
}

/* What is larger than BLOCK_SIZE fills a block of its own, which is exchanged for a larger one: a
 * text that doubles leaves no halves behind. */
static void *grow_block(struct arena *a, void *old, size_t new_size)
{
    struct block **at = &a->newest, *b;

    while ((*at)->bytes != (char *)old)
        at = &(*at)->older;
    if (new_size > SIZE_MAX / 4)
        abort();
    b = realloc(*at, sizeof(*b) + align_up(new_size));
    if (b == NULL)
        abort();
    b->size = align_up(new_size);
    b->used = new_size;
    *at = b;
    return b->bytes;
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size)
{
    struct block *b = a->newest;
    char *end = old == NULL ? NULL : (char *)old + old_size;
    void *moved;

    if (end == b->bytes + b->used && new_size - old_size <= b->size - b->used) {
        b->used += new_size - old_size;
        return old;
    }
    if (old_size > BLOCK_SIZE)
        return grow_block(a, old, new_size);
    moved = take(a, new_size);
    if (old_size > 0)
        memcpy(moved, old, old_size);
    return moved;
}

char *arena_dup_n(struct arena *a, const char *s, size_t n)
{
    char *copy = take(a, n + 1);

    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *arena_dup(struct arena *a, const char *s)
{
    return s == NULL ? NULL : arena_dup_n(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    char *text;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        abort();
    text = take(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}
