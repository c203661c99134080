/** Our own small set of emoji: what the picker shows, and the short names that become one while writing. */

export interface EmojiGroup {
  readonly id: 'faces' | 'hands' | 'work' | 'life' | 'signs'
  /** [emoji, short name, more words to find it by] */
  readonly emoji: readonly (readonly [emoji: string, name: string, words?: string])[]
}

export const EMOJI: readonly EmojiGroup[] = [
  {
    id: 'faces',
    emoji: [
      ['😀', 'grin', 'happy'],
      ['😄', 'smile', 'happy'],
      ['😂', 'joy', 'laugh tears'],
      ['🙂', 'slight_smile'],
      ['😉', 'wink'],
      ['😊', 'blush', 'pleased'],
      ['😍', 'heart_eyes', 'love'],
      ['😎', 'cool', 'sunglasses'],
      ['🤔', 'thinking', 'hmm'],
      ['🤨', 'raised_eyebrow', 'really'],
      ['😐', 'neutral'],
      ['🙄', 'eye_roll'],
      ['😮', 'wow', 'surprised open mouth'],
      ['😴', 'sleeping', 'tired'],
      ['😅', 'sweat_smile', 'phew'],
      ['😢', 'cry', 'sad tear'],
      ['😭', 'sob', 'sad'],
      ['😡', 'angry', 'mad'],
      ['🤯', 'mind_blown'],
      ['🥳', 'party', 'celebrate'],
      ['🤗', 'hug'],
      ['🫠', 'melting'],
      ['🤒', 'sick', 'ill'],
      ['🤖', 'robot', 'bot'],
    ],
  },
  {
    id: 'hands',
    emoji: [
      ['👋', 'wave', 'hello bye'],
      ['👍', 'thumbsup', 'yes ok +1'],
      ['👎', 'thumbsdown', 'no -1'],
      ['👏', 'clap', 'applause'],
      ['🙌', 'raised_hands', 'hooray'],
      ['🙏', 'pray', 'thanks please'],
      ['💪', 'muscle', 'strong'],
      ['🤝', 'handshake', 'deal'],
      ['✌️', 'victory', 'peace'],
      ['🤞', 'fingers_crossed', 'luck'],
      ['👌', 'ok_hand', 'perfect'],
      ['👀', 'eyes', 'look'],
      ['🫡', 'salute'],
      ['🤷', 'shrug'],
      ['✋', 'hand', 'stop'],
      ['☝️', 'point_up'],
    ],
  },
  {
    id: 'work',
    emoji: [
      ['💻', 'laptop', 'computer'],
      ['📅', 'calendar', 'date'],
      ['📝', 'memo', 'note'],
      ['📎', 'paperclip'],
      ['📌', 'pin'],
      ['📈', 'chart', 'up'],
      ['📉', 'chart_down'],
      ['🔍', 'search', 'find'],
      ['🔧', 'wrench', 'fix tool'],
      ['🐛', 'bug'],
      ['🚀', 'rocket', 'ship launch'],
      ['🔥', 'fire', 'hot'],
      ['💡', 'bulb', 'idea'],
      ['🎯', 'target', 'goal'],
      ['⏰', 'alarm', 'clock time'],
      ['⏳', 'hourglass', 'wait'],
      ['📣', 'megaphone', 'announce'],
      ['🎧', 'headphones', 'music'],
      ['🎤', 'microphone', 'speak'],
      ['🔒', 'lock'],
    ],
  },
  {
    id: 'life',
    emoji: [
      ['☕', 'coffee', 'break'],
      ['🍵', 'tea'],
      ['🍕', 'pizza', 'lunch'],
      ['🥗', 'salad', 'lunch'],
      ['🍪', 'cookie'],
      ['🎂', 'cake', 'birthday'],
      ['🍻', 'beers', 'cheers'],
      ['🎉', 'tada', 'party celebrate'],
      ['🎈', 'balloon'],
      ['🎁', 'gift', 'present'],
      ['🌞', 'sun', 'weather'],
      ['🌧️', 'rain', 'weather'],
      ['🌈', 'rainbow'],
      ['🌱', 'seedling', 'plant'],
      ['🐈', 'cat'],
      ['🐕', 'dog'],
      ['🦆', 'duck', 'rubber'],
      ['🏠', 'house', 'home'],
      ['🚲', 'bike', 'ride'],
      ['✈️', 'plane', 'travel'],
    ],
  },
  {
    id: 'signs',
    emoji: [
      ['❤️', 'heart', 'love'],
      ['💔', 'broken_heart'],
      ['💯', 'hundred', 'perfect'],
      ['✅', 'check', 'done yes'],
      ['❌', 'cross', 'no'],
      ['⚠️', 'warning'],
      ['❓', 'question'],
      ['❗', 'exclamation'],
      ['➕', 'plus'],
      ['➡️', 'arrow_right', 'next'],
      ['⬆️', 'arrow_up'],
      ['⬇️', 'arrow_down'],
      ['♻️', 'recycle'],
      ['⭐', 'star', 'favourite'],
      ['✨', 'sparkles', 'new'],
      ['🟢', 'green'],
    ],
  },
]

const BY_NAME = new Map(EMOJI.flatMap(({ emoji }) => emoji.map(([letter, name]) => [name, letter] as const)))

/** Reactions in the order of STANDARD.md section 9.5. */
export const REACTIONS = ['👋', '❤️', '👍', '👎', '👏', '😂', '🎉', '😮', '🤔', '😢', '🔥', '☕'] as const

/** `:tada:` becomes 🎉; what names no emoji, or stands in code, stays. */
export function withEmoji(text: string): string {
  return text
    .split(/(```[\s\S]*?(?:```|$)|`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/(?<![\w:/]):([a-z_]{2,20}):(?![\w/])/g, (whole, name: string) => BY_NAME.get(name) ?? whole)))
    .join('')
}

/** The emoji of all groups that a search finds; an empty one finds none. */
export function findEmoji(query: string): string[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return []
  return EMOJI.flatMap(({ emoji }) => emoji.filter(([, name, words = '']) => `${name.replaceAll('_', ' ')} ${words}`.split(' ').some((word) => word.startsWith(wanted))).map(([letter]) => letter))
}

/** Whether a text is nothing but up to three emoji: shown large. */
export function isOnlyEmoji(text: string): boolean {
  return text.length <= 36 && /^(?:\s*(?:\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)*)\s*){1,3}$/u.test(text)
}
