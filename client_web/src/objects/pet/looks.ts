import type { Painter } from '../../render/surface.ts'
import { ellipse, footShadow } from '../pictures.ts'

export const PET_KINDS = ['cat', 'dog', 'rabbit', 'duck'] as const
export const PET_COLOURS = ['ginger', 'grey', 'white', 'black', 'brown'] as const
export type PetKind = (typeof PET_KINDS)[number]
export type Coat = (typeof PET_COLOURS)[number]

export const petOf = (value: unknown): PetKind => PET_KINDS.find((kind) => kind === value) ?? 'cat'
export const coatOf = (value: unknown): Coat => PET_COLOURS.find((colour) => colour === value) ?? 'ginger'

const COATS: Readonly<Record<Coat, readonly [string, string]>> = {
  ginger: ['#d98a3d', '#b56a28'],
  grey: ['#8f979b', '#6d7579'],
  white: ['#f1ede3', '#cfc9bb'],
  black: ['#3a3d42', '#24262a'],
  brown: ['#8a5f3e', '#6b472c'],
}

/** Paints an animal that looks to the right. */
export function paintPet(context: Painter, width: number, height: number, kind: PetKind, coat: Coat): void {
  const [fur, shade] = COATS[coat]
  footShadow(context, width, height)
  if (kind !== 'duck') {
    context.strokeStyle = shade
    context.lineWidth = kind === 'rabbit' ? 0 : 2.6
    context.lineCap = 'round'
    if (kind !== 'rabbit') {
      context.beginPath()
      context.moveTo(6, 19)
      context.quadraticCurveTo(1, 16, kind === 'cat' ? 4 : 2.5, kind === 'cat' ? 9 : 13)
      context.stroke()
    }
    for (const x of [8, 11.5, 16, 19]) {
      context.fillStyle = shade
      context.fillRect(x - 1.2, 20, 2.4, 5)
    }
  } else {
    context.fillStyle = '#e08b2d'
    context.fillRect(12, 22, 1.6, 3.4)
    context.fillRect(15.5, 22, 1.6, 3.4)
  }
  ellipse(context, 13, 18.5, 7.6, 4.6, fur)
  ellipse(context, 13, 20.4, 6.4, 2.4, 'rgba(255, 255, 255, 0.18)')
  if (kind === 'rabbit') ellipse(context, 5.6, 18, 2, 2, '#f4f0e4')
  ears(context, kind, fur, shade)
  ellipse(context, 19.5, 12.5, 4.6, 4.2, fur)
  if (kind === 'duck') {
    context.fillStyle = '#e08b2d'
    context.beginPath()
    context.moveTo(23, 12)
    context.lineTo(27.5, 13.4)
    context.lineTo(23, 15)
    context.fill()
    ellipse(context, 11.5, 18, 4.4, 2.6, shade)
  } else {
    ellipse(context, 22, 14.2, 2, 1.5, kind === 'dog' ? shade : 'rgba(255, 255, 255, 0.5)')
    ellipse(context, 23.6, 13.6, 0.8, 0.7, '#20231f')
  }
  ellipse(context, 20.6, 11.6, 0.9, 1.1, '#20231f')
}

function ears(context: Painter, kind: PetKind, fur: string, shade: string): void {
  if (kind === 'rabbit') {
    ellipse(context, 17.4, 5.4, 1.6, 4.6, fur)
    ellipse(context, 20.6, 5, 1.6, 4.6, fur)
    ellipse(context, 20.6, 5.4, 0.7, 3, '#e6a8a0')
  } else if (kind === 'cat') {
    context.fillStyle = fur
    for (const x of [16.4, 20.4]) {
      context.beginPath()
      context.moveTo(x - 1.6, 10)
      context.lineTo(x, 5.4)
      context.lineTo(x + 2.4, 9.4)
      context.fill()
    }
  } else if (kind === 'dog') {
    ellipse(context, 16.2, 12.4, 1.7, 3.8, shade)
  }
}
