/** Binary heap of node numbers, smallest key first. Keys are kept beside the numbers; a node may be in it twice. */
export class NodeHeap {
  #nodes: Int32Array
  #keys: Float32Array
  #size = 0

  constructor(capacity: number) {
    this.#nodes = new Int32Array(Math.max(1, capacity))
    this.#keys = new Float32Array(Math.max(1, capacity))
  }

  get size(): number {
    return this.#size
  }

  clear(): void {
    this.#size = 0
  }

  push(node: number, key: number): void {
    if (this.#size === this.#nodes.length) this.#grow()
    const nodes = this.#nodes
    const keys = this.#keys
    let at = this.#size
    this.#size += 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (keys[parent]! <= key) break
      nodes[at] = nodes[parent]!
      keys[at] = keys[parent]!
      at = parent
    }
    nodes[at] = node
    keys[at] = key
  }

  /** The node with the smallest key; -1 if there is none. */
  pop(): number {
    if (this.#size === 0) return -1
    const nodes = this.#nodes
    const keys = this.#keys
    const top = nodes[0]!
    this.#size -= 1
    const node = nodes[this.#size]!
    const key = keys[this.#size]!
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && keys[child + 1]! < keys[child]!) child += 1
      if (keys[child]! >= key) break
      nodes[at] = nodes[child]!
      keys[at] = keys[child]!
      at = child
    }
    nodes[at] = node
    keys[at] = key
    return top
  }

  #grow(): void {
    const nodes = new Int32Array(this.#nodes.length * 2)
    const keys = new Float32Array(this.#keys.length * 2)
    nodes.set(this.#nodes)
    keys.set(this.#keys)
    this.#nodes = nodes
    this.#keys = keys
  }
}
