import { messageNamed, t } from '../i18n/translate.ts'

/** One field of a problem document (RFC 9457 with Hallway's `code` and `errors`). */
interface ProblemField {
  field: string
  reason: string
}

/** A request the server refused, or that never reached it (`status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly status: number,
    /** Stable name of what went wrong; `network` when there was no answer. */
    readonly code: string,
    /** For people: what happened and what to do. */
    message: string,
    /** What is wrong with single fields, by the field's name, in plain words. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}

/** The error for a request that got no answer at all. */
export function unreachable(): ApiError {
  return new ApiError(0, 'network', t('problem.network'))
}

/** The server's reasons finish the sentence "This field ...": "is missing", "must have at least 8 characters". */
function reasonSentence(reason: string): string {
  return sentence(reason.replace(/^(?=(?:is|has)\b)/, 'this '))
}

/** Starts with a capital and ends with a full stop, as the catalogue's sentences do. */
function sentence(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') return ''
  const capital = trimmed[0]!.toUpperCase() + trimmed.slice(1)
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isField(value: unknown): value is ProblemField {
  if (typeof value !== 'object' || value === null) return false
  const { field, reason } = value as Partial<ProblemField>
  return typeof field === 'string' && typeof reason === 'string'
}

/**
 * Reads a problem document. The catalogue's words win over the server's, because the client knows the
 * language; an unknown code falls back to the server's detail, and an unreadable body to the status.
 */
export function readProblem(status: number, body: unknown): ApiError {
  const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const code = textOf(problem.code) || `http_${status}`
  const fields: Record<string, string> = {}
  if (Array.isArray(problem.errors)) {
    // The first complaint about a field is enough to act on.
    for (const entry of problem.errors) if (isField(entry)) fields[entry.field] ??= reasonSentence(entry.reason)
  }
  const fallback = status >= 500 ? t('problem.server') : t('problem.refused')
  const message = messageNamed(`problem.${code}`) ?? (sentence(textOf(problem.detail) || textOf(problem.title)) || fallback)
  return new ApiError(status, code, message, fields)
}

/** Whatever was thrown, as words to show. */
export function wordsFor(error: unknown): string {
  return error instanceof ApiError ? error.message : t('problem.unexpected')
}

/**
 * Splits an error between the fields a form shows and the line above its button, so that nothing the
 * server said is lost and nothing is said twice.
 */
export function placeProblem(error: unknown, shown: readonly string[]): { fields: Record<string, string>; form: string | null } {
  if (!(error instanceof ApiError)) return { fields: {}, form: wordsFor(error) }
  const fields: Record<string, string> = {}
  const homeless: string[] = []
  for (const [field, reason] of Object.entries(error.fields)) {
    if (shown.includes(field)) fields[field] = reason
    else homeless.push(reason)
  }
  const form = Object.keys(fields).length > 0 && homeless.length === 0 ? null : [error.message, ...homeless].join(' ')
  return { fields, form }
}
