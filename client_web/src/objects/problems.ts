/** Problems with fields of a configuration, by the names that the fields have there: the server says `config.text`. */
export function unprefixed(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([field, reason]) => [field.replace(/^config\./, ''), reason]))
}
