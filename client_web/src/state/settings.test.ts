import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS, readSettings } from './settings.ts'

test('what was stored comes back', () => {
  const stored = { theme: 'dark', renderer: 'canvas', detail: 'saver', daylight: 'night', roomSounds: 0.6, minimap: false, cameraFocus: false, helpSeen: true, guestName: 'Ana', look: [1, 2, 3, 4, 5, 6] }
  expect(readSettings(JSON.stringify(stored))).toEqual(stored)
})

test.each([null, '', '{', '[]', 'null', '7', '{"theme":"pink","renderer":1,"look":[1,2],"guestName":3,"roomSounds":9,"minimap":"yes","detail":7}'])(
  'damaged storage (%s) gives the defaults',
  (text) => expect(readSettings(text)).toEqual(DEFAULT_SETTINGS),
)
