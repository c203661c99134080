/* All snapshots of one tick, compiled (server/rooms/compiled.py calls this).
 *
 * It makes the bytes that snapshots.py makes, client by client; tests/server/rooms/test_compiled.py holds them together.
 *
 *     clients -> groups that share (baseline, home then, home now, class, checksums) -> one body a group -> messages
 *
 * What changed since a baseline is collected once a (baseline, class), sorted by cell; a group takes the rows that lie in
 * its windows of cells. Rows are avatar ids; row 0 is never used. All arrays belong to the caller.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "messagepack.h"

#define NONE 0
#define RING 64 /* RING_TICKS in baselines.py */
#define CROSSED 0
#define NO_SLACK (-32768)
#define COURSE_BYTES 4
#define FULL_BYTES 9
#define ID_BYTES 2
#define SNAPSHOT_FIELDS 11

typedef struct {
    /* columns of the world */
    const uint8_t *alive;
    const int32_t *x, *y;
    const uint8_t *course;
    const int32_t *cell;
    const uint8_t *visible_to;
    const int64_t *changed_tick, *previous_change, *placed_tick, *entered_tick;
    /* columns of the clients: what they have, and what they are told besides */
    const uint8_t *connected, *reliable, *class_bit, *checks;
    int64_t *base_tick;
    int32_t *base_home;
    int64_t *sent, *unacked_since, *completed, *rest, *sent_ticks;
    int32_t *sent_homes, *homes;
    const int64_t *input_seq, *input_tick, *slack;
    /* scratch and results, one entry a row */
    int32_t *group_of, *next_member, *recipient, *offset, *length;
    int32_t *changed;
    /* who crossed into another cell, oldest first: CrossingRing in sim/crossings.py */
    const int64_t *crossed_id, *crossed_tick;
    const int32_t *crossed_from;
    const uint8_t *crossed_kind;
    uint8_t *out;
    int64_t *scratch;
    int64_t tick, stirred, newest_crossing, world_revision, heartbeat_ticks, max_age, patience_ticks;
    int32_t rows, cols, lines, radius, side, covers_all, crossings, capacity, scratch_words, kind, check_due;
    /* counts: messages, recipients, bodies, deltas, rows sent */
    int32_t messages, recipients, bodies, deltas, course_rows, full_rows;
} Encoder;

typedef struct { int32_t top, bottom, left, right; } Window;
typedef struct { int32_t cell, id; } Row;

typedef struct {
    int64_t baseline;
    int32_t class_bit;
    Row *rows, *entered, *courses, *gone;
    int32_t row_count, entered_count, course_count, gone_count;
} Delta;

typedef struct {
    int64_t baseline;
    int32_t base_home, home, class_bit, checks, first, size, delta;
} Group;

/* ---- windows of cells ---- */

static Window window_of(const Encoder *e, int32_t home) {
    int32_t line = home / e->cols, col = home % e->cols;
    Window w = {line - e->radius, line + e->radius + 1, col - e->radius, col + e->radius + 1};
    if (w.top < 0) w.top = 0;
    if (w.left < 0) w.left = 0;
    if (w.bottom > e->lines) w.bottom = e->lines;
    if (w.right > e->cols) w.right = e->cols;
    return w;
}

static int within(const Encoder *e, Window w, int32_t cell) {
    int32_t line = cell / e->cols, col = cell % e->cols;
    return line >= w.top && line < w.bottom && col >= w.left && col < w.right;
}

/* Has the cell a neighbour on the map that is not in the window? */
static int at_border(const Encoder *e, Window w, int32_t cell) {
    int32_t line = cell / e->cols, col = cell % e->cols;
    return (line == w.top && line > 0) || (line == w.bottom - 1 && line < e->lines - 1) ||
           (col == w.left && col > 0) || (col == w.right - 1 && col < e->cols - 1);
}

static Window overlap(Window a, Window b) {
    Window w = {a.top > b.top ? a.top : b.top, a.bottom < b.bottom ? a.bottom : b.bottom,
                a.left > b.left ? a.left : b.left, a.right < b.right ? a.right : b.right};
    return w;
}

