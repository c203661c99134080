import { en } from './en.ts'

/** The names between braces in a message: `'{a} of {b}'` gives `'a' | 'b'`. */
type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never

export type MessageKey = keyof typeof en
type Values<Key extends MessageKey> = Record<Places<(typeof en)[Key]>, string | number>

/** Replaces each `{place}` of a message by its value. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place))
}

/** The message for a key with its places filled; the compiler checks the names of the places. */
export function t<Key extends MessageKey>(
  key: Key,
  ...values: [Places<(typeof en)[Key]>] extends [never] ? [] : [Values<Key>]
): string {
  return fill(en[key], values[0] ?? {})
}

type CountedKey = { [Key in MessageKey]: Key extends `${infer Stem}.other` ? Stem : never }[MessageKey]
const plurals = new Intl.PluralRules('en')

/** A message that exists as `.one` and `.other`, chosen by the count, with `{count}` filled. */
export function counted(stem: CountedKey, count: number): string {
  const exact = `${stem}.${plurals.select(count)}`
  const key = (exact in en ? exact : `${stem}.other`) as MessageKey
  return fill(en[key], { count })
}

/** Whether the catalogue has a message of that name, for keys made from server codes. */
export function hasMessage(key: string): key is MessageKey {
  return key in en
}
