/* The passes over everyone in a room that run in every tick, compiled (sim/compiled.py calls them).
 *
 * With a hundred people numpy spends its time between its calls, not in them. These functions do what the numpy code in
 * kernel.py, world.py and proximity.py does, bit for bit; tests/sim/test_compiled.py holds them together.
 * Rows are avatar ids; row 0 is never used. All arrays belong to the caller.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CELL_SHIFT 11
#define GAIT(course) (((course) >> 4) & 3)
#define MOVES(course) (GAIT(course) == 1 || GAIT(course) == 2)
#define SIT 3
#define INTENT 0x3F
#define AWAY 0x40
#define HOLDS (-1)

typedef struct {
    /* columns of the world */
    const uint8_t *alive;
    int32_t *x, *y;
    uint8_t *course;
    int32_t *cell;
    const uint16_t *place, *zone;
    int64_t *changed_tick, *previous_change, *entered_tick;
    const int64_t *placed_tick;
    /* walls: running sums along columns and rows of the padded raster, and what a step does (int32[sub_steps][2][64]) */
    const int16_t *down, *right;
    const int32_t *move, *edge, *snap;
    /* zones */
    const uint16_t *places, *topmost;
    /* what the calls found */
    int32_t *found_id, *found_place, *found_x, *found_y, *found_cell, *rezoned;
    /* who crossed into another cell, oldest first: CrossingRing in crossings.py */
    int64_t *crossed_id;
    int32_t *crossed_from;
    uint8_t *crossed_kind;
    int64_t *crossed_tick;
    int32_t rows, raster_width, raster_height, sub_steps, half_w, half_h, zone_cols, zone_cells, side, cell_cols;
} World;

static int32_t clamp(int32_t index, int32_t size) {
    return (index < -1 ? -1 : index > size ? size : index) + 1;
}

static int column_blocked(const World *w, int32_t col, int32_t first, int32_t last) {
    int32_t stride = w->raster_width + 2, line = clamp(col, w->raster_width);
    return w->down[(clamp(last, w->raster_height) + 1) * stride + line] !=
           w->down[clamp(first, w->raster_height) * stride + line];
}

static int row_blocked(const World *w, int32_t row, int32_t first, int32_t last) {
    int32_t line = clamp(row, w->raster_height) * (w->raster_width + 3);
    return w->right[line + clamp(last, w->raster_width) + 1] != w->right[line + clamp(first, w->raster_width)];
}

static int32_t place_at(const World *w, int32_t x, int32_t y) {
    int32_t at = (y >> CELL_SHIFT) * w->zone_cols + (x >> CELL_SHIFT);
    return w->places[at < 0 ? 0 : at >= w->zone_cells ? w->zone_cells - 1 : at];
}

/* Move everyone who walks or runs by one tick. Returns how many came to another place; found_*: who, which place, and
 * where they came from. */
int32_t hallway_advance(World *w) {
    int32_t found = 0;
    for (int32_t i = 1; i < w->rows; i++) {
        if (!MOVES(w->course[i])) continue;
        int32_t intent = w->course[i] & INTENT, x = w->x[i], y = w->y[i];
        for (int32_t step = 0; step < w->sub_steps; step++) {
            int32_t at = step * 128 + intent, move = w->move[at];
            int32_t line = (x + w->edge[at]) >> CELL_SHIFT;
            if (move && column_blocked(w, line, (y - w->half_h) >> CELL_SHIFT, (y + w->half_h - 1) >> CELL_SHIFT))
                x = line * (1 << CELL_SHIFT) + w->snap[at];
            else
                x += move;
            at += 64;
            move = w->move[at];
            line = (y + w->edge[at]) >> CELL_SHIFT;
            if (move && row_blocked(w, line, (x - w->half_w) >> CELL_SHIFT, (x + w->half_w - 1) >> CELL_SHIFT))
                y = line * (1 << CELL_SHIFT) + w->snap[at];
            else
                y += move;
        }
        int32_t place = place_at(w, x, y);
        if (place != w->place[i]) {
            w->found_id[found] = i;
            w->found_place[found] = place;
            w->found_x[found] = w->x[i];
            w->found_y[found] = w->y[i];
            found++;
        }
        w->x[i] = x;
        w->y[i] = y;
    }
    return found;
}

/* Of those who walk, or were placed in this tick: how many came into another cell (found_id, found_cell, and found_x: the
 * cell before). The number of those whose topmost zone is another one (rezoned) is written to *zones, of those who were
 * placed to *placed. `alone`: nobody left in this tick; if nobody was placed either, they are in their new cells then. */
