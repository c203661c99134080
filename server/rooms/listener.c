/* Reads what the clients of one room say, when a tick begins (server/rooms/listener.py calls this).
 *
 * Nearly all of it is an INPUT or a PING (STANDARD.md sections 3.2 and 3.4). Those are cut out of their frames, checked
 * and counted here as Connection, ServerSession, InputQueue and Baselines do, on columns, so that a message touches a
 * few lines of memory and not a dozen objects. Everything else, from the first byte of its frame on, is the caller's:
 * other messages, other frames, parts of a frame, whatever is against the standard or beyond a limit.
 */

#ifdef __linux__ /* elsewhere there is no epoll, and the event loop reads all sockets */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "messagepack.h"

#define RING 64 /* RING_TICKS in baselines.py */
#define NONE 0
#define NO_SLACK (-32768)
#define SLACK_MIN (-128)
#define SLACK_MAX 127
#define MAX_COURSES 32
#define COURSE_END 0x30 /* CLIENT_COURSE_END */
#define KIND_INPUT 2
#define KIND_PING 4

/* What one connection may still say: TokenBucket and FloodGate in protocol/token_bucket.py. */
typedef struct {
    double rate, burst, tokens, updated;
    double window, ends;
    int64_t limit, counted;
} Allowance;

/* The courses of one client that wait for their tick, due rising: InputQueue in protocol/input_queue.py. */
typedef struct { int64_t due, number; int32_t course, slack; } Course;
typedef struct { int64_t newest; Course waiting[MAX_COURSES]; } Queue;

typedef struct {
    /* columns by avatar: its queue, how many courses wait in it, and of the newest that took effect number and tick of
     * it, and how early it came */
    Queue *queue;
    int32_t *waiting;
    int64_t *applied, *applied_tick, *slack;
    uint16_t *due_id;
    uint8_t *due_course;
    int64_t max_ahead, discarded, corrections;
    int32_t rows, due_count;
} Courses;

/* `sent` bytes of `frame` are with the client, `length` long; 0: nothing is, and the caller is to answer. */
typedef struct { int32_t avatar; uint32_t token; int32_t sent, length; uint8_t frame[24]; } Ping;
typedef struct { int32_t socket, offset, length, reads; } Rest;

typedef struct {
    Courses *courses;
    /* columns by avatar: server/rooms/baselines.py */
    const uint8_t *connected, *reliable;
    int64_t *base_tick;
    int32_t *base_home;
    const int64_t *sent, *completed, *sent_ticks;
    const int32_t *sent_homes;
    int64_t *acked, *unacked_since;
    Allowance *allowance;
    /* by avatar: the socket, if whole frames may be written to it from here (server/rooms/direct.py); NULL: none */
    const int32_t *direct;
    /* the newest ack that came over the event lane's connection, for EventLog in protocol/event_log.py */
    int64_t *said_ack;
    /* by socket: whose it is, 0: not one that is read here */
    const int32_t *avatar_of;
    void *ready;
    Ping *pings;
    Rest *rests;
    uint8_t *bytes;
    int64_t tick, resend_ticks;
    double now;
    int32_t phase, pong_kind, answers;
    int32_t rows, sockets, poll, most_ready, ping_room, room, read_bytes, most_reads;
    int32_t ping_count, rest_count, messages;
} Listener;

/* ---- courses ---- */

/* Take the new courses of an INPUT: (course, before) each, newest first. `tick`: the newest that the world computed. */
void hallway_push(Courses *c, int32_t avatar, int64_t seq, int64_t meant, const uint8_t *entries, int32_t count, int64_t tick) {
    Queue *q = &c->queue[avatar];
    int32_t *waiting = &c->waiting[avatar];
    int64_t fresh = seq - q->newest, following = tick + 1, latest = tick + c->max_ahead;
    if (fresh <= 0 || count <= 0) return;
    for (int32_t k = (int32_t)(fresh < count ? fresh : count) - 1; k >= 0; k--) {
        int64_t due = following, slack = NO_SLACK;
        if (meant) {
            int64_t wanted = meant - entries[2 * k + 1];
            slack = wanted - following < SLACK_MIN ? SLACK_MIN : wanted - following > SLACK_MAX ? SLACK_MAX : wanted - following;
            due = wanted < latest ? wanted : latest;
            if (due < following) due = following;
        }
        /* Due with or before its predecessor: both fall on one tick, and of those the newest wins. */
        if (*waiting && due <= q->waiting[*waiting - 1].due) {
            due = q->waiting[--*waiting].due;
        } else if (*waiting >= MAX_COURSES) {
            c->discarded++;
            continue;
        }
        Course course = {due, seq - k, entries[2 * k], (int32_t)slack};
        q->waiting[(*waiting)++] = course;
    }
    q->newest = seq;
}

