/* What copies.c and intake.c share: the numbers of an outgoing stream, one copy made and encrypted, and many sent.
 *
 * _GNU_SOURCE must be defined for sendmmsg. */

#ifndef HALLWAY_COPIES_H
#define HALLWAY_COPIES_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define HEADER_BYTES 12
#define MOST_BYTES 1500 /* MAX_BYTES in srtp.py */
#define TRAILER_BYTES 144
#define MOST_COPIES 64

typedef int (*Protect)(void *session, void *packet, int *size);

/* `address_bytes`: 4, 16, or 0: it is not known. `has_keys`: something may be sent there. */
typedef struct {
    int32_t port, address_bytes, has_keys;
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

/* Whether a row is only to go on with a packet of the stream `owner`; every other row is Python's. One of somebody who
 * has no keys goes on as well: who is long in coming up must not make slow what goes to all others. */
static int goes_on(const Row *row, const Packet *packet, int64_t owner) {
    uint32_t step = (packet->sequence + row->sequence_offset - row->last_sequence) & 0xFFFF;
    int is_clear = row->session ? row->to->address_bytes : !row->to->has_keys;
    return row->running && row->owner == owner && is_clear && step && step < 0x8000
           && HEADER_BYTES + packet->size <= MOST_BYTES;
}

/* Puts a row's copy into a batch that is not full, if it has a session; the row goes on. 0: it could not be encrypted. */
static int make_copy(Batch *batch, Protect protect, Row *row, const Packet *packet, double now) {
    Datagram *datagram = &batch->datagrams[batch->count];
    uint8_t *data = datagram->data, *body = data + HEADER_BYTES;
    uint32_t sequence = (packet->sequence + row->sequence_offset) & 0xFFFF;
    uint32_t timestamp = packet->timestamp + row->timestamp_offset;
    uint32_t picture = ((uint32_t)packet->picture + row->picture_offset) & 0x7FFF;
    uint32_t tl0 = ((uint32_t)packet->tl0 + row->tl0_offset) & 0xFF;
    int length = HEADER_BYTES + packet->size;
    if (row->session) {
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
        datagram->to = row->to;
        datagram->size = length;
        batch->count++;
    }
    if (packet->picture >= 0) row->last_picture = (int32_t)picture;
    if (packet->tl0 >= 0) row->last_tl0 = (int32_t)tl0;
    row->last_sequence = sequence;
    row->last_timestamp = timestamp;
    row->last_time = now;
    row->written++;
    row->packets++;
    row->octets += packet->size;
    return 1;
}

typedef union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
} Address;

static socklen_t address_of(const Destination *to, Address *address) {
    memset(address, 0, sizeof *address);
    if (to->address_bytes == 4) {
        address->four.sin_family = AF_INET;
        address->four.sin_port = htons((uint16_t)to->port);
        memcpy(&address->four.sin_addr, to->address, 4);
        return sizeof address->four;
    }
    address->six.sin6_family = AF_INET6;
    address->six.sin6_port = htons((uint16_t)to->port);
    memcpy(&address->six.sin6_addr, to->address, 16);
    return sizeof address->six;
}

#ifdef __linux__

/* Of `count` datagrams through one socket, the bytes of those that it took; *unsent: how many it did not. */
static int64_t send_through(int descriptor, Datagram *const *datagrams, int count, int32_t *unsent) {
    struct mmsghdr messages[MOST_COPIES];
    struct iovec pieces[MOST_COPIES];
    Address addresses[MOST_COPIES];
    int64_t bytes = 0;
    memset(messages, 0, sizeof messages[0] * (size_t)count);
    for (int k = 0; k < count; k++) {
        pieces[k].iov_base = datagrams[k]->data;
        pieces[k].iov_len = (size_t)datagrams[k]->size;
        messages[k].msg_hdr.msg_iov = &pieces[k];
        messages[k].msg_hdr.msg_iovlen = 1;
        messages[k].msg_hdr.msg_name = &addresses[k];
        messages[k].msg_hdr.msg_namelen = address_of(datagrams[k]->to, &addresses[k]);
    }
    for (int done = 0; done < count;) {
        int sent = sendmmsg(descriptor, messages + done, (unsigned)(count - done), MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) {
            /* One that nobody takes must not keep back those behind it. */
            (*unsent)++;
            done++;
            continue;
        }
        for (int k = done; k < done + sent; k++) bytes += datagrams[k]->size;
        done += sent;
    }
    return bytes;
}

#else

static int64_t send_through(int descriptor, Datagram *const *datagrams, int count, int32_t *unsent) {
    int64_t bytes = 0;
    for (int k = 0; k < count; k++) {
        Address address;
        socklen_t size = address_of(datagrams[k]->to, &address);
        ssize_t sent;
        do sent = sendto(descriptor, datagrams[k]->data, (size_t)datagrams[k]->size, MSG_DONTWAIT, &address.any, size);
        while (sent < 0 && errno == EINTR);
        if (sent < 0) (*unsent)++;
        else bytes += datagrams[k]->size;
    }
    return bytes;
}

#endif

/* Sends what is in a batch and empties it; `four`, `six`: sockets for both kinds of addresses. Returns how many of the
 * datagrams a socket did not take; *bytes: of the others. */
static int32_t send_all(Batch *batch, int32_t four, int32_t six, int64_t *bytes) {
    Datagram *found[MOST_COPIES];
    int32_t unsent = 0;
    *bytes = 0;
    for (int family = 4; family <= 16; family += 12) {
        int count = 0;
        for (int32_t k = 0; k < batch->count; k++) {
            if (batch->datagrams[k].to->address_bytes == family) found[count++] = &batch->datagrams[k];
        }
        if (count) *bytes += send_through(family == 4 ? four : six, found, count, &unsent);
    }
    batch->count = 0;
    return unsent;
}

#endif
