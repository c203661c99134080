/* Takes what came in at a socket, as far as it is ordinary, from the datagram to the copies (intake.py calls this).
 *
 * Ordinary is the next packet of a stream that is known, of somebody who has keys, for slots that are only to go on:
 * it is decrypted, counted, kept for resending and copied here. At anything else this stops and leaves it to Python,
 * with nothing done to it but that it may be decrypted; what follows is taken up after that, so all stays in order.
 * What is done here `Forwarder`, `Leg` and `Stream` do as well, and do alone where there is no compiler.
 */

#define _GNU_SOURCE /* recvmmsg */

#include <math.h>

#include "copies.h"

#define MOST_LETTERS 64 /* BATCH in intake.py, as all of these */
#define LETTER_BYTES 2048
#define PLACES 4096
#define LOOKED_AT 8
#define MOST_STREAMS 8
#define KEPT 512
#define MOST_TRIES 64
/* As in stream.py. */
#define MISSING_S 1.5
#define SPEAKING_ENERGY 75.0
#define ATTACK 0.3
#define RELEASE 0.05
#define SILENCE 127

/* A packet of a picture that may be asked for again; its payload is at the same place of `bodies`. */
typedef struct {
    uint32_t timestamp;
    uint16_t sequence, size;
    uint8_t used, marker, spare[2];
} Kept;

/* One incoming stream; `Arrivals` in arrivals.py says what is what. */
typedef struct {
    Row *const *rows;
    Kept *kept;
    uint8_t *bodies;
    int64_t number, received, cycles, transit;
    double clock_rate, jitter, last_packet, energy, spoke;
    int32_t count, on, is_sound, newest;
    uint32_t first, highest;
} Arrivals;

/* Whose packets come from an address. `session`: an srtp_t, NULL: there are no keys. `rate` and what follows: as in
 * token_bucket.py. */
typedef struct {
    void *session;
    int64_t leg;
    double rate, burst, tokens, updated;
    Arrivals *streams[MOST_STREAMS];
    uint32_t ssrcs[MOST_STREAMS];
} Talker;

typedef struct {
    Talker *talker;
    int32_t port, address_bytes;
    uint8_t address[16];
} Place;

typedef struct {
    int32_t size, port, address_bytes;
    uint32_t scope;
    uint8_t address[16];
    uint8_t data[LETTER_BYTES];
} Letter;

/* `count` datagrams came, those before `at` are done. `row`: of a packet that is being copied, where to go on, -1: of
 * none. `received`, `forwarded`, `unsent`, `sent_bytes`, `refused`: since somebody set them to zero. `left_*`: what
 * Python is to do. `four`, `six`: sockets that copies are sent through, -1: somebody else sends them. `is_full`: there
 * was no place for somebody once. */
typedef struct {
    Protect unprotect, protect;
    int64_t received, forwarded, unsent, sent_bytes, refused, left_leg;
    int32_t count, at, row, level_extension, four, six;
    int32_t left, left_size, is_full;
    Arrivals *arrivals;
    Packet packet;
    Place places[PLACES];
    Letter letters[MOST_LETTERS];
} Intake;

static void send_copies(Intake *intake, Batch *batch) {
    int64_t bytes;
    intake->unsent += send_all(batch, intake->four, intake->six, &bytes);
    intake->sent_bytes += bytes;
}

enum { DONE = 0, FULL = 1, DATAGRAM = 2, OPENED = 3 };

static uint32_t get16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t get32(const uint8_t *at) {
    return get16(at) << 16 | get16(at + 2);
}

/* --- whose it is -------------------------------------------------------------------------------------------------- */

static uint32_t first_place(const uint8_t *address, int32_t bytes, int32_t port) {
    uint32_t hash = 2166136261u ^ (uint32_t)port;
    for (int32_t k = 0; k < bytes; k++) hash = (hash ^ address[k]) * 16777619u;
    return (hash ^ hash >> 15) % PLACES;
}

static Place *place_of(Intake *intake, const uint8_t *address, int32_t bytes, int32_t port) {
    uint32_t first = first_place(address, bytes, port);
    for (uint32_t k = 0; k < LOOKED_AT; k++) {
        Place *place = &intake->places[(first + k) % PLACES];
        if (place->talker && place->port == port && place->address_bytes == bytes
            && !memcmp(place->address, address, (size_t)bytes))
            return place;
    }
    return 0;
}