/* Take what takes effect in `tick`: due_count of due_id and due_course. */
void hallway_due(Courses *c, int64_t tick) {
    c->due_count = 0;
    for (int32_t i = 1; i < c->rows; i++) {
        int32_t taken = 0;
        if (!c->waiting[i]) continue;
        Queue *q = &c->queue[i];
        while (taken < c->waiting[i] && q->waiting[taken].due <= tick) taken++;
        if (!taken) continue;
        const Course *newest = &q->waiting[taken - 1];
        c->due_id[c->due_count] = (uint16_t)i;
        c->due_course[c->due_count++] = (uint8_t)newest->course;
        c->applied[i] = newest->number;
        c->applied_tick[i] = tick;
        c->slack[i] = newest->slack;
        if (newest->slack < 0 && newest->slack != NO_SLACK) c->corrections++;
        c->waiting[i] -= taken;
        memmove(q->waiting, q->waiting + taken, sizeof(Course) * (size_t)c->waiting[i]);
    }
}

/* ---- one message ---- */

typedef struct { const uint8_t *at, *end; int bad; } Reader;

static uint32_t take_uint(Reader *r) {
    if (r->at >= r->end) return r->bad = 1, 0;
    int head = *r->at++, bytes = head < 0x80 ? 0 : head >= 0xcc && head <= 0xce ? 1 << (head - 0xcc) : -1;
    if (bytes < 0 || r->end - r->at < bytes) return r->bad = 1, 0;
    if (!bytes) return (uint32_t)head;
    uint32_t value = 0;
    while (bytes--) value = value << 8 | *r->at++;
    return value;
}

typedef struct {
    int is_ping;
    uint32_t token, ack, seq, tick;
    const uint8_t *courses;
    int32_t count;
} Message;

/* What `_check_courses` in protocol/messages/core.py allows. */
static int allowed(const Message *m) {
    if (!m->count) return 1;
    if ((uint32_t)m->count > m->seq || m->courses[1]) return 0;
    for (int32_t k = 0; k < m->count; k++)
        if (m->courses[2 * k] >= COURSE_END || (k && m->courses[2 * k + 1] < m->courses[2 * k - 1])) return 0;
    return m->tick || !m->courses[2 * m->count - 1];
}

static int parse(const uint8_t *bytes, size_t size, Message *m) {
    Reader r = {bytes + 2, bytes + size, 0};
    memset(m, 0, sizeof *m);
    if (size < 2) return 0;
    if (bytes[0] == 0x93 && bytes[1] == KIND_PING) {
        m->is_ping = 1;
        m->token = take_uint(&r);
        m->ack = take_uint(&r);
        return !r.bad && r.at == r.end;
    }
    if (bytes[0] != 0x95 || bytes[1] != KIND_INPUT) return 0;
    m->ack = take_uint(&r);
    m->seq = take_uint(&r);
    m->tick = take_uint(&r);
    if (r.bad || r.end - r.at < 2 || r.at[0] != 0xc4 || r.end - r.at != 2 + r.at[1]) return 0;
    if (r.at[1] % 2 || r.at[1] > 2 * MAX_COURSES) return 0;
    m->courses = r.at + 2;
    m->count = r.at[1] / 2;
    return allowed(m);
}

/* Counts a message; 0, and nothing is counted: it is one too many. */
static int count(Allowance *a, double now) {
    double elapsed = now - a->updated, tokens = a->tokens;
    int anew = now >= a->ends;
    if (elapsed > 0) {
        tokens += elapsed * a->rate;
        if (a->burst < tokens) tokens = a->burst;
    }
    if (tokens < 1 || (anew ? 0 : a->counted) + 1 > a->limit) return 0;
    if (elapsed > 0) a->updated = now;
    a->tokens = tokens - 1;
    if (anew) {
        a->ends = now + a->window;
        a->counted = 0;
    }
    a->counted++;
    return 1;
}

