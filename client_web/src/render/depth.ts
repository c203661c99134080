/** Order of what stands on the same line, back to front. */
export const DEPTH_WALL = 0
export const DEPTH_DOOR = 1
export const DEPTH_FURNITURE = 2
export const DEPTH_AVATAR = 3

/** zIndex of a thing whose depth line is at `y` px. */
export const depthOf = (y: number, kind: number): number => y + kind / 1024
