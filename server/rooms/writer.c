/* Writes the messages of one tick to the sockets they go to (server/rooms/direct.py calls this).
 *
 * A message is framed once (RFC 6455 section 5.2) for all who get it; a client costs one system call, and nothing else,
 * and the events that it is told in the same tick go with it.
 * What a socket does not take is left to the caller, who hands it to the event loop.
 */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define FIN_BINARY 0x82
#define MOST_BYTES 16384 /* larger messages are rare: they are left to the caller */
#define HEAD_BYTES 4
#define NO_MESSAGE -1

typedef struct { int32_t client, message, sent; } Unsent;

static size_t frame(uint8_t *at, const uint8_t *message, size_t size) {
    size_t head = 2;
    at[0] = FIN_BINARY;
    if (size < 126) {
        at[1] = (uint8_t)size;
    } else {
        at[1] = 126;
        at[2] = (uint8_t)(size >> 8);
        at[3] = (uint8_t)size;
        head = 4;
    }
    memcpy(at + head, message, size);
    return head + size;
}

/* Hands both pieces over with one system call; how many bytes the socket took, -1: none. */
static ssize_t push(int socket, const uint8_t *events, size_t events_size, const uint8_t *framed, size_t size) {
    struct iovec pieces[2] = {{(void *)events, events_size}, {(void *)framed, size}};
    struct msghdr message = {.msg_iov = events_size ? pieces : pieces + 1, .msg_iovlen = events_size && size ? 2 : 1};
    ssize_t sent;
    do sent = events_size ? sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL)
                          : send(socket, framed, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

/* recipient[] lists, message by message, how many clients it goes to and who they are; message m lies at out + offset[m]
 * and is length[m] long. sockets[client]: where to write, -1: nowhere from here.
 *
 * told[] lists the clients that are told something beside: whole frames, at events + begins[client], sizes[client] long.
 * They go before the client's message, or alone. No other client has a size, and afterwards nobody has.
 *
 * Returns how many are in `unsent`: clients that did not take all, but `sent` bytes of it, events and framed message.
 * *bytes: of all messages, for each client that they go to. */
int32_t hallway_write(const uint8_t *out, const int32_t *offset, const int32_t *length, const int32_t *recipient,
                      int32_t messages, const int32_t *sockets, const uint8_t *events, const int32_t *begins,
                      int32_t *sizes, const int32_t *told, int32_t told_count, Unsent *unsent, int64_t *bytes) {
    uint8_t framed[MOST_BYTES + HEAD_BYTES];
    int32_t left = 0, place = 0;
    *bytes = 0;
    for (int32_t m = 0; m < messages; m++) {
        int32_t clients = recipient[place++];
        size_t size = length[m] <= MOST_BYTES ? frame(framed, out + offset[m], (size_t)length[m]) : 0;
        *bytes += (int64_t)length[m] * clients;
        for (int32_t k = 0; k < clients; k++) {
            int32_t client = recipient[place++], socket = sockets[client];
            size_t before = (size_t)sizes[client];
            ssize_t sent = -1;
            sizes[client] = 0;
            if (socket >= 0 && size) {
                sent = push(socket, events + begins[client], before, framed, size);
                if (sent == (ssize_t)(before + size)) continue;
            }
            /* Of an error, too, the event loop hears when it writes: it ends the connection. */
            Unsent rest = {client, m, sent > 0 ? (int32_t)sent : 0};
            unsent[left++] = rest;
        }
    }
    for (int32_t k = 0; k < told_count; k++) {
        int32_t client = told[k];
        size_t size = (size_t)sizes[client];
        sizes[client] = 0;
        if (!size) continue;
        ssize_t sent = push(sockets[client], events + begins[client], size, framed, 0);
        if (sent == (ssize_t)size) continue;
        Unsent rest = {client, NO_MESSAGE, sent > 0 ? (int32_t)sent : 0};
        unsent[left++] = rest;
    }
    return left;
}
