/** Texts about sound and pictures that go through a server, and what of them does not. */
export const sfuTexts = {
  'media.way.reaching': 'The connection to the sound server broke. It is being made again; you stay in the conversation.',
  'media.way.unreached': 'You do not get through to the sound server, so you may hear nobody here. It is tried again; your network may block it, and another one may help.',
  'media.way.away': 'The sound server cannot be reached. You hear each other directly meanwhile; many pictures at once may stutter.',
  'media.way.busyPictures': 'The server is busy, so you see fewer or smaller pictures. Everybody can be heard.',
  'media.way.busySound': 'The server is busy, so there are no pictures for now. Everybody can be heard.',
  'media.way.weakPictures': 'Your connection loses too much for all pictures, so you see fewer. Everybody can be heard.',
  'media.way.weakSound': 'Your connection loses too much for pictures. You hear everybody; pictures return when it recovers.',
  'media.way.silent': 'The server is full: you neither hear nor are heard here. Walk to a smaller group, or try again in a minute.',
} as const