/* ---- what changed ---- */

static int by_cell(const void *one, const void *other) {
    const Row *a = one, *b = other;
    return a->cell != b->cell ? (a->cell > b->cell) - (a->cell < b->cell) : (a->id > b->id) - (a->id < b->id);
}

/* Few rows, nearly always; and unlike qsort this keeps the order of equals. */
static void sort_stable(Row *rows, int32_t count) {
    for (int32_t i = 1; i < count; i++) {
        Row row = rows[i];
        int32_t k = i;
        for (; k > 0 && rows[k - 1].cell > row.cell; k--) rows[k] = rows[k - 1];
        rows[k] = row;
    }
}

static int visible(const Encoder *e, int32_t i, int32_t class_bit) { return e->alive[i] && (e->visible_to[i] & class_bit); }

/* All that happened to the avatars of one class since one baseline (`Delta` in snapshots.py). */
static int make_delta(const Encoder *e, Arena *arena, Delta *d, const int32_t *changed, int32_t count) {
    int32_t end = e->crossings, begin = end;
    while (begin && e->crossed_tick[begin - 1] > d->baseline) begin--;
    int32_t crossings = end - begin;
    Row *rows = take(arena, sizeof(Row) * (size_t)count), *entered = take(arena, sizeof(Row) * (size_t)count);
    Row *courses = take(arena, sizeof(Row) * (size_t)count), *gone = take(arena, sizeof(Row) * (size_t)crossings);
    if (!arena->left && (count || crossings)) return -1;
    d->rows = rows;
    d->entered = entered;
    d->courses = courses;
    d->gone = gone;
    d->row_count = d->entered_count = d->course_count = d->gone_count = 0;
    for (int32_t k = 0; k < count; k++) {
        int32_t i = changed[k];
        if (!visible(e, i, d->class_bit)) continue;
        int turned = e->changed_tick[i] > d->baseline, came = e->entered_tick[i] > d->baseline;
        Row row = {e->cell[i], i};
        if (turned && (came || e->placed_tick[i] > d->baseline || e->previous_change[i] > d->baseline))
            rows[d->row_count++] = row;
        else if (turned)
            courses[d->course_count++] = row;
        else if (came)
            entered[d->entered_count++] = row;
    }
    for (int32_t k = begin; k < end; k++) {
        int32_t i = (int32_t)e->crossed_id[k];
        if (e->crossed_kind[k] == CROSSED && e->changed_tick[i] <= d->baseline) continue;
        Row row = {e->crossed_from[k], i};
        gone[d->gone_count++] = row;
    }
    qsort(rows, (size_t)d->row_count, sizeof(Row), by_cell);
    qsort(entered, (size_t)d->entered_count, sizeof(Row), by_cell);
    qsort(courses, (size_t)d->course_count, sizeof(Row), by_cell);
    sort_stable(gone, d->gone_count);
    return 0;
}

/* Is anything of it in the window of a client that stayed at home? */
static int touches(const Encoder *e, const Delta *d, Window w) {
    for (int32_t k = 0; k < d->row_count; k++)
        if (within(e, w, d->rows[k].cell)) return 1;
    for (int32_t k = 0; k < d->course_count; k++)
        if (within(e, w, d->courses[k].cell)) return 1;
    for (int32_t k = 0; k < d->gone_count; k++)
        if (within(e, w, d->gone[k].cell)) return 1;
    for (int32_t k = 0; k < d->entered_count; k++)
        if (within(e, w, d->entered[k].cell) && at_border(e, w, d->entered[k].cell)) return 1;
    return 0;
}

/* ---- bodies ---- */

typedef struct { uint8_t *gone, *courses, *rows; size_t gone_bytes, course_bytes, row_bytes; } Body;

