/** What an avatar looks like: the six bytes of STANDARD.md section 5.7 and the colours they stand for. */

export interface Swatch {
  readonly name: string;
  /** 0xRRGGBB; multiplied with the light grey layer. */
  readonly tint: number;
}

export const SKIN: readonly Swatch[] = [
  { name: "Porcelain", tint: 0xffe3d0 },
  { name: "Light", tint: 0xfcd2b4 },
  { name: "Warm", tint: 0xf0bb92 },
  { name: "Olive", tint: 0xdda478 },
  { name: "Tan", tint: 0xc58659 },
  { name: "Brown", tint: 0xa1663f },
  { name: "Deep", tint: 0x7d4a30 },
  { name: "Dark", tint: 0x5c3626 },
];

/** Value n is the layer `hair-<n>`; 0 has no frames. */
export const HAIR_STYLES: readonly string[] = [
  "None",
  "Short",
  "Side parting",
  "Bob",
  "Long",
  "Bun",
  "Curls",
  "Ponytail",
  "Quiff",
];

export const HAIR_COLOURS: readonly Swatch[] = [
  { name: "Black", tint: 0x3a3338 },
  { name: "Dark brown", tint: 0x5b3f33 },
  { name: "Chestnut", tint: 0x8a5836 },
  { name: "Copper", tint: 0xc5673a },
  { name: "Honey", tint: 0xdca55a },
  { name: "Blond", tint: 0xf3d68c },
  { name: "Silver", tint: 0xd3d7df },
  { name: "Rose", tint: 0xe98fa8 },
  { name: "Teal", tint: 0x4fa8a2 },
  { name: "Violet", tint: 0x8d77cf },
];

export const TOP_COLOURS: readonly Swatch[] = [
  { name: "Coral", tint: 0xf0806a },
  { name: "Sun", tint: 0xf5bf4f },
  { name: "Sage", tint: 0x8fb88a },
  { name: "Forest", tint: 0x4f8a6b },
  { name: "Sky", tint: 0x78b7e3 },
  { name: "Royal", tint: 0x5a7fd6 },
  { name: "Plum", tint: 0x9a6bb5 },
  { name: "Rose", tint: 0xe58fae },
  { name: "Cream", tint: 0xf7ead6 },
  { name: "Slate", tint: 0x6d7a8d },
  { name: "Ink", tint: 0x454c5f },
  { name: "Brick", tint: 0xb5544b },
];

export const BOTTOM_COLOURS: readonly Swatch[] = [
  { name: "Denim", tint: 0x5c78a8 },
  { name: "Navy", tint: 0x434f73 },
  { name: "Charcoal", tint: 0x555963 },
  { name: "Khaki", tint: 0xc2a878 },
  { name: "Chocolate", tint: 0x7b5a49 },
  { name: "Olive", tint: 0x7d8458 },
  { name: "Wine", tint: 0x8c4a58 },
  { name: "Stone", tint: 0xd8d2c6 },
];

/** Value n is the layer `accessory-<n>`; 0 has no frames. */
export const ACCESSORIES: readonly string[] = [
  "None",
  "Glasses",
  "Headphones",
  "Cap",
  "Sunglasses",
  "Beanie",
  "Scarf",
  "Flower",
];

export interface Look {
  readonly skin: number;
  readonly hairStyle: number;
  readonly hairColour: number;
  readonly topColour: number;
  readonly bottomColour: number;
  readonly accessory: number;
}

/** The parts in the order of the six bytes, each with the number of values it knows. */
export const LOOK_PARTS: readonly (readonly [keyof Look, number])[] = [
  ["skin", SKIN.length],
  ["hairStyle", HAIR_STYLES.length],
  ["hairColour", HAIR_COLOURS.length],
  ["topColour", TOP_COLOURS.length],
  ["bottomColour", BOTTOM_COLOURS.length],
  ["accessory", ACCESSORIES.length],
];

/** A value that this client does not know, or that is missing, counts as 0 (section 5.7). */
export function lookFromBytes(bytes: ArrayLike<number>): Look {
  const values = LOOK_PARTS.map(([, count], at) => {
    const value = bytes[at] ?? 0;
    return Number.isInteger(value) && value >= 0 && value < count ? value : 0;
  });
  const [skin = 0, hairStyle = 0, hairColour = 0, topColour = 0, bottomColour = 0, accessory = 0] = values;
  return { skin, hairStyle, hairColour, topColour, bottomColour, accessory };
}

export function lookToBytes(look: Look): Uint8Array {
  return Uint8Array.from(LOOK_PARTS.map(([part]) => look[part]));
}

export interface Tints {
  readonly body: number;
  readonly hair: number;
  readonly top: number;
  readonly bottom: number;
}

const tintOf = (swatches: readonly Swatch[], value: number): number => swatches[value]?.tint ?? 0xffffff;

export function tintsOf(look: Look): Tints {
  return {
    body: tintOf(SKIN, look.skin),
    hair: tintOf(HAIR_COLOURS, look.hairColour),
    top: tintOf(TOP_COLOURS, look.topColour),
    bottom: tintOf(BOTTOM_COLOURS, look.bottomColour),
  };
}

/** Layer names of a look from back to front, each with the tint it is multiplied with (white: as drawn). */
export function layersOf(look: Look): readonly { readonly layer: string; readonly tint: number }[] {
  const tints = tintsOf(look);
  const layers = [
    { layer: "bottom", tint: tints.bottom },
    { layer: "top", tint: tints.top },
    { layer: "body", tint: tints.body },
    { layer: "face", tint: 0xffffff },
  ];
  if (look.hairStyle > 0) layers.push({ layer: `hair-${look.hairStyle}`, tint: tints.hair });
  if (look.accessory > 0) layers.push({ layer: `accessory-${look.accessory}`, tint: 0xffffff });
  return layers;
}

/** A stream of well mixed 32-bit numbers (splitmix32), so that neighbouring seeds give unlike people. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** The same seed always gives the same look. Natural hair and bare heads' share are weighted towards what one meets. */
export function lookFromSeed(seed: number): Look {
  const next = numbersFrom(seed);
  const below = (count: number): number => next() % count;
  const skin = below(SKIN.length);
  const hairStyle = below(20) === 0 ? 0 : 1 + below(HAIR_STYLES.length - 1);
  const natural = skin >= 5 ? 2 : 6;
  const hairColour = below(10) === 0 ? below(HAIR_COLOURS.length) : below(natural);
  const accessory = below(5) < 3 ? 0 : 1 + below(ACCESSORIES.length - 1);
  return { skin, hairStyle, hairColour, topColour: below(TOP_COLOURS.length), bottomColour: below(BOTTOM_COLOURS.length), accessory };
}
