"""Golden vectors of the kernel: random worlds that Python and TypeScript must move through alike, bit for bit.

`python -m sim.vectors` writes `kernel.json`; `client_web/src/sim/kernel.test.ts` reads it. A block is described by
numbers only; both languages draw its map, avatars and courses from the same generator and compare a digest of all
positions after every tick. The drawing rules are in `blocks.py`.
"""