/* Who is at an address from now on; NULL: nobody who is known. Where too many addresses want the same places the last
 * one gets none, and takes none from anybody: what comes from there is Python's. */
void hallway_know(Intake *intake, const uint8_t *address, int32_t bytes, int32_t port, Talker *talker) {
    Place *place = place_of(intake, address, bytes, port);
    uint32_t first = first_place(address, bytes, port);
    if (!talker) {
        if (place) place->talker = 0;
        return;
    }
    for (uint32_t k = 0; !place && k < LOOKED_AT; k++) {
        if (!intake->places[(first + k) % PLACES].talker) place = &intake->places[(first + k) % PLACES];
    }
    if (!place) {
        intake->is_full = 1;
        return;
    }
    place->talker = talker;
    place->port = port;
    place->address_bytes = bytes;
    memcpy(place->address, address, (size_t)bytes);
}

/* --- what it says ------------------------------------------------------------------------------------------------- */

/* As `_parse_extensions` in rtp.py; returns the audio level, -1: it is not given. */
static int32_t level_in(uint32_t profile, const uint8_t *data, int32_t size, int32_t wanted) {
    int two_bytes = (profile & 0xFFF0) == 0x1000;
    int32_t level = -1, at = 0;
    if (profile != 0xBEDE && !two_bytes) return -1;
    while (at < size) {
        int32_t key, length;
        if (data[at] == 0) {
            at++;
            continue;
        }
        if (two_bytes) {
            if (at + 2 > size) break;
            key = data[at];
            length = data[at + 1];
            at += 2;
        } else {
            key = data[at] >> 4;
            length = (data[at] & 0x0F) + 1;
            at++;
            if (key == 15) break;
        }
        if (at + length > size) break;
        if (key == wanted) level = length ? data[at] & 0x7F : -1;
        at += length;
    }
    return level;
}

/* As `parse_rtp` in rtp.py; 0: it is none. */
static int parse_rtp(const uint8_t *data, int32_t size, int32_t level_extension, Packet *packet, int32_t *level) {
    int32_t at = HEADER_BYTES, end = size;
    *level = -1;
    if (size < HEADER_BYTES || data[0] >> 6 != 2) return 0;
    at += 4 * (data[0] & 0x0F);
    if (data[0] & 0x10) {
        int32_t start = at + 4;
        if (size < start) return 0;
        at = start + 4 * (int32_t)get16(data + at + 2);
        if (size < at) return 0;
        *level = level_in(get16(data + start - 4), data + start, at - start, level_extension);
    }
    if (data[0] & 0x20) {
        end -= data[size - 1];
        if (data[size - 1] == 0) return 0;
    }
    if (at > end) return 0;
    packet->payload = data + at;
    packet->size = end - at;
    packet->marker = data[1] >> 7;
    packet->sequence = get16(data + 2);
    packet->timestamp = get32(data + 4);
    packet->picture = packet->tl0 = -1;
    packet->wide = packet->picture_at = packet->tl0_at = 0;
    return 1;
}

/* As `parse_vp8` in vp8.py; 0: it is cut short, or begins a keyframe. */
static int parse_vp8(Packet *packet) {
    const uint8_t *payload = packet->payload;
    int32_t size = packet->size, at = 1;
    if (size < 1) return 0;
    if (payload[0] & 0x80) {
        uint8_t flags;
        if (size < 2) return 0;
        flags = payload[1];
        at = 2;
        if (flags & 0x80) {
            if (at >= size) return 0;
            packet->picture_at = at;
            packet->wide = payload[at] >= 0x80;
            if (packet->wide) {
                if (at + 1 >= size) return 0;
                packet->picture = (int32_t)(get16(payload + at) & 0x7FFF);
                at += 2;
            } else {
                packet->picture = payload[at++];
            }
        }
        if (flags & 0x40) {
            if (at >= size) return 0;
            packet->tl0_at = at;
            packet->tl0 = payload[at++];
        }
        if (flags & 0x30) at++;
    }
    if (!(payload[0] & 0x10) || payload[0] & 0x07) return 1;
    return at < size && payload[at] & 0x01;
}

/* --- what is done with it ------------------------------------------------------------------------------------------ */

