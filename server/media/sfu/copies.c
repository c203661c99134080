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

#include "copies.h"

/* Copies a packet for rows[0..count), count <= MOST_COPIES, into an empty batch. `owner`: the stream it belongs to;
 * the other numbers: as in `Packet`.
 *
 * Returns how many are in `left`: places of the rows that nothing was done for. */
int32_t hallway_copy(Batch *batch, Protect protect, Row *const *rows, int32_t count, int64_t owner,
                     const uint8_t *payload, int32_t size, int32_t marker, uint32_t source, uint32_t timestamp,
                     double now, int32_t picture, int32_t wide, int32_t picture_at, int32_t tl0, int32_t tl0_at,
                     int32_t *left) {
    Packet packet = {payload, size, marker, source, timestamp, picture, wide, picture_at, tl0, tl0_at};
    int32_t lefts = 0;
    batch->count = 0;
    for (int32_t k = 0; k < count; k++) {
        if (!goes_on(rows[k], &packet, owner) || !make_copy(batch, protect, rows[k], &packet, now)) left[lefts++] = k;
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
