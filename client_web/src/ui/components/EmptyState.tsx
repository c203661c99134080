import type { ReactNode } from 'react'
import { DoorScene, type DoorSceneKind } from './DoorScene.tsx'

interface EmptyStateProps {
  title: string
  body: string
  scene: DoorSceneKind
  children?: ReactNode
}

/** What stands where content would be: a small picture, what is the matter, and what to do about it. */
export function EmptyState({ title, body, scene, children }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-md animate-rise flex-col items-center text-center">
      <DoorScene kind={scene} />
      <h2 className="mt-6 text-2xl">{title}</h2>
      <p className="mt-2 text-pretty text-ink-soft">{body}</p>
      {children !== undefined && <div className="mt-6 flex flex-wrap justify-center gap-2.5">{children}</div>}
    </div>
  )
}
