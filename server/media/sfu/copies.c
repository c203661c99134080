/* Makes the copies of one packet for the slots that it goes to, encrypts them and sends them (copies.py calls this).
 *
 * Only what is ordinary is done here: the next packet of the stream that a slot shows. Every other slot is left to the
 * caller. Nothing is decrypted, and of a payload only VP8's descriptor is looked at.
 */

#define _GNU_SOURCE /* sendmmsg */

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

/* Copies a packet for rows[0..count), count <= MOST_COPIES, into an empty batch. `owner`: the stream it belongs to.
 * `picture`, `tl0`: the numbers of its VP8 descriptor, -1: it has none; `picture_at`, `tl0_at`: where they stand in the
 * payload; `wide`: the first has 15 bits.
 *
 * Returns how many are in `left`: places of the rows that nothing was done for. */
int32_t hallway_copy(Batch *batch, Protect protect, Row *const *rows, int32_t count, int64_t owner,
                     const uint8_t *payload, int32_t size, int32_t marker, uint32_t source, uint32_t timestamp,
                     double now, int32_t picture, int32_t wide, int32_t picture_at, int32_t tl0, int32_t tl0_at,
                     int32_t *left) {
    int32_t lefts = 0;
    batch->count = 0;
    for (int32_t k = 0; k < count; k++) {
        Row *row = rows[k];
        const Destination *to = row->to;
        uint32_t sequence = (source + row->sequence_offset) & 0xFFFF;
        uint32_t step = (sequence - row->last_sequence) & 0xFFFF;
        int length = HEADER_BYTES + size;
        if (!row->running || row->owner != owner || !row->session || !to->address_bytes || step == 0 || step >= 0x8000
            || length > MOST_BYTES) {
            left[lefts++] = k;
            continue;
        }
        Datagram *datagram = &batch->datagrams[batch->count];
        uint8_t *data = datagram->data, *body = data + HEADER_BYTES;
        uint32_t own_timestamp = timestamp + row->timestamp_offset;
        uint32_t own_picture = ((uint32_t)picture + row->picture_offset) & 0x7FFF;
        uint32_t own_tl0 = ((uint32_t)tl0 + row->tl0_offset) & 0xFF;
        data[0] = 0x80;
        data[1] = (uint8_t)(row->payload_type | (marker ? 0x80u : 0));
        put16(data + 2, sequence);
        put32(data + 4, own_timestamp);
        put32(data + 8, row->ssrc);
        memcpy(body, payload, (size_t)size);
        if (picture >= 0) {
            if (wide) put16(body + picture_at, 0x8000 | own_picture);
            else body[picture_at] = (uint8_t)(own_picture & 0x7F);
        }
        if (tl0 >= 0) body[tl0_at] = (uint8_t)own_tl0;
        if (protect(row->session, data, &length)) {
            left[lefts++] = k;
            continue;
        }
        if (picture >= 0) row->last_picture = (int32_t)own_picture;
        if (tl0 >= 0) row->last_tl0 = (int32_t)own_tl0;
        row->last_sequence = sequence;
        row->last_timestamp = own_timestamp;
        row->last_time = now;
        row->written++;
        row->packets++;
        row->octets += size;
        datagram->to = to;
        datagram->size = length;
        batch->count++;
    }
    return lefts;
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
int32_t hallway_send(Batch *batch, int32_t four, int32_t six, int64_t *bytes) {
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
