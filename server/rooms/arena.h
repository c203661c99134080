/* The scratch of one tick: what was asked for is never given back, and the caller is told how much it takes. */

#ifndef HALLWAY_ARENA_H
#define HALLWAY_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct { uint8_t *at; size_t left, wanted; } Arena;

static void *take(Arena *arena, size_t bytes) {
    bytes = (bytes + 15) & ~(size_t)15;
    arena->wanted += bytes;
    if (bytes > arena->left) {
        arena->left = 0;
        return NULL;
    }
    void *found = arena->at;
    arena->at += bytes;
    arena->left -= bytes;
    return found;
}

#endif