static uint8_t *full_row(const Encoder *e, uint8_t *at, int32_t i) {
    int32_t x = e->x[i], y = e->y[i];
    uint8_t row[FULL_BYTES] = {(uint8_t)i, (uint8_t)(i >> 8), e->course[i], (uint8_t)x, (uint8_t)(x >> 8),
                               (uint8_t)(x >> 16), (uint8_t)y, (uint8_t)(y >> 8), (uint8_t)(y >> 16)};
    memcpy(at, row, FULL_BYTES);
    return at + FULL_BYTES;
}

/* Everybody whom a class sees, by cell. */
typedef struct { int32_t class_bit, count; Row *rows; } Everyone;

static const Everyone *everyone_of(const Encoder *e, Arena *arena, Everyone *known, int32_t *count, int32_t class_bit) {
    for (int32_t k = 0; k < *count; k++)
        if (known[k].class_bit == class_bit) return &known[k];
    Everyone *found = &known[*count];
    found->rows = take(arena, sizeof(Row) * (size_t)e->rows);
    if (!found->rows) return NULL;
    found->class_bit = class_bit;
    found->count = 0;
    for (int32_t i = 1; i < e->rows; i++)
        if (visible(e, i, class_bit)) {
            Row row = {e->cell[i], i};
            found->rows[found->count++] = row;
        }
    qsort(found->rows, (size_t)found->count, sizeof(Row), by_cell);
    (*count)++;
    return found;
}

/* What all clients of a group are told. `all`: needed by those who get cells whole. NULL arena memory: -1. */
static int make_body(const Encoder *e, Arena *arena, const Group *g, const Delta *d, const Everyone *all, Body *body) {
    Window now = window_of(e, g->home);
    memset(body, 0, sizeof(*body));
    size_t full = (size_t)(d ? d->row_count + d->entered_count : 0) + (size_t)(all ? all->count : 0);
    uint8_t *at = body->rows = take(arena, full * FULL_BYTES);
    body->courses = take(arena, (size_t)(d ? d->course_count : 0) * COURSE_BYTES);
    body->gone = take(arena, (size_t)(d ? d->gone_count : 0) * ID_BYTES);
    if (!body->rows || !body->courses || !body->gone) return -1;
    if (g->baseline == NONE) {
        for (int32_t k = 0; k < all->count; k++)
            if (within(e, now, all->rows[k].cell)) at = full_row(e, at, all->rows[k].id);
        body->row_bytes = (size_t)(at - body->rows);
        return 0;
    }
    if (!d) return 0;
    Window then = window_of(e, g->base_home), kept = overlap(then, now);
    for (int32_t k = 0; k < d->row_count; k++)
        if (within(e, kept, d->rows[k].cell)) at = full_row(e, at, d->rows[k].id);
    for (int32_t k = 0; k < d->entered_count; k++)
        if (within(e, kept, d->entered[k].cell) && at_border(e, kept, d->entered[k].cell))
            at = full_row(e, at, d->entered[k].id);
    if (all)
        for (int32_t k = 0; k < all->count; k++)
            if (within(e, now, all->rows[k].cell) && !within(e, then, all->rows[k].cell))
                at = full_row(e, at, all->rows[k].id);
    body->row_bytes = (size_t)(at - body->rows);
    for (int32_t k = 0; k < d->course_count; k++) {
        if (!within(e, kept, d->courses[k].cell)) continue;
        int32_t i = d->courses[k].id;
        uint8_t row[COURSE_BYTES] = {(uint8_t)i, (uint8_t)(i >> 8), e->course[i], (uint8_t)(e->tick - e->changed_tick[i])};
        memcpy(body->courses + body->course_bytes, row, COURSE_BYTES);
        body->course_bytes += COURSE_BYTES;
    }
    for (int32_t k = 0; k < d->gone_count; k++) {
        if (!within(e, kept, d->gone[k].cell)) continue;
        body->gone[body->gone_bytes++] = (uint8_t)d->gone[k].id;
        body->gone[body->gone_bytes++] = (uint8_t)(d->gone[k].id >> 8);
    }
    return 0;
}

