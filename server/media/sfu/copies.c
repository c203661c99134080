/* Makes the copies of one packet for the slots that it goes to, encrypts them and sends them (copies.py calls this).
 *
 * Only what is ordinary is done here: the next packet of the stream that a slot shows. Every other slot is left to the
 * caller. Nothing is decrypted, and of a payload only VP8's descriptor is looked at.
 */

#define _GNU_SOURCE /* sendmmsg */

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

/* `send_all` for Python. */
int32_t hallway_send(Batch *batch, int32_t four, int32_t six, int64_t *bytes) {
    return send_all(batch, four, six, bytes);
}
