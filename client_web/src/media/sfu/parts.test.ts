import { describe, expect, it } from 'vitest'
import { LEVEL, PATH, REASON, SIZE, SOURCE } from '../../net/wire.ts'
import { wayOf } from '../way.ts'
import { CLOSEST_MS, DeliveryReport, REPEAT_MS } from './delivery.ts'
import { shortened, withoutCandidates } from './descriptions.ts'
import { cameraLayer } from './encodings.ts'
import { SILENT_MS, SilentSfu } from './silence.ts'
import { SlotTable } from './slot_table.ts'
import { ViewReport } from './view.ts'

const row = (mid: number, avatar: number, source: number) => ({ leg: 0, mid, avatar, source, layer: 0 })

describe('the table of slots', () => {
  it('finds where somebody is, by what of them', () => {
    const slots = new SlotTable()
    slots.fill(1, [row(4, 7, SOURCE.microphone), row(20, 7, SOURCE.camera), row(5, 8, SOURCE.microphone)])
    expect(slots.find(7, 'microphone')?.mid).toBe(4)
    expect(slots.find(7, 'camera')?.mid).toBe(20)
    expect(slots.find(7, 'screen')).toBeNull()
    expect(slots.sounds).toBe(2)
  })

  it('is replaced as a whole, and never by an older one', () => {
    const slots = new SlotTable()
    slots.fill(2, [row(4, 7, SOURCE.microphone)])
    expect(slots.fill(1, [row(4, 8, SOURCE.microphone)])).toBe(false)
    expect(slots.find(8, 'microphone')).toBeNull()
    expect(slots.fill(3, [])).toBe(true)
    expect(slots.find(7, 'microphone')).toBeNull()
  })

  it('begins anew with a session', () => {
    const slots = new SlotTable()
    slots.fill(9, [row(4, 7, SOURCE.microphone)])
    slots.clear()
    expect(slots.fill(0, [row(4, 8, SOURCE.microphone)])).toBe(true)
  })
})

describe('DELIVERY', () => {
  const delivering = [{ link: 1, bits: PATH.direct }]

  it('is sent at once when something changes, then not before 200 ms', () => {
    const report = new DeliveryReport()
    expect(report.due(0, 1, 2, delivering, false)).not.toBeNull()
    expect(report.due(50, 1, 2, [], false)).toBeNull()
    expect(report.due(CLOSEST_MS, 1, 2, [], false)?.paths).toHaveLength(0)
  })

  it('is repeated only while something goes through the SFU', () => {
    const report = new DeliveryReport()
    report.due(0, 1, 2, delivering, true)
    expect(report.due(REPEAT_MS - 1, 1, 2, delivering, true)).toBeNull()
    expect(report.due(REPEAT_MS, 1, 2, delivering, true)).not.toBeNull()
    expect(report.due(10 * REPEAT_MS, 1, 2, delivering, false)).toBeNull()
  })

  it('names no link that delivers nothing', () => {
    const rows = [{ link: 1, bits: 0 }, { link: 2, bits: PATH.sfu | PATH.givenUp }]
    expect(new DeliveryReport().due(0, 1, 2, rows, false)?.paths).toEqual(Uint8Array.of(2, 0, 0, 0, 6))
  })

  it('is said again to a server that forgot it', () => {
    const report = new DeliveryReport()
    report.due(0, 1, 2, delivering, false)
    report.forget()
    expect(report.due(1000, 1, 2, delivering, false)).not.toBeNull()
  })
})

describe('VIEW', () => {
  const want = [{ avatar: 7, source: SOURCE.camera, size: SIZE.large }]

  it('is not sent while it is what every server believes of a newcomer', () => {
    const report = new ViewReport()
    expect(report.due(0, 6, [])).toBeNull()
    expect(report.due(0, 6, want)).not.toBeNull()
    expect(report.due(1000, 6, want)).toBeNull()
    expect(report.due(2000, 6, [])).not.toBeNull()
  })

  it('is sent at most five times a second, and again after the server forgot', () => {
    const report = new ViewReport()
    report.due(0, 0, [])
    expect(report.due(100, 6, want)).toBeNull()
    expect(report.due(200, 6, want)).not.toBeNull()
    report.forget()
    expect(report.due(500, 6, want)).not.toBeNull()
  })
})

describe('VIEW after a connection broke', () => {
  it('is said again, for it may not have come, also when it is what newcomers have', () => {
    const report = new ViewReport()
    report.due(0, 0, [])
    report.doubt()
    expect(report.due(500, 6, [])).not.toBeNull()
    report.doubt()
    expect(report.due(1000, 6, [])).not.toBeNull()
  })
})

describe('an SFU whose connections are there', () => {
  it('is silent 2 s after nothing of what should arrive does', () => {
    const silence = new SilentSfu()
    expect(silence.observe(0, true, 2, 0)).toBe(false)
    expect(silence.observe(SILENT_MS, true, 2, 0)).toBe(true)
    expect(silence.observe(SILENT_MS + 100, true, 2, 1)).toBe(false)
  })

  it('is not silent because nobody speaks, or because one of several does not come', () => {
    const silence = new SilentSfu()
    for (let now = 0; now < 10_000; now += 500) {
      expect(silence.observe(now, true, 0, 0)).toBe(false)
      expect(silence.observe(now, true, 3, 2)).toBe(false)
    }
  })
})

describe('a description', () => {
  it('goes without candidates', () => {
    const sdp = 'a=mid:0\r\na=candidate:1 1 udp 1 x.local 9 typ host\r\na=end-of-candidates\r\na=sendonly\r\n'
    expect(withoutCandidates(sdp)).toBe('a=mid:0\r\na=sendonly\r\n')
  })

  it('that is an answer too long for a message is what counts of it', () => {
    const section = 'm=audio\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=fingerprint:sha-256 AA\r\na=setup:active\r\na=mid:0\r\n'
    expect(shortened(section)).toBe(section)
    expect(shortened(section.repeat(1000))).toBe('a=ice-ufrag:u\r\na=ice-pwd:p\r\na=fingerprint:sha-256 AA\r\na=setup:active\r\n')
  })
})

describe('the camera through an SFU', () => {
  it('is sent small and whole, where two layers are wanted', () => {
    const [small, large, only] = ['l', 'h', undefined].map((rid) => cameraLayer(rid, 'recommended'))
    expect(small?.scaleResolutionDownBy).toBe(4)
    expect(large).toEqual(only)
    expect(small!.maxBitrate).toBeLessThan(large!.maxBitrate / 4)
  })
})

describe('what a person is told', () => {
  it.each([
    [LEVEL.full, REASON.none, 0, 'fine'],
    [LEVEL.full, REASON.none, 1000, 'fine'],
    [LEVEL.full, REASON.none, 2000, 'reaching'],
    [LEVEL.full, REASON.none, 15_000, 'unreached'],
    [LEVEL.fewerPictures, REASON.serverLoad, 0, 'busyPictures'],
    [LEVEL.soundOnly, REASON.serverLoad, 0, 'busySound'],
    [LEVEL.fewerPictures, REASON.network, 0, 'weakPictures'],
    [LEVEL.soundOnly, REASON.network, 0, 'weakSound'],
    [LEVEL.nothing, REASON.serverLoad, 0, 'silent'],
    [LEVEL.nothing, REASON.sfuAway, 60_000, 'away'],
  ])('at level %i for reason %i, without a connection for %i ms', (level, reason, missedMs, way) => {
    expect(wayOf({ level, reason }, missedMs)).toBe(way)
  })
})
