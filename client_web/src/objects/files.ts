import { useEffect, useState } from 'react'
import { readProblem, unreachable } from '../net/problem.ts'
import { accessToken } from '../state/auth.ts'

export interface UploadedFile {
  readonly id: string
  readonly name: string
  readonly media_type: string
  readonly size: number
}

/** Sends a picture or a PDF to a room. Throws ApiError. */
export async function uploadFile(roomId: string, file: File): Promise<UploadedFile> {
  const query = new URLSearchParams({ name: file.name })
  const response = await authorized(`/api/rooms/${encodeURIComponent(roomId)}/files?${query}`, {
    method: 'POST',
    body: file,
    headers: { 'Content-Type': 'application/octet-stream' },
  })
  return (await response.json()) as UploadedFile
}

/** The contents of a room's file. Throws ApiError. */
export async function fetchFile(roomId: string, fileId: string, signal?: AbortSignal): Promise<Blob> {
  const path = `/api/rooms/${encodeURIComponent(roomId)}/files/${encodeURIComponent(fileId)}`
  const response = await authorized(path, { signal: signal ?? null })
  return response.blob()
}

async function authorized(path: string, init: RequestInit): Promise<Response> {
  let token = await accessToken(null)
  for (let attempt = 0; ; attempt += 1) {
    let response: Response
    try {
      const headers = { ...(init.headers as Record<string, string> | undefined), ...(token !== null && { Authorization: `Bearer ${token}` }) }
      response = await fetch(path, { ...init, headers, credentials: 'same-origin' })
    } catch (error) {
      if (init.signal?.aborted === true) throw error
      throw unreachable()
    }
    if (response.ok) return response
    if (response.status === 401 && attempt === 0 && token !== null) {
      token = await accessToken(token)
      continue
    }
    throw readProblem(response.status, await response.json().catch(() => null))
  }
}

/** The address of a file's picture for this page, null while it is fetched; `failed`: it cannot be had. */
export function usePicture(roomId: string, fileId: string): { readonly url: string | null; readonly failed: boolean } {
  const [shown, setShown] = useState<{ key: string; url: string | null; failed: boolean }>({ key: '', url: null, failed: false })
  const key = `${roomId} ${fileId}`
  useEffect(() => {
    const abort = new AbortController()
    let url: string | null = null
    fetchFile(roomId, fileId, abort.signal).then(
      (blob) => {
        url = URL.createObjectURL(blob)
        if (abort.signal.aborted) URL.revokeObjectURL(url)
        else setShown({ key, url, failed: false })
      },
      () => abort.signal.aborted || setShown({ key, url: null, failed: true }),
    )
    return () => {
      abort.abort()
      if (url !== null) URL.revokeObjectURL(url)
    }
  }, [roomId, fileId, key])
  return shown.key === key ? shown : { url: null, failed: false }
}
