import type { ReactNode } from 'react'

interface SectionNavProps<Name extends string> {
  label: string
  sections: readonly { name: Name; label: string; icon: ReactNode }[]
  current: Name
  onChoose: (name: Name) => void
}

/** On a phone the row is longer than the page. */
const intoView = (button: HTMLElement | null) => button?.scrollIntoView({ block: 'nearest', inline: 'center' })

/** The sections of a settings page: a column on a desk, a row to swipe on a phone. */
export function SectionNav<Name extends string>({ label, sections, current, onChoose }: SectionNavProps<Name>) {
  return (
    <nav aria-label={label} className="-mx-5 shrink-0 overflow-x-auto px-5 [scrollbar-width:none] sm:mx-0 sm:w-48 sm:overflow-visible sm:px-0">
      <ul className="flex gap-1 sm:flex-col">
        {sections.map((section) => (
          <li key={section.name}>
            <button
              type="button"
              ref={section.name === current ? intoView : undefined}
              aria-current={section.name === current ? 'page' : undefined}
              onClick={() => onChoose(section.name)}
              className="flex w-full items-center gap-2.5 rounded-md px-3 py-2 text-left text-sm font-semibold whitespace-nowrap text-ink-soft transition-colors hover:bg-sunken hover:text-ink aria-[current]:bg-brand-wash aria-[current]:text-brand-ink"
            >
              <span aria-hidden="true">{section.icon}</span>
              {section.label}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
