import { readProblem, unreachable } from './problem.ts'

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  signal?: AbortSignal | undefined
}

/** One request. Throws ApiError for every answer that is no success, also for none. */
export async function send(path: string, call: Call, token: string | null): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (token !== null) headers.Authorization = `Bearer ${token}`
  if (call.body !== undefined) headers['Content-Type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(`/api/${path}`, {
      method: call.method ?? 'GET',
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: call.signal ?? null,
      credentials: 'same-origin',
    })
  } catch (error) {
    if (call.signal?.aborted === true) throw error
    throw unreachable()
  }
  const text = await response.text().catch(() => '')
  let body: unknown = null
  try {
    body = text === '' ? null : JSON.parse(text)
  } catch {
    // A proxy's error page: the status has to speak for itself.
  }
  if (!response.ok) throw readProblem(response.status, body)
  return body
}