static int is_ordinary(const Arrivals *in, const Packet *packet, double now) {
    if (!in->received || now - in->last_packet > MISSING_S) return 0;
    if (!in->is_sound
        && (in->newest < 0 || ((packet->sequence - (uint32_t)in->newest) & 0xFFFF) != 1 || !in->kept
            || HEADER_BYTES + packet->size > MOST_BYTES))
        return 0;
    if (!in->on) return 1;
    if (in->count < 0) return 0;
    for (int32_t k = 0; k < in->count; k++) {
        if (!goes_on(in->rows[k], packet, in->number)) return 0;
    }
    return 1;
}

/* As `Reception.arrived`, `Losses.arrived`, `Stream._listen` and `History.put` do. */
static void count_in(Arrivals *in, const Packet *packet, int32_t level, double now) {
    uint32_t step = (packet->sequence - in->highest) & 0xFFFF;
    int64_t transit = (int64_t)(now * in->clock_rate) - (int64_t)packet->timestamp;
    int32_t moved = (int32_t)((uint32_t)transit - (uint32_t)in->transit);
    in->last_packet = now;
    in->received++;
    if (step && step < 0x8000) {
        if (packet->sequence < in->highest) in->cycles += 1 << 16;
        in->highest = packet->sequence;
    }
    in->jitter += (fabs((double)moved) - in->jitter) / 16;
    in->transit = transit;
    if (in->is_sound) {
        double energy = level < 0 ? SILENCE : SILENCE - level;
        in->energy += (energy - in->energy) * (energy > in->energy ? ATTACK : RELEASE);
        if (in->energy > SPEAKING_ENERGY) in->spoke = now;
    } else {
        uint32_t place = packet->sequence % KEPT;
        Kept *kept = &in->kept[place];
        in->newest = (int32_t)packet->sequence;
        kept->used = 1;
        kept->marker = (uint8_t)packet->marker;
        kept->sequence = (uint16_t)packet->sequence;
        kept->timestamp = packet->timestamp;
        kept->size = (uint16_t)packet->size;
        memcpy(in->bodies + (size_t)place * MOST_BYTES, packet->payload, (size_t)packet->size);
    }
}

static int leave(Intake *intake, int32_t size, int64_t leg, int kind) {
    intake->left = intake->at++;
    intake->left_size = size;
    intake->left_leg = leg;
    return kind;
}

/* Whether it is nobody's, as `Forwarder.receive_datagram` finds: a stranger may send any amount of that (RFC 7983). */
static int is_refused(const Intake *intake, const Letter *letter, const Place *place) {
    uint8_t first = letter->data[0];
    if (first < 4) return 0;
    if ((first < 20 || first >= 64) && (first < 128 || first >= 192)) return 1;
    return !place && letter->address_bytes && !letter->scope && !intake->is_full;
}

/* As `TokenBucket.take`. Asked after a packet is decrypted: nobody else can use up what this one may send. */
static int may_send(Talker *talker, double now) {
    double elapsed = now - talker->updated;
    if (elapsed > 0) {
        talker->updated = now;
        talker->tokens += elapsed * talker->rate;
        if (talker->tokens > talker->burst) talker->tokens = talker->burst;
    }
    if (talker->tokens < 1) return 0;
    talker->tokens -= 1;
    return 1;
}

/* One datagram, up to where its copies are made. */
static int take(Intake *intake, double now) {
    Letter *letter = &intake->letters[intake->at];
    uint8_t *data = letter->data;
    int size = letter->size;
    int32_t level;
    uint32_t ssrc;
    Arrivals *in = 0;
    Place *place = letter->scope ? 0 : place_of(intake, letter->address, letter->address_bytes, letter->port);
    if (!size || is_refused(intake, letter, place)) {
        intake->refused += size > 0;
        intake->at++;
        return DONE;
    }
    /* RFC 7983, RFC 5761 section 4: media, and no report. */
    if (size < HEADER_BYTES || size > MOST_BYTES || data[0] < 128 || data[0] >= 192 || (data[1] >= 192 && data[1] <= 223))
        return leave(intake, size, 0, DATAGRAM);
    if (!place || !place->talker->session) return leave(intake, size, 0, DATAGRAM);
    Talker *talker = place->talker;
    intake->received++;
    if (intake->unprotect(talker->session, data, &size)) {
        intake->at++;
        return DONE;
    }
    if (!may_send(talker, now)) {
        intake->refused++;
        intake->at++;
        return DONE;
    }
    if (size < HEADER_BYTES) return leave(intake, size, talker->leg, OPENED);
    ssrc = get32(data + 8);
    for (int k = 0; k < MOST_STREAMS && !in; k++) {
        if (talker->streams[k] && talker->ssrcs[k] == ssrc) in = talker->streams[k];
    }
    if (!in || !parse_rtp(data, size, intake->level_extension, &intake->packet, &level)
        || (!in->is_sound && !parse_vp8(&intake->packet)) || !is_ordinary(in, &intake->packet, now))
        return leave(intake, size, talker->leg, OPENED);
    count_in(in, &intake->packet, level, now);
    if (in->on) {
        intake->arrivals = in;
        intake->row = 0;
    } else {
        intake->at++;
    }
    return DONE;
}

