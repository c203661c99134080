import { Check } from 'lucide-react'
import { useId } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Template } from '../../net/api.ts'
import { TemplatePicture } from './TemplatePicture.tsx'

interface TemplateChoiceProps {
  /** null: still on their way. */
  templates: readonly Template[] | null
  chosen: string | null
  onChoose: (id: string) => void
}

/** The floor plans as pictures, one of them chosen. */
export function TemplateChoice({ templates, chosen, onChoose }: TemplateChoiceProps) {
  const group = useId()
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">{t('create.template')}</legend>
      <div className="grid gap-3 sm:grid-cols-3">
        {templates === null && [0, 1, 2].map((at) => <div key={at} className="h-44 animate-pulse-soft rounded-lg bg-sunken" />)}
        {templates?.map((template) => (
          <label
            key={template.id}
            className="group relative flex cursor-pointer flex-row overflow-hidden rounded-lg border-2 border-line bg-raised transition-colors hover:border-line-strong has-checked:border-brand has-focus-visible:outline-[2.5px] has-focus-visible:outline-offset-2 has-focus-visible:outline-focus sm:flex-col"
          >
            <input type="radio" name={group} className="peer sr-only" checked={template.id === chosen} onChange={() => onChoose(template.id)} />
            <TemplatePicture template={template.id} map={template.map} label={t('create.preview', { name: template.name })} className="h-24 w-32 shrink-0 bg-sunken sm:h-28 sm:w-full" />
            <span className="block p-3">
              <span className="block font-display font-semibold">{template.name}</span>
              <span className="mt-0.5 line-clamp-2 block text-xs text-ink-faint">{template.description}</span>
            </span>
            <span className="absolute top-2 right-2 hidden size-6 place-items-center rounded-full bg-brand text-on-brand peer-checked:grid">
              <Check size={15} strokeWidth={3} aria-hidden="true" />
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
