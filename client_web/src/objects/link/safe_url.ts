/** An address that may be opened: http or https. Null for anything else. The server checks the same. */
export function safeUrl(text: string): string | null {
  try {
    const url = new URL(text)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
  } catch {
    return null
  }
}

export const hostOf = (url: string): string => new URL(url).host
