import type { ReactNode } from 'react'
import { DoorScene, type DoorSceneKind } from './DoorScene.tsx'

interface EmptyStateProps {
  title: string
  body: string
  scene: DoorSceneKind
  /** 1: it is all that the page says. */
  level?: 1 | 2
  children?: ReactNode
}

/** What stands where content would be: a small picture, what is the matter, and what to do about it. */
export function EmptyState({ title, body, scene, level = 2, children }: EmptyStateProps) {
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <div className="mx-auto flex max-w-md animate-rise flex-col items-center text-center">
      <DoorScene kind={scene} />
      <Heading className="mt-6 text-2xl">{title}</Heading>
      <p className="mt-2 text-pretty text-ink-soft">{body}</p>
      {children !== undefined && <div className="mt-6 flex flex-wrap justify-center gap-2.5">{children}</div>}
    </div>
  )
}
