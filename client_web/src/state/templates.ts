import { create } from 'zustand'
import type { Template } from '../net/api.ts'
import { api } from './auth.ts'

interface TemplatesState {
  /** null until the first answer. */
  templates: Template[] | null
  error: unknown
}

/** The floor plans of this server; they do not change while it runs. */
export const useTemplates = create<TemplatesState>(() => ({ templates: null, error: null }))

/** Fetches the floor plans unless they are here already. */
export async function loadTemplates(): Promise<void> {
  if (useTemplates.getState().templates !== null) return
  useTemplates.setState({ error: null })
  try {
    useTemplates.setState({ templates: await api.templates() })
  } catch (error) {
    useTemplates.setState({ error })
  }
}
