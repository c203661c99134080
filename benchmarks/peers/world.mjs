// The scenario that every peer serves: the same floor, speed, tick and interest as in benchmarks/maps.py.

export const RATE = 20;
export const TILES = 100;
const TILE_PX = 32;
const SIZE = TILES * TILE_PX;
const STEP = 128 / RATE; // px a tick: 4 tiles a second
const SIGHT = 16 * TILE_PX;
const INTEREST_TICKS = 5;
const WALLS = 0.08;
const WALKS = 16; // bit of a course: it walks; the four below are its direction, in 16ths of a turn
const COS = Array.from({ length: 16 }, (_, d) => Math.cos((d * Math.PI) / 8));
const SIN = Array.from({ length: 16 }, (_, d) => Math.sin((d * Math.PI) / 8));

function random(seed) {
  // mulberry32: the same floor every time
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class World {
  constructor() {
    this.next = random(1);
    this.solid = new Uint8Array(TILES * TILES);
    for (let i = 0; i < TILES; i++) {
      this.solid[i] = this.solid[(TILES - 1) * TILES + i] = this.solid[i * TILES] = this.solid[i * TILES + TILES - 1] = 1;
    }
    for (let i = 0; i < TILES * TILES * WALLS; i++) this.solid[Math.floor(this.next() * TILES * TILES)] = 1;
    this.people = new Map();
    this.tick = 0;
  }

  // An avatar somewhere on the floor; the caller may keep things of its own in it.
  add(id) {
    let x, y;
    do {
      x = this.next() * SIZE;
      y = this.next() * SIZE;
    } while (this.blocked(x, y));
    const avatar = { id, x, y, course: 0, stamp: 0, moved: true, sees: new Set() };
    this.people.set(id, avatar);
    return avatar;
  }

  remove(id) {
    this.people.delete(id);
  }

  blocked(x, y) {
    return this.solid[Math.floor(y / TILE_PX) * TILES + Math.floor(x / TILE_PX)] === 1;
  }

  // One tick; `moved` says who stands elsewhere than before.
  step() {
    this.tick++;
    for (const avatar of this.people.values()) {
      avatar.moved = false;
      if (!(avatar.course & WALKS)) continue;
      const direction = avatar.course & 15;
      const x = avatar.x + COS[direction] * STEP;
      const y = avatar.y + SIN[direction] * STEP;
      if (!this.blocked(x, avatar.y)) {
        avatar.moved ||= x !== avatar.x;
        avatar.x = x;
      }
      if (!this.blocked(avatar.x, y)) {
        avatar.moved ||= y !== avatar.y;
        avatar.y = y;
      }
    }
  }

  // Four times a second: who comes into and out of whose sight. `came(viewer, other)`, `went(viewer, other)`.
  look(came, went) {
    if (this.tick % INTEREST_TICKS) return;
    const cells = new Map();
    for (const avatar of this.people.values()) {
      const key = Math.floor(avatar.y / SIGHT) * 64 + Math.floor(avatar.x / SIGHT);
      const cell = cells.get(key);
      if (cell) cell.push(avatar);
      else cells.set(key, [avatar]);
    }
    for (const viewer of this.people.values()) {
      const now = new Set();
      const cx = Math.floor(viewer.x / SIGHT);
      const cy = Math.floor(viewer.y / SIGHT);
      for (let y = cy - 1; y <= cy + 1; y++) {
        for (let x = cx - 1; x <= cx + 1; x++) {
          for (const other of cells.get(y * 64 + x) ?? []) {
            if (Math.abs(other.x - viewer.x) <= SIGHT && Math.abs(other.y - viewer.y) <= SIGHT) now.add(other);
          }
        }
      }
      for (const other of now) if (!viewer.sees.has(other)) came(viewer, other);
      for (const other of viewer.sees) if (!now.has(other)) went(viewer, other);
      viewer.sees = now;
    }
  }
}

// Calls `tick` at absolute deadlines; keeps how long each took, and how far each began from the one before, ms.
export class Ticker {
  constructor(tick) {
    this.tick = tick;
    this.spent = [];
    this.intervals = [];
  }

  start() {
    const period = 1000 / RATE;
    let due = performance.now() + period;
    let before = 0;
    const run = () => {
      const began = performance.now();
      if (before) this.intervals.push(began - before);
      before = began;
      this.tick();
      const ended = performance.now();
      this.spent.push(ended - began);
      due += period;
      if (ended - due > 5 * period) due = ended; // as Hallway's loop: whole ticks are given up
      setTimeout(run, Math.max(0, due - performance.now()));
    };
    setTimeout(run, period);
  }

  // What was kept since the last call.
  report() {
    const found = { ticks: this.spent.length, tick_p99_ms: percentile(this.spent, 0.99), interval_p99_ms: percentile(this.intervals, 0.99) };
    this.spent = [];
    this.intervals = [];
    return found;
  }
}

function percentile(values, share) {
  if (!values.length) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
