import { en } from './en.ts'

/** The names between braces in a message: `'{a} of {b}'` gives `'a' | 'b'`. */
type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never

export type MessageKey = keyof typeof en
type Values<Key extends MessageKey> = Record<Places<(typeof en)[Key]>, string | number>

/** Replaces each `{place}` of a message by its value. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place))
}

/** The keys of messages without places, for tables that name a message. */
export type PlainKey = { [Key in MessageKey]: [Places<(typeof en)[Key]>] extends [never] ? Key : never }[MessageKey]

/** The message for a key with its places filled; the compiler checks the names of the places. */
export function t(key: PlainKey): string
export function t<Key extends Exclude<MessageKey, PlainKey>>(key: Key, values: Values<Key>): string
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  return fill(en[key], values)
}

type CountedKey = { [Key in MessageKey]: Key extends `${infer Stem}.other` ? Stem : never }[MessageKey]
const plurals = new Intl.PluralRules('en')

/** A message that exists as `.one` and `.other`, chosen by the count, with `{count}` filled. */
export function counted(stem: CountedKey, count: number): string {
  const exact = `${stem}.${plurals.select(count)}`
  const key = (exact in en ? exact : `${stem}.other`) as MessageKey
  return fill(en[key], { count })
}

/** The message of a name made from a server's code; null: the catalogue has none. */
export function messageNamed(name: string): string | null {
  return name in en ? en[name as MessageKey] : null
}