/* STANDARD.md section 5.6, over everybody whom the class sees in the window. */
static uint32_t checksum(const Encoder *e, int32_t home, int32_t class_bit) {
    Window w = window_of(e, home);
    uint32_t sum = 0;
    for (int32_t i = 1; i < e->rows; i++) {
        if (!visible(e, i, class_bit) || !within(e, w, e->cell[i])) continue;
        uint32_t h = (uint32_t)i * 0x9E3779B1u + (uint32_t)e->x[i] * 0x85EBCA6Bu + (uint32_t)e->y[i] * 0xC2B2AE35u +
                     e->course[i] * 0x27D4EB2Fu;
        sum += (h ^ (h >> 15)) * 0x2C1B3C6Du;
    }
    return sum;
}

static void write_message(Encoder *e, Writer *o, const Group *g, const Body *b, int32_t client, int act, int64_t check) {
    put_byte(o, 0x90 | SNAPSHOT_FIELDS);
    put_int(o, e->kind);
    put_int(o, e->tick);
    put_int(o, g->baseline == NONE ? 0 : e->tick - g->baseline);
    if (act) put_int(o, e->input_seq[client]);
    else put_byte(o, 0xc0);
    if (act && e->slack[client] != NO_SLACK) {
        int64_t slack = e->slack[client];
        put_int(o, slack < -128 ? -128 : slack > 127 ? 127 : slack);
    } else put_byte(o, 0xc0);
    put_int(o, e->world_revision);
    put_int(o, g->home);
    put_bin(o, b->gone, b->gone_bytes);
    put_bin(o, b->courses, b->course_bytes);
    put_bin(o, b->rows, b->row_bytes);
    if (check < 0) put_byte(o, 0xc0);
    else put_int(o, check);
}

/* ---- clients ---- */

static int32_t home_of(const Encoder *e, int32_t i) {
    if (e->covers_all) return 0;
    int32_t home = e->homes[i], x = e->x[i], y = e->y[i], slack = e->side / 2;
    if (home >= 0) {
        int32_t left = home % e->cols * e->side, top = home / e->cols * e->side;
        if (x >= left - slack && x < left + e->side + slack && y >= top - slack && y < top + e->side + slack) return home;
    }
    return y / e->side * e->cols + x / e->side;
}

static void note_sent(Encoder *e, int32_t i) {
    int64_t at = e->tick % RING * e->rows + i;
    if (e->base_tick[i] == NONE) e->completed[i] = e->tick;
    e->sent_ticks[at] = e->tick;
    e->sent_homes[at] = e->homes[i];
    e->sent[i] = e->tick;
    if (e->rest[i] < 0) e->rest[i] = 0;
    if (!e->unacked_since[i]) e->unacked_since[i] = e->tick;
    if (e->reliable[i]) {
        e->base_tick[i] = e->tick;
        e->base_home[i] = e->homes[i];
    }
}

