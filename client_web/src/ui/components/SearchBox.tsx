import { Search, X } from 'lucide-react'
import { t } from '../../i18n/translate.ts'

interface SearchBoxProps {
  label: string
  value: string
  onChange: (value: string) => void
  className?: string
}

export function SearchBox({ label, value, onChange, className = '' }: SearchBoxProps) {
  return (
    <div className={`relative ${className}`}>
      <Search size={17} className="pointer-events-none absolute top-1/2 left-3.5 -translate-y-1/2 text-ink-faint" aria-hidden="true" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-11 w-full rounded-md border border-line bg-surface pr-10 pl-10 text-sm shadow-near transition-colors hover:border-line-strong focus-visible:outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      {value !== '' && (
        <button
          type="button"
          aria-label={t('rooms.nothing.clear')}
          onClick={() => onChange('')}
          className="absolute top-1/2 right-1.5 grid size-8 -translate-y-1/2 place-items-center rounded-sm text-ink-faint hover:text-ink"
        >
          <X size={16} aria-hidden="true" />
        </button>
      )}
    </div>
  )
}