/* --- the socket --------------------------------------------------------------------------------------------------- */

static void note_address(Letter *letter, const Address *address) {
    letter->scope = 0;
    if (address->any.sa_family == AF_INET6) {
        letter->address_bytes = 16;
        letter->port = ntohs(address->six.sin6_port);
        letter->scope = address->six.sin6_scope_id;
        memcpy(letter->address, &address->six.sin6_addr, 16);
    } else {
        letter->address_bytes = 4;
        letter->port = ntohs(address->four.sin_port);
        memcpy(letter->address, &address->four.sin_addr, 4);
    }
}

/* Reads what a socket has, MOST_LETTERS at most; all of before must be done. */
static void read_all(Intake *intake, int32_t descriptor) {
    Address from[MOST_LETTERS];
    int tries = 0, found = 0;
#ifdef __linux__
    struct mmsghdr messages[MOST_LETTERS];
    struct iovec pieces[MOST_LETTERS];
    memset(messages, 0, sizeof messages);
    for (int k = 0; k < MOST_LETTERS; k++) {
        pieces[k].iov_base = intake->letters[k].data;
        pieces[k].iov_len = LETTER_BYTES;
        messages[k].msg_hdr.msg_iov = &pieces[k];
        messages[k].msg_hdr.msg_iovlen = 1;
        messages[k].msg_hdr.msg_name = &from[k];
        messages[k].msg_hdr.msg_namelen = sizeof from[k];
    }
    /* An error that is not "nothing is here" is an ICMP message of a client that is gone. */
    do found = recvmmsg(descriptor, messages, MOST_LETTERS, MSG_DONTWAIT, 0);
    while (found < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EBADF && ++tries < MOST_TRIES);
    for (int k = 0; k < found; k++) intake->letters[k].size = (int32_t)messages[k].msg_len;
#else
    while (found < MOST_LETTERS && tries < MOST_TRIES) {
        socklen_t room = sizeof from[found];
        ssize_t size =
            recvfrom(descriptor, intake->letters[found].data, LETTER_BYTES, MSG_DONTWAIT, &from[found].any, &room);
        if (size >= 0) {
            intake->letters[found++].size = (int32_t)size;
        } else {
            if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EBADF) break;
            tries++;
        }
    }
#endif
    if (found < 0) found = 0;
    for (int k = 0; k < found; k++) note_address(&intake->letters[k], &from[k]);
    intake->at = 0;
    intake->row = -1;
    intake->count = found;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

/* Goes on with what came, into a batch that has room for at least one copy, or is sent when it is full. */
static int go_on(Intake *intake, Batch *batch, double now) {
    while (intake->at < intake->count) {
        if (intake->row < 0) {
            int kind = take(intake, now);
            if (kind != DONE) return kind;
            continue;
        }
        for (; intake->row < intake->arrivals->count; intake->row++) {
            if (batch->count == MOST_COPIES) {
                if (intake->four < 0) return FULL;
                send_copies(intake, batch);
            }
            intake->forwarded +=
                make_copy(batch, intake->protect, intake->arrivals->rows[intake->row], &intake->packet, now);
        }
        intake->row = -1;
        intake->at++;
    }
    return DONE;
}

/* Reads what a socket has, if there is a `descriptor`: all of before must be done; -1: goes on with what came.
 *
 * DONE: nothing is left. FULL: the batch must be emptied. DATAGRAM: the datagram `left` is Python's; OPENED: the packet
 * in it is, which is decrypted and came from `left_leg`. */
int32_t hallway_take(Intake *intake, Batch *batch, int32_t descriptor, double now) {
    if (descriptor >= 0) read_all(intake, descriptor);
    int kind = go_on(intake, batch, now);
    if (intake->four >= 0 && batch->count) send_copies(intake, batch);
    return kind;
}