int32_t hallway_settle(World *w, int64_t tick, int32_t alone, int32_t *zones, int32_t *placed) {
    int32_t found = 0;
    *zones = *placed = 0;
    for (int32_t i = 1; i < w->rows; i++) {
        int is_placed = w->placed_tick[i] == tick && w->alive[i];
        if (!is_placed && !MOVES(w->course[i])) continue;
        *placed += is_placed;
        int32_t cell = w->y[i] / w->side * w->cell_cols + w->x[i] / w->side;
        if (cell != w->cell[i]) {
            w->found_id[found] = i;
            w->found_cell[found] = cell;
            w->found_x[found] = w->cell[i];
            found++;
        }
        if (w->topmost[w->place[i]] != w->zone[i]) w->rezoned[(*zones)++] = i;
    }
    for (int32_t k = 0; k < found && alone && !*placed; k++) {
        w->cell[w->found_id[k]] = w->found_cell[k];
        w->entered_tick[w->found_id[k]] = tick;
    }
    return found;
}

/* Take new courses of avatars, each named once. Returns 0, or -1 with nothing done: somebody rises from a seat. */
int32_t hallway_turn(World *w, const uint16_t *ids, const uint8_t *courses, int32_t count, int64_t tick) {
    for (int32_t k = 0; k < count; k++)
        if (ids[k] < w->rows && w->alive[ids[k]] && GAIT(w->course[ids[k]]) == SIT && MOVES(courses[k])) return -1;
    for (int32_t k = 0; k < count; k++) {
        int32_t i = ids[k];
        if (i >= w->rows || !w->alive[i]) continue;
        uint8_t before = w->course[i];
        if (GAIT(before) == SIT) continue;
        uint8_t now = (courses[k] & INTENT) | (before & AWAY);
        if (now == before) continue;
        w->course[i] = now;
        if (w->changed_tick[i] != tick) {
            w->previous_change[i] = w->changed_tick[i];
            w->changed_tick[i] = tick;
        }
    }
    return 0;
}

/* A tick in which nothing was asked for but courses and nobody comes or goes, as far as it is alike in nearly every tick:
 * turn, advance, settle. Returns 0 or more: how many crossings were put behind the `known` ones, for which there has to be
 * room; WRONG or RISES: nothing was done, for a course that no client may send, or somebody who rises from a seat.
 * If anybody came to another place (*strayed, found_*), what comes after advance is left to the caller. */
#define CROSSED 0
#define WRONG (-2)
int32_t hallway_stroll(World *w, const uint16_t *ids, const uint8_t *courses, int32_t count, int64_t tick, int32_t known,
                       int32_t *strayed, int32_t *zones) {
    int32_t placed;
    *strayed = *zones = 0;
    for (int32_t k = 0; k < count; k++)
        if (GAIT(courses[k]) == SIT) return WRONG;
    if (hallway_turn(w, ids, courses, count, tick) < 0) return -1;
    if ((*strayed = hallway_advance(w))) return 0;
    int32_t crossed = hallway_settle(w, tick, 1, zones, &placed);
    for (int32_t k = 0; k < crossed; k++) {
        w->crossed_id[known + k] = w->found_id[k];
        w->crossed_from[known + k] = w->found_x[k];
        w->crossed_kind[known + k] = CROSSED;
        w->crossed_tick[known + k] = tick;
    }
    return crossed;
}

/* Who is near whom: what Proximity.update does in a tick in which nobody came, went, or changed the conversation. */
typedef struct {
    /* the pairs that are linked or about to be, and a bit for each of them: uint8[known][known], lower id first */
    intptr_t *low, *high;
    uint8_t *linked;
    double *limit;
    int64_t *since;
    uint8_t *tracked;
    const uint8_t *deaf;
    const int32_t *circle;
    /* squares of the map as wide as the join radius: int32[cols * lines], int32[rows] */
    int32_t *head, *next;
    /* pairs (low, high) found: int32[room][2] each */
    int32_t *joined, *left, *fresh;
    int64_t join, dwell;
    double join_squared, leave_squared;
    int32_t count, room, known, cols, lines, joined_count, left_count;
} Pairs;

static int together(const World *w, const Pairs *p, intptr_t a, intptr_t b) {
    return w->alive[a] && w->alive[b] && !p->deaf[a] && !p->deaf[b] && p->circle[a] == p->circle[b];
}

