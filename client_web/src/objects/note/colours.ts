/** Paper of a note: as painted on the map, and as the classes of its dialog. Dark letters on each, day and night. */
export const NOTE_COLOURS = {
  sun: '#f7dd7e',
  rose: '#f4b6b0',
  mint: '#b9dfb8',
  sky: '#b4d3ec',
  paper: '#f4f0e4',
} as const

export type NoteColour = keyof typeof NOTE_COLOURS
export const NOTE_COLOUR_NAMES = Object.keys(NOTE_COLOURS) as NoteColour[]
export const colourOf = (value: unknown): NoteColour => NOTE_COLOUR_NAMES.find((name) => name === value) ?? 'sun'