/* `Baselines.acknowledge`, and what `EventLog.acknowledge` will be told. */
static void acknowledge(Listener *l, int32_t i, int64_t ack) {
    if (l->reliable[i]) l->said_ack[i] = ack;
    if (ack == NONE) {
        if (l->tick - l->completed[i] >= l->resend_ticks) l->base_tick[i] = NONE;
        return;
    }
    if (ack <= l->acked[i] || ack > l->sent[i]) return;
    int64_t slot = ack % RING * l->rows + i;
    if (l->sent_ticks[slot] != ack) return;
    l->acked[i] = ack;
    l->unacked_since[i] = ack == l->sent[i] ? 0 : ack + 1;
    if (!l->reliable[i]) {
        l->base_tick[i] = ack;
        l->base_home[i] = l->sent_homes[slot];
    }
}

/* PONG (section 5.8), at once. */
static void answer(Listener *l, Ping *ping) {
    int32_t socket = l->direct[ping->avatar];
    Writer out = {ping->frame + 2, ping->frame + sizeof ping->frame, 0};
    ssize_t sent;
    if (socket < 0) return;
    put_byte(&out, 0x94);
    put_int(&out, l->pong_kind);
    put_int(&out, ping->token);
    put_int(&out, l->tick);
    put_int(&out, l->phase);
    ping->frame[0] = 0x82;
    ping->frame[1] = (uint8_t)out.wanted;
    ping->length = (int32_t)out.wanted + 2;
    do sent = send(socket, ping->frame, (size_t)ping->length, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    ping->sent = sent > 0 ? (int32_t)sent : 0;
    /* The caller sends the rest; what is said later must not overtake that, though there is room for it by then. */
    if (ping->sent < ping->length) l->answers = 0;
}

/* How many bytes of whole messages were taken; what comes then is not for here. */
static int32_t take(Listener *l, int32_t avatar, uint8_t *bytes, int32_t size) {
    int32_t place = 0;
    while (size - place >= 6) {
        uint8_t *frame = bytes + place, payload[126];
        int32_t length = frame[1] & 0x7f;
        Message m;
        if (frame[0] != 0x82 || !(frame[1] & 0x80) || length > 125 || size - place < 6 + length) break;
        for (int32_t k = 0; k < length; k++) payload[k] = frame[6 + k] ^ frame[2 + k % 4];
        if (l->ping_count >= l->ping_room || !parse(payload, (size_t)length, &m)) break;
        if (!count(&l->allowance[avatar], l->now)) break;
        l->messages++;
        acknowledge(l, avatar, m.ack);
        if (m.is_ping) {
            Ping *ping = &l->pings[l->ping_count++];
            ping->avatar = avatar;
            ping->token = m.token;
            ping->sent = ping->length = 0;
            if (l->answers && l->direct) answer(l, ping);
        } else if (m.count) {
            hallway_push(l->courses, avatar, m.seq, m.tick, m.courses, m.count, l->tick);
        }
        place += 6 + length;
    }
    return place;
}

/* ---- all sockets ---- */

static void leave(Listener *l, int32_t socket, int32_t offset, int32_t length, int32_t reads) {
    Rest rest = {socket, offset, length, reads};
    l->rests[l->rest_count++] = rest;
}

/* Read everything that has come, `most_reads` times `read_bytes` of a client at most. Pings are answered if `answers`; rests are
 * the caller's: `length` bytes at `offset`, which were read, and what is left in the socket, of which `reads` reads are
 * used up. */
void hallway_listen(Listener *l) {
    struct epoll_event *ready = l->ready;
    int32_t used = 0, found = epoll_wait(l->poll, ready, l->most_ready, 0);
    l->ping_count = l->rest_count = l->messages = 0;
    for (int32_t k = 0; k < found; k++) {
        int32_t socket = ready[k].data.fd, avatar = socket < l->sockets ? l->avatar_of[socket] : 0, reads = 0;
        /* Somebody else's, or there is no room for what might be left of it. */
        if (!avatar || !l->connected[avatar] || used + l->read_bytes > l->room) {
            leave(l, socket, 0, 0, 0);
            continue;
        }
        while (reads < l->most_reads) {
            ssize_t got;
            do got = recv(socket, l->bytes + used, (size_t)l->read_bytes, MSG_DONTWAIT);
            while (got < 0 && errno == EINTR);
            if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
            if (got <= 0) {
                leave(l, socket, 0, 0, 0); /* the end, or a fault: the caller finds the same */
                break;
            }
            reads++;
            int32_t taken = take(l, avatar, l->bytes + used, (int32_t)got);
            if (taken < got) {
                leave(l, socket, used + taken, (int32_t)got - taken, got < l->read_bytes ? l->most_reads : reads);
                used += (int32_t)got;
                break;
            }
            if (got < l->read_bytes) break;
        }
    }
}
#endif
