import { RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import { wordsFor } from '../../net/problem.ts'
import { Button } from './Button.tsx'
import { Notice } from './Notice.tsx'
import type { Loaded } from './useLoad.ts'

interface LoadedListProps<Item> {
  label: string
  loaded: Pick<Loaded<readonly Item[]>, 'value' | 'error' | 'reload'>
  /** Shown when there is nothing. */
  empty: string
  children: (item: Item) => ReactNode
}

/** A list in each of its states: on its way, failed, empty, and there. The children are list items with keys. */
export function LoadedList<Item>({ label, loaded, empty, children }: LoadedListProps<Item>) {
  const { value, error, reload } = loaded
  return (
    <div className="space-y-3">
      {error !== null && (
        <Notice kind="problem">
          <p>{wordsFor(error)}</p>
          <Button className="mt-2 !h-9" icon={<RotateCw size={15} aria-hidden="true" />} onClick={() => void reload()}>
            {t('app.retry')}
          </Button>
        </Notice>
      )}
      {value === null && error === null && (
        <div aria-busy="true" role="status" aria-label={t('list.loading')} className="space-y-2">
          {[0, 1, 2].map((row) => (
            <div key={row} className="h-14 animate-pulse-soft rounded-lg bg-sunken" />
          ))}
        </div>
      )}
      {value?.length === 0 && <p className="rounded-lg border border-dashed border-line px-4 py-6 text-center text-sm text-pretty text-ink-faint">{empty}</p>}
      {value !== null && value.length > 0 && (
        <ul aria-label={label} className="divide-y divide-line rounded-lg border border-line bg-surface">
          {value.map(children)}
        </ul>
      )}
    </div>
  )
}