/* Who is told something: a group each, found by what its clients share. -1: there is not enough scratch. */
static int32_t group_clients(Encoder *e, Arena *arena, const int64_t *able, int32_t count, Group *groups, Delta *deltas,
                             const int32_t *changed, int32_t changed_count) {
    int32_t group_count = 0, delta_count = 0, slots = 64;
    while (slots < 2 * count) slots *= 2;
    int32_t *slot = take(arena, sizeof(int32_t) * (size_t)slots);
    int8_t *spoken = take(arena, (size_t)count + 1); /* by group: is there something to tell? */
    if (!slot || !spoken) return -1;
    memset(slot, 0, sizeof(int32_t) * (size_t)slots);
    for (int32_t k = 0; k < count; k++) {
        int32_t i = (int32_t)able[k];
        e->group_of[i] = -1;
        if (!e->alive[i]) continue;
        e->homes[i] = home_of(e, i);
        int64_t base = e->base_tick[i];
        Group key = {base, base == NONE ? -1 : e->base_home[i], e->homes[i], e->class_bit[i], e->checks[i], 0, 0, -1};
        uint64_t hash = ((uint64_t)key.baseline * 0x9E3779B97F4A7C15u) ^ ((uint64_t)(uint32_t)key.base_home << 40) ^
                        ((uint64_t)(uint32_t)key.home << 16) ^ (uint64_t)(key.class_bit * 2 + key.checks);
        hash *= 0xD6E8FEB86659FD93u;
        int32_t at = (int32_t)(hash >> 32) & (slots - 1);
        for (; slot[at]; at = (at + 1) & (slots - 1)) {
            const Group *g = &groups[slot[at] - 1];
            if (g->baseline == key.baseline && g->base_home == key.base_home && g->home == key.home &&
                g->class_bit == key.class_bit && g->checks == key.checks)
                break;
        }
        if (!slot[at]) {
            if (base != NONE && base < e->stirred) {
                int32_t d = 0;
                while (d < delta_count && (deltas[d].baseline != base || deltas[d].class_bit != key.class_bit)) d++;
                if (d == delta_count) {
                    deltas[d].baseline = base;
                    deltas[d].class_bit = key.class_bit;
                    if (make_delta(e, arena, &deltas[d], changed, changed_count)) return -1;
                    delta_count++;
                }
                key.delta = d;
            }
            groups[group_count] = key;
            spoken[group_count] = base == NONE || key.base_home != key.home ||
                                  (key.delta >= 0 && touches(e, &deltas[key.delta], window_of(e, key.home)));
            slot[at] = ++group_count;
        }
        int32_t g = slot[at] - 1;
        int is_woken = e->rest[i] < 0;
        if (!spoken[g] && e->tick - e->sent[i] < e->heartbeat_ticks && e->input_tick[i] <= base && !is_woken) continue;
        e->group_of[i] = g;
        groups[g].size++;
    }
    e->deltas = delta_count;
    return group_count;
}

/* Ids of the clients that keep up, ascending: they acknowledge. Returns how many; *due: how many do not rest. */
int32_t hallway_able(const Encoder *e, int64_t *able, int32_t *due) {
    int32_t count = 0;
    *due = 0;
    for (int32_t i = 1; i < e->rows; i++) {
        if (!e->connected[i] || e->tick - e->sent[i] < e->rest[i]) continue;
        (*due)++;
        if (!e->unacked_since[i] || e->tick - e->unacked_since[i] <= e->patience_ticks) able[count++] = i;
    }
    return count;
}

/* Begin a tick: forget baselines that have become too old to build on. Returns the oldest that is left among `able`. */
static int64_t begin(Encoder *e, const int64_t *able, int32_t count) {
    int64_t oldest = e->tick;
    e->stirred = e->newest_crossing;
    for (int32_t i = 1; i < e->rows; i++) {
        if (e->base_tick[i] != NONE && e->tick - e->base_tick[i] > e->max_age) e->base_tick[i] = NONE;
        if (e->changed_tick[i] > e->stirred) e->stirred = e->changed_tick[i];
        if (e->placed_tick[i] > e->stirred) e->stirred = e->placed_tick[i];
        if (e->entered_tick[i] > e->stirred) e->stirred = e->entered_tick[i];
    }
    for (int32_t k = 0; k < count; k++)
        if (e->base_tick[able[k]] != NONE && e->base_tick[able[k]] < oldest) oldest = e->base_tick[able[k]];
    return oldest;
}

/* Make the messages of the present tick for `able` clients (ids), and note what each then has.
 *
 * Message m lies at out + offset[m] and is length[m] long; recipient[] lists, message by message, how many clients it goes
 * to and who they are. Returns 0; or, with nothing noted, the bytes that `out` (> 0) or the scratch (< 0) would take. */
