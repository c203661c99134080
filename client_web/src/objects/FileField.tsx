import { ImageUp } from 'lucide-react'
import { useId, useState } from 'react'
import { t } from '../i18n/translate.ts'
import { wordsFor } from '../net/problem.ts'
import { Spinner } from '../ui/components/Spinner.tsx'
import { type UploadedFile, uploadFile } from './files.ts'

interface FileFieldProps {
  label: string
  /** Media types, as `accept` has them. */
  accept: string
  roomId: string
  problem?: string | undefined
  onUploaded: (file: UploadedFile) => void
}

/** Chooses a file, by click, key or drop, and sends it to the room. */
export function FileField({ label, accept, roomId, problem, onUploaded }: FileFieldProps) {
  const id = useId()
  const [state, setState] = useState<{ busy: boolean; done: string | null; problem: string | null }>({ busy: false, done: null, problem: null })

  async function send(file: File | undefined) {
    if (file === undefined) return
    setState({ busy: true, done: null, problem: null })
    try {
      const uploaded = await uploadFile(roomId, file)
      setState({ busy: false, done: file.name, problem: null })
      onUploaded(uploaded)
    } catch (error) {
      setState({ busy: false, done: null, problem: wordsFor(error) })
    }
  }

  const wrong = state.problem ?? problem
  return (
    <div>
      {/* The drop is one more way; the field inside takes clicks and keys. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <label
        htmlFor={id}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void send(event.dataTransfer.files[0])
        }}
        className={`flex min-h-16 cursor-pointer items-center gap-3 rounded-lg border-2 border-dashed bg-raised px-4 py-3 transition-colors has-focus-visible:outline-[2.5px] has-focus-visible:outline-focus ${wrong === undefined ? 'border-line hover:border-line-strong' : 'border-danger'}`}
      >
        {state.busy ? <Spinner /> : <ImageUp size={22} className="text-brand-ink" aria-hidden="true" />}
        <span className="min-w-0 flex-1">
          <span className="block text-sm font-semibold">{state.busy ? t('objects.upload.busy') : label}</span>
          {state.done !== null && (
            <span role="status" className="block truncate text-sm text-ink-soft">
              {t('objects.upload.done', { name: state.done })}
            </span>
          )}
        </span>
        <input
          id={id}
          type="file"
          accept={accept}
          className="sr-only"
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : `${id}-note`}
          onChange={(event) => void send(event.target.files?.[0])}
        />
      </label>
      {wrong !== undefined && (
        <p id={`${id}-note`} role="alert" className="mt-1.5 text-sm font-medium text-danger-ink">
          {wrong}
        </p>
      )}
    </div>
  )
}
