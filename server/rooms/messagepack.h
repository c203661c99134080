/* Writing MessagePack, as msgspec writes it: the shortest form of each value. What does not fit is counted, not written:
 * `wanted` then says how much room it takes. */

#ifndef HALLWAY_MESSAGEPACK_H
#define HALLWAY_MESSAGEPACK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct { uint8_t *at, *end; size_t wanted; } Writer;

static void put(Writer *o, const void *bytes, size_t count) {
    o->wanted += count;
    if (o->at + count > o->end) {
        o->at = o->end;
        return;
    }
    memcpy(o->at, bytes, count);
    o->at += count;
}

static void put_byte(Writer *o, int value) {
    uint8_t byte = (uint8_t)value;
    put(o, &byte, 1);
}

static void put_big(Writer *o, int head, uint64_t value, int bytes) {
    uint8_t buffer[9] = {(uint8_t)head};
    for (int k = 0; k < bytes; k++) buffer[1 + k] = (uint8_t)(value >> (8 * (bytes - 1 - k)));
    put(o, buffer, (size_t)bytes + 1);
}

static void put_int(Writer *o, int64_t value) {
    if (value < 0) {
        if (value >= -32) put_byte(o, (int)value);
        else put_big(o, 0xd0, (uint64_t)value & 0xff, 1);
    } else if (value < 128) put_byte(o, (int)value);
    else if (value < 256) put_big(o, 0xcc, (uint64_t)value, 1);
    else if (value < 65536) put_big(o, 0xcd, (uint64_t)value, 2);
    else if (value <= 0xffffffffLL) put_big(o, 0xce, (uint64_t)value, 4);
    else put_big(o, 0xcf, (uint64_t)value, 8);
}

static inline void put_bin(Writer *o, const uint8_t *bytes, size_t count) {
    if (count < 256) put_big(o, 0xc4, count, 1);
    else if (count < 65536) put_big(o, 0xc5, count, 2);
    else put_big(o, 0xc6, count, 4);
    put(o, bytes, count);
}

#endif
