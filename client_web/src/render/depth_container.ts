import { Container } from 'pixi.js'

/**
 * A container whose children are drawn in the order of their depth. Between two frames that order hardly changes: sorting by
 * insertion takes one look at each child and, unlike the array's own sort, leaves no garbage behind.
 */
export class DepthContainer extends Container {
  constructor(label: string) {
    super({ label, sortableChildren: true })
  }

  override sortChildren = (): void => {
    if (!this.sortDirty) return
    this.sortDirty = false
    const { children } = this
    for (let at = 1; at < children.length; at += 1) {
      const child = children[at]!
      const depth = child.zIndex
      let to = at
      while (to > 0 && children[to - 1]!.zIndex > depth) {
        children[to] = children[to - 1]!
        to -= 1
      }
      if (to !== at) children[to] = child
    }
  }
}