static int64_t way_squared(const World *w, intptr_t a, intptr_t b) {
    int64_t dx = (int64_t)w->x[a] - w->x[b], dy = (int64_t)w->y[a] - w->y[b];
    return dx * dx + dy * dy;
}

static int by_ids(const void *one, const void *other) {
    const int32_t *a = one, *b = other;
    return a[0] != b[0] ? (a[0] > b[0]) - (a[0] < b[0]) : (a[1] > b[1]) - (a[1] < b[1]);
}

static void note(int32_t *pairs, int32_t *count, intptr_t low, intptr_t high) {
    pairs[2 * *count] = (int32_t)low;
    pairs[2 * *count + 1] = (int32_t)high;
    (*count)++;
}

/* Everyone within the join radius on the open floor who is not tracked yet, into `fresh`; -1: there are too many. */
static int32_t discover(const World *w, Pairs *p) {
    int32_t fresh = 0;
    memset(p->head, 0, sizeof(int32_t) * (size_t)p->cols * (size_t)p->lines);
    for (int32_t i = 1; i < w->rows; i++) {
        if (!w->alive[i] || p->deaf[i] || p->circle[i]) continue;
        int32_t col = (int32_t)(w->x[i] / p->join), line = (int32_t)(w->y[i] / p->join);
        if (i >= p->known || col >= p->cols || line >= p->lines) return -1;
        for (int32_t v = line > 0 ? line - 1 : 0; v <= line + 1 && v < p->lines; v++)
            for (int32_t u = col > 0 ? col - 1 : 0; u <= col + 1 && u < p->cols; u++)
                for (int32_t j = p->head[v * p->cols + u]; j; j = p->next[j]) {
                    if (way_squared(w, i, j) > p->join * p->join || p->tracked[(int64_t)j * p->known + i]) continue;
                    if (p->count + fresh >= p->room) return -1;
                    note(p->fresh, &fresh, j, i);
                }
        p->next[i] = p->head[line * p->cols + col];
        p->head[line * p->cols + col] = i;
    }
    return fresh;
}

/* Measure all distances. Returns how many pairs are tracked now, or -1 with nothing done: there is no room for them. */
int32_t hallway_meet(const World *w, Pairs *p, int64_t tick) {
    int32_t fresh = discover(w, p), kept = 0;
    if (fresh < 0) return -1;
    p->joined_count = p->left_count = 0;
    for (int32_t k = 0; k < p->count; k++) {
        intptr_t a = p->low[k], b = p->high[k];
        int same = together(w, p, a, b), forget = 0;
        int holds = same && (p->circle[a] || (double)way_squared(w, a, b) <= p->limit[k]);
        if (!holds || p->since[k] != HOLDS) {
            if (p->linked[k] && holds) p->since[k] = HOLDS;
            if (p->linked[k] && !holds && p->since[k] == HOLDS) p->since[k] = tick;
            int waited = tick - p->since[k] >= p->dwell;
            if (p->linked[k]) {
                forget = !holds && (waited || !same);
                if (forget) note(p->left, &p->left_count, a, b);
            } else if (!holds) {
                forget = 1;
            } else if (waited) {
                p->linked[k] = 1;
                p->since[k] = HOLDS;
                p->limit[k] = p->leave_squared;
                note(p->joined, &p->joined_count, a, b);
            }
        }
        if (forget) {
            p->tracked[(int64_t)a * p->known + b] = 0;
            continue;
        }
        p->low[kept] = a;
        p->high[kept] = b;
        p->linked[kept] = p->linked[k];
        p->limit[kept] = p->limit[k];
        p->since[kept] = p->since[k];
        kept++;
    }
    for (int32_t k = 0; k < fresh; k++, kept++) {
        /* the lower id is found first, for ids are looked at in order */
        p->low[kept] = p->fresh[2 * k];
        p->high[kept] = p->fresh[2 * k + 1];
        p->tracked[p->low[kept] * p->known + p->high[kept]] = 1;
        p->linked[kept] = p->dwell == 0;
        p->limit[kept] = p->dwell == 0 ? p->leave_squared : p->join_squared;
        p->since[kept] = p->dwell == 0 ? HOLDS : tick;
        if (p->dwell == 0) note(p->joined, &p->joined_count, p->low[kept], p->high[kept]);
    }
    p->count = kept;
    qsort(p->joined, (size_t)p->joined_count, 2 * sizeof(int32_t), by_ids);
    qsort(p->left, (size_t)p->left_count, 2 * sizeof(int32_t), by_ids);
    return kept;
}
