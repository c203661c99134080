/* What copies.c and intake.c share: the numbers of an outgoing stream, and one copy made and encrypted. */

#ifndef HALLWAY_COPIES_H
#define HALLWAY_COPIES_H

#include <stdint.h>
#include <string.h>

#define HEADER_BYTES 12
#define MOST_BYTES 1500 /* MAX_BYTES in srtp.py */
#define TRAILER_BYTES 144
#define MOST_COPIES 64

typedef int (*Protect)(void *session, void *packet, int *size);

/* `address_bytes`: 4, 16, or 0: it is not known. */
typedef struct {
    int32_t port, address_bytes;
    uint8_t address[16];
} Destination;

/* One slot's outgoing stream; `Row` in copies.py says what is what. `session`: an srtp_t, NULL: there are no keys. */
typedef struct {
    void *session;
    const Destination *to;
    int64_t owner, written, packets, octets;
    double last_time;
    uint32_t running, payload_type, ssrc;
    uint32_t sequence_offset, last_sequence, timestamp_offset, last_timestamp;
    uint32_t picture_offset, tl0_offset;
    int32_t last_picture, last_tl0;
} Row;

typedef struct {
    const Destination *to;
    int32_t size;
    uint8_t data[MOST_BYTES + TRAILER_BYTES];
} Datagram;

typedef struct {
    int32_t count;
    Datagram datagrams[MOST_COPIES];
} Batch;

static void put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value);
}

/* A packet that is to be copied. `picture`, `tl0`: the numbers of its VP8 descriptor, -1: it has none; `picture_at`,
 * `tl0_at`: where they stand in the payload; `wide`: the first has 15 bits. */
typedef struct {
    const uint8_t *payload;
    int32_t size, marker;
    uint32_t sequence, timestamp;
    int32_t picture, wide, picture_at, tl0, tl0_at;
} Packet;

/* Whether a row is only to go on with a packet of the stream `owner`; every other row is Python's. */
static int goes_on(const Row *row, const Packet *packet, int64_t owner) {
    uint32_t step = (packet->sequence + row->sequence_offset - row->last_sequence) & 0xFFFF;
    return row->running && row->owner == owner && row->session && row->to->address_bytes && step && step < 0x8000
           && HEADER_BYTES + packet->size <= MOST_BYTES;
}

/* Puts a row's copy into a batch that is not full; the row goes on. 0: it could not be encrypted. */
static int make_copy(Batch *batch, Protect protect, Row *row, const Packet *packet, double now) {
    Datagram *datagram = &batch->datagrams[batch->count];
    uint8_t *data = datagram->data, *body = data + HEADER_BYTES;
    uint32_t sequence = (packet->sequence + row->sequence_offset) & 0xFFFF;
    uint32_t timestamp = packet->timestamp + row->timestamp_offset;
    uint32_t picture = ((uint32_t)packet->picture + row->picture_offset) & 0x7FFF;
    uint32_t tl0 = ((uint32_t)packet->tl0 + row->tl0_offset) & 0xFF;
    int length = HEADER_BYTES + packet->size;
    data[0] = 0x80;
    data[1] = (uint8_t)(row->payload_type | (packet->marker ? 0x80u : 0));
    put16(data + 2, sequence);
    put32(data + 4, timestamp);
    put32(data + 8, row->ssrc);
    memcpy(body, packet->payload, (size_t)packet->size);
    if (packet->picture >= 0) {
        if (packet->wide) put16(body + packet->picture_at, 0x8000 | picture);
        else body[packet->picture_at] = (uint8_t)(picture & 0x7F);
    }
    if (packet->tl0 >= 0) body[packet->tl0_at] = (uint8_t)tl0;
    if (protect(row->session, data, &length)) return 0;
    if (packet->picture >= 0) row->last_picture = (int32_t)picture;
    if (packet->tl0 >= 0) row->last_tl0 = (int32_t)tl0;
    row->last_sequence = sequence;
    row->last_timestamp = timestamp;
    row->last_time = now;
    row->written++;
    row->packets++;
    row->octets += packet->size;
    datagram->to = row->to;
    datagram->size = length;
    batch->count++;
    return 1;
}

#endif
