/** Why a connection ended or is in trouble, for people: what happened and what to do. */
export const connectionTexts = {
  'ending.internal': 'Something went wrong on the server. Coming back.',
  'ending.malformed': 'This page and the server did not understand each other. Reload the page.',
  'ending.version': 'This page is out of date. Reload it.',
  'ending.hello_timeout': 'The connection was too slow to get started. Trying again.',
  'ending.ticket': 'The way into the room had expired. Trying again.',
  'ending.resume': 'The connection was gone for too long. Entering the room again.',
  'ending.replaced': 'You entered this room from another window or device.',
  'ending.closed': 'This room was closed.',
  'ending.flood': 'This page sent far too many messages and was disconnected.',
  'ending.stalled': 'The connection was stuck. Coming back.',
  'ending.left': 'You left the room.',
  'ending.full': 'The room is full. Try again when somebody has left.',
  'ending.restart': 'The server is restarting. You will be back in a moment.',
  'ending.kicked': 'A moderator sent you out of the room.',
  'ending.banned': 'You were banned from this room.',
  'ending.ended': 'You were signed out. Sign in again to come back.',
  'ending.lost': 'The connection was lost. Trying to get back.',
  'ending.offline': 'This device is offline.',
  'ending.slow': 'The connection is slow: others may see you late.',
  'ending.other': 'The server ended the connection.',
  'ending.rebuilt': 'This room was rebuilt. Reload the page.',
  'ending.picture': 'The room cannot be drawn: {problem}',
} as const

type Name<Key> = Key extends `ending.${infer Name}` ? Name : never
export type EndingName = Exclude<Name<keyof typeof connectionTexts>, 'picture'>