int64_t hallway_encode(Encoder *e, const int64_t *able, int32_t count) {
    int64_t oldest = begin(e, able, count);
    Arena arena = {(uint8_t *)e->scratch, (size_t)e->scratch_words * 8, 0};
    Writer out = {e->out, e->out + e->capacity, 0};
    int32_t changed_count = 0, known = 0, listed = 0;
    e->messages = e->recipients = e->bodies = e->deltas = e->course_rows = e->full_rows = 0;
    for (int32_t i = 1; i < e->rows; i++)
        if (e->changed_tick[i] > oldest || e->entered_tick[i] > oldest) e->changed[changed_count++] = i;

    Group *groups = take(&arena, sizeof(Group) * ((size_t)count + 1));
    Delta *deltas = take(&arena, sizeof(Delta) * ((size_t)count + 1));
    Everyone *everyone = take(&arena, sizeof(Everyone) * 256);
    if (!groups || !deltas || !everyone) return -(int64_t)(arena.wanted * 4 + 65536);
    int32_t group_count = group_clients(e, &arena, able, count, groups, deltas, e->changed, changed_count);
    if (group_count < 0) return -(int64_t)(arena.wanted * 4 + 65536);

    /* the members of each group, in the order of their ids */
    for (int32_t g = 0; g < group_count; g++) groups[g].first = -1;
    for (int32_t k = count - 1; k >= 0; k--) {
        int32_t i = (int32_t)able[k], g = e->group_of[i];
        if (g < 0) continue;
        e->next_member[i] = groups[g].first;
        groups[g].first = i;
    }
    for (int32_t g = 0; g < group_count; g++) {
        const Group *group = &groups[g];
        if (!group->size) continue;
        const Delta *delta = group->delta >= 0 ? &deltas[group->delta] : NULL;
        const Everyone *all = NULL;
        int moved = group->baseline != NONE && group->base_home != group->home;
        /* Whoever came to another window while nothing stirred still has to hear of its new cells. */
        Delta nothing = {group->baseline, group->class_bit, 0, 0, 0, 0, 0, 0, 0, 0};
        if (moved && !delta) delta = &nothing;
        if (group->baseline == NONE || moved) {
            all = everyone_of(e, &arena, everyone, &known, group->class_bit);
            if (!all) return -(int64_t)(arena.wanted * 4 + 65536);
        }
        Body body;
        size_t left = arena.left;
        uint8_t *at = arena.at;
        if (make_body(e, &arena, group, delta, all, &body)) return -(int64_t)(arena.wanted * 4 + 65536);
        e->bodies++;
        e->course_rows += (int32_t)(body.course_bytes / COURSE_BYTES) * group->size;
        e->full_rows += (int32_t)(body.row_bytes / FULL_BYTES) * group->size;
        int empty = !body.gone_bytes && !body.course_bytes && !body.row_bytes;
        int64_t check = group->checks && (empty || e->check_due) ? (int64_t)checksum(e, group->home, group->class_bit) : -1;
        int32_t quiet = -1;
        for (int32_t i = group->first; i >= 0; i = e->next_member[i]) {
            if (e->input_tick[i] > group->baseline) continue;
            if (quiet < 0) {
                e->offset[e->messages] = (int32_t)(out.at - e->out);
                write_message(e, &out, group, &body, i, 0, check);
                e->length[e->messages] = (int32_t)(out.at - e->out) - e->offset[e->messages];
                e->messages++;
                quiet = listed++;
                e->recipient[quiet] = 0;
            }
            e->recipient[quiet]++;
            e->recipient[listed++] = i;
            e->recipients++;
        }
        for (int32_t i = group->first; i >= 0; i = e->next_member[i]) {
            if (e->input_tick[i] <= group->baseline) continue;
            e->offset[e->messages] = (int32_t)(out.at - e->out);
            write_message(e, &out, group, &body, i, 1, check);
            e->length[e->messages] = (int32_t)(out.at - e->out) - e->offset[e->messages];
            e->messages++;
            e->recipient[listed++] = 1;
            e->recipient[listed++] = i;
            e->recipients++;
        }
        arena.at = at; /* the body is in the messages now */
        arena.left = left;
    }
    if (out.wanted > (size_t)e->capacity) return (int64_t)out.wanted;

    for (int32_t k = 0; k < count; k++) {
        int32_t i = (int32_t)able[k];
        if (!e->alive[i]) continue;
        if (e->group_of[i] >= 0) note_sent(e, i);
        /* With nothing to tell, a reliable client is up to date all the same: the kernel foresaw everything. */
        else if (e->reliable[i]) e->base_tick[i] = e->tick;
    }
    return 0;
}
